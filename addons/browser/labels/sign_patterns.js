/** Patterns out of the words of policies/signs; those with titles and ages come compiled in the data. */
import { escaped, fold, SPACE } from "./characters.js";

/** Law 169-VI, Art. 9(3); 0+ of the Russian law; 21+ of films. */
export const SIGN_AGES = [0, 6, 12, 14, 16, 18, 21];
/** The ages as a pattern, the longest first. */
export const AGES = [...SIGN_AGES].reverse().join("|");

/** @param {string[]} words @returns {string} a pattern of any of them, the longest first; of none it fits nothing */
export function joinWords(words) {
  const longestFirst = words.map(fold).sort((one, other) => other.length - one.length);
  return longestFirst.map((word) => word.split(" ").map(escaped).join(`[${SPACE}]{1,3}`)).join("|") || "(?!)";
}

/**
 * @param {string} text
 * @param {Record<string, string>} alike letters that stand for others
 * @returns {string} as long as it was
 */
export function translated(text, alike) {
  let changed = text;
  for (const [letter, other] of Object.entries(alike)) {
    if (changed.includes(letter)) changed = changed.replaceAll(letter, other);
  }
  return changed;
}
