/**
 * The answer to a question, with everything it rests on. Words and names are those of gateway/decision/verdict.py.
 *
 * @typedef {"allow" | "mask" | "ask" | "block"} Action
 * @typedef {"law" | "local" | "system"} Layer who speaks; the legal and the local layer are always shown apart
 *
 * @typedef {object} Ground one rule that spoke
 * @property {string} rule
 * @property {string} where file:line of the rule
 * @property {Action} says
 * @property {string[]} cites names of articles
 * @property {string} [overruled_by] the rule that speaks instead; the ground is kept all the same
 * @property {boolean} [draft] the article is no law yet
 *
 * @typedef {object} Provision an article as it speaks in a verdict
 * @property {Ground} ground
 * @property {string} effect
 *
 * @typedef {object} Verdict
 * @property {Action} action
 * @property {string} effect allow, restrict, block, block-item, block-registration, out-of-scope
 * @property {string} reason one of the closed list in gateway/decision/verdict.py
 * @property {Layer} layer
 * @property {string | null} category the law's category that decided, if any
 * @property {number | null} min_age the exact age behind it
 * @property {Ground[]} grounds the deciding one first
 * @property {import("./question.js").Label[]} evidence the labels it rests on, the deciding one first
 * @property {string[]} flags
 * @property {string} revision of the policy and packs that decided
 * @property {string} [until] RFC 3339: when a time block ends, a grant expires, or time ends that a flag says ends soon
 * @property {string} detail a plain English sentence for the log and the explanation
 * @property {boolean} expired the bundle is too old (or not yet in force), so the strict stance held
 * @property {string[]} lacks lists that this verdict was given without, because they stay on the gateway
 */

/** Actions, ordered: of several, the strictest wins. @type {Readonly<Record<Action, number>>} */
export const RANK = Object.freeze({ allow: 0, mask: 1, ask: 2, block: 3 });

/** What an action of the house does to the access. @type {Readonly<Record<Action, string>>} */
export const EFFECTS = Object.freeze({ allow: "allow", mask: "block-item", ask: "restrict", block: "block" });

/** @param {Action} action @param {Action} other whether `action` is stricter than `other` */
export function isStricter(action, other) {
  return RANK[action] > RANK[other];
}
