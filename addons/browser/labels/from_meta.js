/**
 * Labels in meta elements: rating and its kin, Open Graph, Yandex; hints elsewhere. See `gateway/labels/from_meta.py`.
 */
import { fold, quoted, SPACE, strip } from "./characters.js";
import { limited } from "./part_limit.js";
import { ONLY_RTA_TOKEN, readAge, readRating } from "./rating_words.js";
import { Room } from "./reader.js";
import { Repeats, TooManyDifferent } from "./repeats.js";

const NAME = "meta";
const MOST_CONTENT = 800; // characters of one content attribute
// Pages write name= for property= and the other way round.
const NAMED_BY = ["name", "property", "http-equiv"];
const AGE_LABEL = new RegExp(`(?:^|[${SPACE};,])age[${SPACE}]?[=:][${SPACE}]?(?<age>[0-9]{1,2})(?![0-9.])`, "i");
const NUMBER = new RegExp(`^\\+?[${SPACE}]?(?<age>[0-9]{1,2})[${SPACE}]?\\+?(?:[${SPACE}]?years?)?$`, "i");
const ONLY_DIGITS = /^\p{Nd}+$/u;
const TRUE = new Set(["true", "yes", "1"]);
const PAIR = /^twitter:(?<kind>label|data)(?<number>[0-9]{1,2})$/;

function trusted(mark, trust) {
  return mark ? { mark, trust } : null;
}

function readAgeName(text, scales) {
  return trusted(scales.find(text, { scale: "web" }) ?? readAge(text, scales), "C");
}

function readLookalike(text, scales) {
  // No ranges here: an audience of "18-35" is whom the page wants to sell to.
  return scales.meansEveryone(text) ? null : trusted(wordOrMark(text, scales), "C");
}

function wordOrMark(text, scales) {
  return scales.find(text, { scale: "web" }) ?? scales.find(text);
}

function readLiteral(text, scales) {
  // Whom a page wants to reach, in free text; a bare number there is a grade.
  if (ONLY_DIGITS.test(strip(text)) || scales.meansEveryone(text)) return null;
  return trusted(wordOrMark(text, scales), "D");
}

function readAgeLabel(text, scales) {
  const match = AGE_LABEL.exec(text);
  if (match === null) return null;
  const mark = scales.find(match.groups.age, { scale: "jmstv" });
  // An age outside the five of the German format is still an age that somebody declared.
  return mark ? trusted(mark, "B") : trusted(scales.find(match.groups.age, { scale: "age" }), "C");
}

function readRestrictedAge(text, scales) {
  const match = NUMBER.exec(strip(text));
  return match ? trusted(scales.find(match.groups.age, { scale: "age" }), "B") : null;
}

function readRestrictedContent(text, scales) {
  const words = text.split(",").map((word) => fold(strip(word)));
  return words.includes("alcohol") ? trusted(scales.find("alcohol", { scale: "web" }), "C") : null;
}

function readAdultFlag(text, scales) {
  return TRUE.has(fold(strip(text))) ? trusted(scales.find("adult", { scale: "web" }), "B") : null;
}

const READERS = new Map([
  ["rating", readRating],
  ["age-de-meta-label", readAgeLabel],
  ["age-meta-label", readAgeLabel],
  ["og:restrictions:age", readRestrictedAge],
  ["og:restrictions:content", readRestrictedContent],
  ["ya:ovs:adult", readAdultFlag],
  ...["age", "age-limit", "age-rating", "age-restriction"].map((name) => [name, readAgeName]),
  ...["age_rating", "agerating"].map((name) => [name, readAgeName]),
  ...["audience", "classification"].map((name) => [name, readLookalike]),
  ...["dc.", "dc:", "dcterms.", "dcterms:"].flatMap((vocabulary) =>
    ["audience", "educationlevel", "audience.agegroup", "audience.educationlevel"].map((name) => [
      vocabulary + name,
      readLiteral,
    ]),
  ),
  ...["content-rating", "content_rating", "contentrating", "og:rating"].map((name) => [name, readLookalike]),
]);

/** @type {import("./reader.js").Reader} */
export const metaReader = {
  name: NAME,

  *find(page) {
    try {
      yield* limited(found(page));
    } catch (refused) {
      if (!(refused instanceof TooManyDifferent)) throw refused;
      yield { blocked: `in meta elements, ${refused.message}` };
    }
  },
};

function* found(page) {
  const room = new Room();
  const read = new Repeats((name, content) => READERS.get(name)(content, page.data.scales));
  const pairs = new Map();
  for (const node of page.css("meta[content]")) {
    const content = strip(node.getAttribute("content")).slice(0, MOST_CONTENT);
    if (!content) continue;
    const half = PAIR.exec(fold(strip(node.getAttribute("name") || node.getAttribute("property") || "")))?.groups;
    if (half) {
      if (!pairs.has(half.number)) pairs.set(half.number, {});
      pairs.get(half.number)[half.kind] = { content, node };
      continue;
    }
    const name = knownName(node);
    // The token stands for nothing else, whatever the element is called.
    const asked = name ?? (ONLY_RTA_TOKEN.test(content) ? "rating" : null);
    const said = asked === null ? null : read.answer(asked, content);
    if (said !== null) {
      yield { part: { ...said, build: () => labelOf(page, node, said, content, name ?? ""), ofPage: true } };
    } else if (name !== null && room.take()) {
      yield { note: `the meta element ${name} says ${quoted(content.slice(0, 80))}, which is no label` };
    }
  }
  for (const pair of pairs.values()) yield* titled(page, pair);
}

/** A pair whose label announces an age: "Возрастное ограничение", "18+". Only a hint: a card is a teaser. */
function* titled(page, pair) {
  if (!pair.label || !pair.data) return;
  const text = `${pair.label.content}: ${pair.data.content}`;
  for (const sign of page.data.signs.read(text)) {
    const mark = sign.language !== null ? page.data.scales.find(sign.mark, { scale: "age" }) : null;
    if (mark === null) continue;
    const said = { mark, trust: "D" };
    yield { part: { ...said, build: () => labelOf(page, pair.data.node, said, text, "twitter:data"), ofPage: true } };
  }
}

function labelOf(page, node, { mark, trust }, content, name) {
  // Open Graph and Yandex describe the video of this address, the others what is served here.
  const scope = name.includes(":") ? "page" : page.whole;
  return { ...mark, scope, trust, carrier: NAME, raw: content, place: page.selectors.of(node) };
}

/** The name of a meta element, in lower case, when it is one that can hold a label. */
function knownName(node) {
  for (const attribute of NAMED_BY) {
    const name = fold(strip(node.getAttribute(attribute) ?? ""));
    if (READERS.has(name)) return name;
  }
  return null;
}
