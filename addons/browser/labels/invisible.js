/** Characters that nobody sees and that part a word or a mark only for a program: soft hyphens, zero-width spaces. */
import { WORD } from "./characters.js";

export const INVISIBLE = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0f";
export const PLUSES = "＋⁺﹢➕"; // full width, superscript, small form, emoji
const ANY = new RegExp(`[${INVISIBLE}]`);
const INSIDE = new RegExp(`(?<=[${WORD}])[${INVISIBLE}]+(?=[${WORD}+${PLUSES}])`, "gu");

/** @param {string} text @returns {boolean} */
export function hasInvisible(text) {
  return ANY.test(text);
}

/** @param {string} text @returns {string} as a person reads it; between words the characters stay */
export function withoutInvisible(text) {
  return hasInvisible(text) ? text.replaceAll(INSIDE, "") : text;
}
