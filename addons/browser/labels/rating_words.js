/** What a `rating` says: the free text of the meta element and of the HTTP header, which share one vocabulary. */
import { SPACE, strip } from "./characters.js";
import { LONGEST_TEXT } from "./scales.js";

const TOKEN = "(?<![0-9a-z])rta-5042-1996-1400-1577-rta(?![0-9a-z])";
/** rtalabel.org: one token for every page of every site. */
const RTA_TOKEN = new RegExp(TOKEN, "i");
/** The token and nothing else. */
export const ONLY_RTA_TOKEN = new RegExp(`^${TOKEN}$`, "i");
const RANGE = new RegExp(`^(?<lowest>[0-9]{1,2})[${SPACE}]?-[${SPACE}]?[0-9]{1,3}$`);
const SCORE = /^(?:10|[0-9])$/; // out of five or ten: what "rating" means elsewhere

/**
 * The mark that a rating of this text names, and how far it is to be trusted: B for the words that mean one thing only,
 * C for what was found in free text.
 *
 * @param {string} text
 * @param {import("./scales.js").Scales} scales
 * @returns {{mark: import("./label.js").Mark, trust: import("./label.js").Trust} | null}
 */
export function readRating(text, scales) {
  const said = strip(text.slice(0, 4 * LONGEST_TEXT));
  const token = RTA_TOKEN.test(said) ? scales.find("rta", { scale: "rta" }) : null;
  if (token) return { mark: token, trust: "B" };
  if (scales.meansEveryone(said)) return null;
  const word = scales.find(said, { scale: "web" });
  if (word) return { mark: word, trust: "B" };
  const mark = readAge(said, scales);
  return mark === null || SCORE.test(said) ? null : { mark, trust: "C" };
}

/** The mark or the lower bound of a range ("10-70") that free text names. */
export function readAge(text, scales) {
  const said = strip(text);
  const bounds = RANGE.exec(said);
  if (bounds) return scales.find(bounds.groups.lowest, { scale: "age" });
  return scales.meansEveryone(said) ? null : scales.find(said);
}
