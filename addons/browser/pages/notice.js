/**
 * Everything that one language section of a block page says: gateway/enforce/notice.py in JavaScript, out of a bundle's
 * words. Plain text: whoever shows it sets it as text.
 *
 * @typedef {{name: string, value: string, literal?: boolean, once?: boolean}} Fact
 */
const LONGEST = { raw: 200, place: 120, law: 140, value: 64, mark: 30, host: 253 }; // characters
const TROUBLES = new Set(["fault", "bad-request", "no-profile"]);
const NUMBER = "[0-9]{1,3}(?:-[0-9]{1,2})?";
const CITE = new RegExp(
  "^Law (?<law>[0-9]{1,4}-[IVXL]{1,7}) (?:Arts\\. (?<articles>[0-9]{1,3}-[0-9]{1,3})" +
    `|Art\\. (?<article>${NUMBER})(?:\\((?<paragraph>${NUMBER})\\)(?:\\((?<point>${NUMBER})\\))?)?)$`,
);
// Controls, format characters (bidirectional overrides too) and lone halves have no glyph of their own.
const WITHOUT_GLYPH = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** In one line, cut where it is longer than a person reads. @param {string} text */
export function shown(text, longest = LONGEST.value) {
  const line = text.slice(0, longest * 8).split(/\s+/u).filter(Boolean).join(" ").replaceAll(WITHOUT_GLYPH, "\ufffd");
  const letters = [...line];
  return letters.length <= longest ? line : `${letters.slice(0, longest - 1).join("")}…`;
}

/** Who speaks: "law", "local", "system", or "estimate": a guess is never presented as law. */
export function voiceOf({ reason, layer }) {
  return reason === "estimate" ? "estimate" : layer;
}

/** The category whose sign may stand for the verdict. */
export function categoryOf({ reason, category }) {
  return reason === "estimate" ? null : category;
}

/**
 * @param {import("../decision/verdict.js").Verdict} verdict
 * @param {{language: string, words: Record<string, any>, host: string}} how
 */
export function noticeOf(verdict, { language, words, host }) {
  const said = sayer(language, words);
  const { reason } = verdict;
  const isTrouble = TROUBLES.has(reason);
  const category = categoryOf(verdict);
  const ends = verdict.until && (reason === "schedule" || reason === "quota");
  return {
    language,
    title: said.say(`${reason}.title`),
    child: said.say(`${reason}.child`),
    adult: said.say(`${reason}.adult`),
    layer: said.say(`layer.${voiceOf(verdict)}`),
    opens: ends ? { name: said.say("fact.until"), value: momentText(verdict.until, language) } : null,
    facts: [...facts(verdict, said, host)],
    review: isTrouble ? null : said.say("review"),
    ask: isTrouble ? null : said.say("ask.whom"),
    askLink: said.say("ask.link"),
    summary: said.say("summary"),
    sign: category ? said.say("sign", { category }) : null,
  };
}

/** The words of a language with the values put in; what a bundle does not say is left out. */
export function sayer(language, words) {
  const plural = new Intl.PluralRules(language);
  const fill = (text, values) => (text ?? "").replaceAll(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  return {
    say: (key, values = {}) => fill(words[key], values),
    count: (key, count) => fill(words[key]?.[plural.select(count)] ?? words[key]?.other ?? words[key]?.many, { count: String(count) }),
  };
}

function momentText(moment, language) {
  const options = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  // In the zone that the moment itself carries, which is the policy's.
  const zone = /([+-]\d\d:\d\d)$/.exec(moment)?.[1] ?? "UTC";
  return new Intl.DateTimeFormat(language, { ...options, timeZone: zone }).format(new Date(moment));
}

/** @returns {Generator<Fact>} */
function* facts(verdict, said, host) {
  if (host) yield { name: said.say("fact.host"), value: shown(host, LONGEST.host), literal: true };
  yield* ages(verdict, said);
  if (verdict.evidence.length > 0) yield* label(verdict.evidence, said);
  yield* grounds(verdict, said);
}

function* ages({ reason, category, min_age: minAge }, said) {
  const age = minAge === null ? null : said.count("age", minAge);
  if (reason === "estimate") {
    if (age) yield { name: said.say("fact.estimate"), value: `≈ ${age}` };
  } else if (category) {
    const exact = age && !category.startsWith(String(minAge)) ? ` (${age})` : "";
    yield { name: said.say("fact.category"), value: shown(category, LONGEST.mark) + exact };
  }
}

function* label([first, ...others], said) {
  const found = `${shown(first.mark, LONGEST.mark)} · ${shown(first.scale, LONGEST.mark)} · ${said.say(`scope.${first.scope}`)}`;
  const more = others.length > 0 ? ` (${said.count("more-labels", others.length)})` : "";
  yield { name: said.say("fact.label"), value: found + more };
  yield { name: said.say("fact.raw"), value: shown(first.raw, LONGEST.raw), literal: true, once: true };
  yield { name: said.say("fact.place"), value: shown(`${first.carrier}: ${first.place}`, LONGEST.place), literal: true, once: true };
}

/** What the law, the house and the filter say, each in a line of its own: a house rule never passes for law. */
function* grounds(verdict, said) {
  const spoken = new Map();
  for (const ground of verdict.grounds.filter(({ says, overruled_by: by }) => says !== "allow" && !by)) {
    const name = factOf(ground, verdict);
    spoken.set(name, [...(spoken.get(name) ?? []), ground]);
  }
  for (const name of ["fact.law", "fact.compared"].filter((each) => spoken.has(each))) {
    const cited = spoken.get(name).map(({ cites, rule }) => `${cites.map((each) => cite(each, said)).join(", ")} (${rule})`);
    yield { name: said.say(name), value: shown(cited.join("; "), LONGEST.law) };
  }
  for (const name of ["fact.house", "fact.system"].filter((each) => spoken.has(each))) {
    yield { name: said.say(name), value: shown(spoken.get(name).map(({ rule }) => rule).join(", ")), literal: true };
  }
}

function factOf(ground, { reason, layer, grounds: all }) {
  if (ground.draft) return "fact.house";
  if (ground.cites.length > 0) return reason === "estimate" ? "fact.compared" : "fact.law";
  const isOwn = ground === all[0] ? layer === "system" : ground.where === "gateway";
  return isOwn ? "fact.system" : "fact.house";
}

/** The citation as the language writes it; one of any other form stays as its pack has it. */
function cite(text, said) {
  const parts = CITE.exec(text)?.groups;
  if (!parts) return text;
  const { articles, ...values } = parts;
  if (articles) return said.say("cite.articles", { law: parts.law, article: articles.replace("-", "–") });
  return said.say(`cite.${parts.point ? "point" : parts.paragraph ? "paragraph" : "article"}`, values);
}
