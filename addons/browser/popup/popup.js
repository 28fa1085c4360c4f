/** The popup: what the page in front says of its age, what was decided, why, and asking for it. */
import { api, hostOf, pageFor } from "../background/browser.js";
import { ask } from "../background/messages.js";
import { offerLanguages } from "../setup/languages.js";
import { readManaged } from "../setup/managed.js";
import { foreign, make, rows } from "../setup/markup.js";
import { readPairingLink } from "../setup/pairing_link.js";
import { chooseWords } from "../setup/words.js";
import { cited } from "./articles.js";
import { placeText } from "./places.js";

const MOST_LABELS = 20;
/** Troubles of the filter itself: a guardian's permission would not help. */
const TROUBLES = Object.freeze(["no-profile", "bad-request", "fault"]);

/** @param {string} id */
const at = (id) => document.getElementById(id);

let status = null;
let managed = {};
let page = null; // PageTold, or what the block page knows
let address = "";
let isChecked = false; // the check page stands for it
let words = null;
let told = null; // the name of a text about the question

async function begin() {
  managed = await readManaged();
  at("ask").addEventListener("submit", askFor);
  at("options").addEventListener("click", openOptions);
  await look();
  api.storage.onChanged.addListener(look); // the page was read, or another policy holds
}

async function look() {
  const [tab] = await api.tabs.query({ active: true, currentWindow: true });
  isChecked = heldAddress("check", tab?.url ?? "") !== null;
  address = heldAddress("check", tab?.url ?? "") ?? heldAddress("block", tab?.url ?? "") ?? tab?.url ?? "";
  status = await ask({ kind: "status" }).catch(() => null);
  page = tab === undefined || status === null ? null : await pageOf(tab).catch(() => null);
  write();
}

/** What the background knows of the tab; of one that shows the block page, of the page that is closed. */
async function pageOf(tab) {
  const closed = heldAddress("block", tab.url ?? "");
  if (closed === null) return ask({ kind: "page", tab: tab.id });
  const found = await ask({ kind: "blocked", url: closed });
  return found.open ? null : { status: null, labels: found.verdict.evidence ?? [], masked: 0, ...found };
}

/** The address for which our check or block page stands. */
function heldAddress(kind, url) {
  const start = pageFor(kind, "");
  return url.startsWith(start) ? url.slice(start.length) : null;
}

function write() {
  words = chooseWords(status?.language, managed.language);
  words.write(document);
  document.title = words.say("popup_title");
  offerLanguages(at("languages"), words.language, write);
  const host = hostOf(address);
  at("host").replaceChildren(host === null ? words.say("popup_title") : foreign(host, 80));
  writeVerdict();
  writeLabels();
  writeFacts();
  at("ask").hidden = !mayAsk() || told === "ask_sent" || told === "ask_kept";
  at("ask-told").textContent = told === null ? "" : words.say(told);
}

function writeVerdict() {
  const verdict = page?.verdict ?? null;
  at("verdict").hidden = verdict === null;
  at("why").textContent = verdict === null ? withoutVerdict() : words.say(isMasked() ? "mask_why" : `${verdict.reason}.child`);
  const masked = page?.masked ?? 0;
  at("masked").hidden = masked === 0;
  at("masked").textContent = masked === 0 ? "" : words.count("masked", masked);
  if (verdict === null) return;
  at("verdict").className = `${verdict.action} ${verdict.layer}`;
  at("action").textContent = words.say(`action_${verdict.action}`);
  at("layer").textContent = words.say(`layer.${verdict.reason === "estimate" ? "estimate" : verdict.layer}`);
  const category = verdict.reason === "estimate" ? null : verdict.category;
  at("sign").hidden = category === null || category === undefined;
  if (category) {
    at("sign").setAttribute("aria-label", words.say("sign", { category }));
    at("sign").replaceChildren(make("span", {}, category));
  }
}

const isMasked = () => page?.verdict?.action === "mask";

function withoutVerdict() {
  if (status === null) return words.say("state_fault_why");
  if (isChecked) return words.say("popup_checking");
  if (readPairingLink(address) !== null) return words.say("popup_pairing");
  if (!status.paired) return words.say(status.guarded ? "gap_removed" : "state_off");
  return words.say("popup_nothing");
}

function writeLabels() {
  at("labels-section").hidden = page === null;
  if (page === null) return;
  const { labels } = page;
  const items = labels.slice(0, MOST_LABELS).map(labelAsItem);
  if (labels.length > MOST_LABELS) items.push(make("li", {}, words.count("more-labels", labels.length - MOST_LABELS)));
  if (labels.length === 0) items.push(make("li", { class: "quiet" }, words.say(withoutLabels(page.status))));
  at("labels").replaceChildren(...items);
}

function withoutLabels(read) {
  return { unreadable: "labels_unreadable", unlabelled: "labels_none", rated: "labels_none" }[read] ?? "labels_unread";
}

function labelAsItem({ mark, min_age, scope, carrier, raw, place }) {
  const carrierText = `carrier_${carrier.replaceAll("-", "_")}`;
  const carried = words.has(carrierText) ? words.say(carrierText) : carrier;
  const summary = `${words.count("age", min_age)}, ${words.say(`scope.${scope}`)}`;
  const facts = [
    [words.say("fact.raw"), foreign(raw)],
    [words.say("fact.place"), `${words.say(placeText(place))} (${carried})`],
    ["", foreign(place, 300)],
  ];
  return make("li", {}, make("details", {},
    make("summary", {}, make("span", { class: "mark", dir: "auto" }, mark), ` — ${summary}`),
    make("dl", {}, ...rows(facts)),
  ));
}

function writeFacts() {
  const verdict = page?.verdict ?? null;
  at("facts").hidden = at("decided").hidden = verdict === null;
  if (verdict === null) return;
  const spoken = verdict.grounds.filter((ground) => ground.overruled_by === undefined || ground.overruled_by === null);
  const laws = spoken.filter((ground) => ground.cites.length > 0 && !ground.draft);
  const house = verdict.layer === "system" ? [] : spoken.filter((ground) => ground.cites.length === 0 || ground.draft);
  const articles = laws.flatMap((ground) => ground.cites).map((cite) => cited(cite, words));
  const decided = verdict.expired ? "decided_strict" : page.alone ? "decided_alone" : "decided_together";
  at("decided").textContent = words.say(decided);
  at("facts").replaceChildren(...rows([
    [words.say(verdict.reason === "estimate" ? "fact.compared" : "fact.law"), [...new Set(articles)].join("; ")],
    [words.say("fact.house"), house.length === 0 ? null : foreign([...new Set(house.map(({ rule }) => rule))].join(", "))],
    [words.say("fact.until"), opens(verdict)],
  ]));
}

/** When a time block ends; the end of anything else is not the person's concern. */
function opens({ until, reason }) {
  return until && ["schedule", "quota"].includes(reason) ? words.moment(until) : null;
}

function mayAsk() {
  const verdict = page?.verdict ?? null;
  return verdict !== null && verdict.action !== "allow" && !TROUBLES.includes(verdict.reason) && hostOf(address) !== null && status?.paired;
}

async function askFor(event) {
  event.preventDefault();
  const button = at("ask").querySelector("button");
  button.disabled = true;
  try {
    const { sent } = await ask({ kind: "ask", host: hostOf(address), reason: at("reason").value.trim() });
    told = sent ? "ask_sent" : "ask_kept";
  } catch (fault) {
    const text = `fault_${fault.code ?? "fault"}`;
    told = words.has(text) ? text : "fault_fault";
  } finally {
    button.disabled = false;
  }
  write();
}

async function openOptions() {
  await api.runtime.openOptionsPage();
  window.close();
}

begin();
