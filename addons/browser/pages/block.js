/** The block page: why the address is closed, who says so, and a way to ask. It works without the gateway. */
import { ask } from "../background/messages.js";
import { drawingOf, signOf } from "../content/sign.js";
import { make } from "../setup/markup.js";
import { LANGUAGES } from "../setup/words.js";
import { WORDS } from "../words.js";
import { orderOf } from "./languages.js";
import { categoryOf, noticeOf, shown, voiceOf } from "./notice.js";

const url = location.hash.slice(1);
const isFrame = window.top !== window; // a site may show us in a frame, so nothing can be pressed there

await show();

async function show() {
  let told;
  try {
    told = await ask({ kind: "blocked", url });
  } catch (fault) {
    told = withoutAnswer(fault);
  }
  if (told.open) {
    location.replace(url);
    return;
  }
  const order = orderOf(told.language);
  const { verdict, host } = told;
  const notices = order.map((language) => noticeOf(verdict, { language, words: wordsOf(told, language), host }));
  const root = document.documentElement;
  root.lang = order[0];
  root.className = `${voiceOf(verdict)}${isFrame ? " frame" : ""}`;
  document.title = notices[0].title;
  const [first, ...others] = notices.map((notice, at) => section(notice, at === 0, told));
  document.body.replaceChildren(
    isFrame ? make("main", {}, ...small(notices, verdict)) : make("main", {}, first, make("div", { class: "others" }, ...others)),
    foot(order[0], told),
  );
}

/** The background does not answer: then nothing is open, and that is said. */
function withoutAnswer(fault) {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  const verdict = { action: "block", reason: "fault", layer: "system", category: null, min_age: null, grounds: [], evidence: [], revision: "" };
  return { verdict: { ...verdict, detail: String(fault) }, host, words: null, language: null, alone: true, paired: false };
}

function wordsOf({ words }, language) {
  return { ...WORDS[language], ...(words?.[language] ?? {}) };
}

function section(notice, leads, told) {
  const { verdict } = told;
  const id = `title-${notice.language}`;
  const sign = signOf(document, { mark: categoryOf(verdict), drawing: drawingOf(verdict.reason), name: notice.sign, size: 104 });
  const heading = leads
    ? make("div", { class: "head" }, sign, make("div", {}, make("p", { class: "layer" }, notice.layer), make("h1", { id }, notice.title)))
    : [make("p", { class: "layer" }, `${LANGUAGES[notice.language]} · ${notice.layer}`), make("h2", { id }, notice.title)];
  return make("section", { lang: notice.language, "aria-labelledby": id },
    ...[heading].flat(),
    make("p", { class: "child" }, notice.child),
    !notice.opens ? null : make("p", { class: "opens" }, `${notice.opens.name}: `, make("time", { datetime: verdict.until }, notice.opens.value)),
    !notice.ask ? null : asking(notice, leads, told),
    make("details", leads ? { open: "" } : {},
      make("summary", {}, notice.summary),
      make("p", {}, notice.adult),
      list(notice.facts.filter(({ once }) => leads || !once)),
      !(leads && told.alone && told.paired) ? null : make("p", { class: "review" }, WORDS[notice.language].decided_alone),
      !notice.review ? null : make("p", { class: "review" }, notice.review)));
}

function asking(notice, leads, told) {
  const kind = { class: `ask${told.verdict.action === "ask" ? " first" : ""}` };
  if (!told.paired || !leads) return make("div", kind, make("p", {}, notice.ask));
  const said = WORDS[notice.language];
  const reason = make("textarea", { rows: "2", maxlength: "200", "aria-label": said.ask_reason, placeholder: said.ask_reason });
  const button = make("button", { class: "button", type: "submit" }, notice.askLink);
  const answer = make("p", { class: "answer", role: "status" });
  const form = make("form", {}, reason, button, answer);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const { sent } = await ask({ kind: "ask", host: told.host, reason: reason.value.trim() });
      answer.textContent = sent ? said.ask_sent : said.ask_kept;
    } catch (fault) {
      answer.textContent = fault.code === "full" ? said.fault_full : said.fault_fault;
      button.disabled = false;
    }
  });
  return make("div", kind, form);
}

function small(notices, verdict) {
  const [first, ...others] = notices;
  const sign = signOf(document, { mark: categoryOf(verdict), drawing: drawingOf(verdict.reason), name: first.sign, size: 56 });
  const titles = others.map((notice) => make("p", { lang: notice.language }, notice.title));
  return [
    make("div", { class: "head" }, sign, make("div", {}, make("h1", {}, first.title), ...titles)),
    make("p", {}, first.child),
  ];
}

function list(facts) {
  const lines = facts.map(({ name, value, literal }) =>
    make("div", {}, make("dt", {}, name), make("dd", {}, literal ? make("code", { dir: "auto" }, value) : value)));
  return lines.length === 0 ? null : make("dl", {}, ...lines);
}

function foot(language, told) {
  const words = wordsOf(told, language);
  const { reason, revision } = told.verdict;
  const code = [`${words["fact.reason"] ?? ""}: `, make("code", {}, reason)];
  const policy = revision ? [` · ${words["fact.revision"] ?? ""}: `, make("code", {}, shown(revision))] : [];
  return make("footer", { lang: language }, make("p", {}, ...code, ...policy));
}
