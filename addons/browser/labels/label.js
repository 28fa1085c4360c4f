/**
 * What a page says of itself: labels, each with its evidence. The same as in `gateway/labels/label.py`.
 *
 * @typedef {"site" | "page" | "part"} Scope what a label speaks for
 * @typedef {"A" | "B" | "C" | "D"} Trust A a duty or enforced by a platform, B stated, C soft, D a hint alone
 * @typedef {{scale: string, mark: string, min_age: number}} Mark one value of a rating system
 *
 * @typedef {object} Label one statement of an age
 * @property {string} scale the rating system: a file of policies/scales
 * @property {string} mark the system's own spelling
 * @property {number} min_age completed years
 * @property {Scope} scope
 * @property {Trust} trust
 * @property {string} carrier
 * @property {string} raw the text that it rests on
 * @property {string} place where that text stands; `elementAt` of selector.js finds it
 * @property {string | null} part for a part: the place of what may be masked
 */

const LONGEST_RAW = 1_000; // characters of a label's evidence
const LONGEST_PLACE = 4_000; // of where it stands

/** @param {Trust} trust @returns {boolean} whether a label of this trust counts by itself */
export function counts(trust) {
  return trust !== "D";
}

/**
 * The label with evidence that no page can make longer than a person reads. A part whose place is longer cannot be
 * told from the others: its label is the page's.
 *
 * @param {Label} label
 * @returns {Label}
 */
export function bounded(label) {
  const part = label.part ?? null;
  const isNamed = (part ?? "").length <= LONGEST_PLACE;
  return {
    ...label,
    scope: isNamed ? label.scope : "page",
    raw: cut(label.raw, LONGEST_RAW).toWellFormed(), // a cut may part the two halves of a character
    place: cut(label.place, LONGEST_PLACE),
    part: isNamed ? part : null,
  };
}

/** @param {Mark[]} marks @returns {Mark | null} the one with the greatest age, the first of several */
export function strictest(marks) {
  return marks.reduce((one, other) => (one === null || other.min_age > one.min_age ? other : one), null);
}

function cut(text, longest) {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
