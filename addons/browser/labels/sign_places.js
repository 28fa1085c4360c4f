/** Where in a text a sign may be: found by a few searches through all of it, before any line is read. */
import { PLUSES } from "./invisible.js";
import { SIGN_AGES } from "./sign_patterns.js";
import { DASHES } from "./signs.js";

const MARKS = [
  new RegExp(`\\+(?:(?<=[0-9０-９].)|(?<=[0-9][^\\n]{2})|(?=${SIGN_AGES.join("|")}))`, "g"),
  new RegExp(`6[${DASHES}–-]`, "g"),
];

/**
 * The place of one character of each sign that may be in `text`, in their order.
 *
 * @param {string} text
 * @param {string[]} words of warnings, in lower case
 * @param {string} adultsOnly the character that is a sign by itself
 * @returns {number[]}
 */
export function signPlaces(text, words, adultsOnly) {
  const found = new Set();
  for (const pattern of MARKS) for (const match of text.matchAll(pattern)) found.add(match.index);
  for (const character of [...PLUSES, adultsOnly]) addAll(found, character, text);
  if (words.length) {
    // "İ" is the one letter that grows in lower case: places in the text must stay what they are.
    const lower = text.replaceAll("İ", "i").toLowerCase();
    for (const word of words) addAll(found, word, lower);
  }
  return [...found].sort((one, other) => one - other);
}

function addAll(found, word, text) {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) found.add(at);
}
