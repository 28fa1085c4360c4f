/**
 * What counts as a space, a word and a letter: the same in every script, unlike in JavaScript's own `\w` and `\b`.
 *
 * `gateway/labels` leaves this to Python. These are Python's answers, so that both readers cut a text alike.
 */

/** Inside a class of a regular expression: every white space character. U+001F joins two pieces of a page's text. */
export const SPACE = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
/** Inside a class of a regular expression with the flag `u` or `v`: letters, numbers and the underscore. */
export const WORD = String.raw`\p{L}\p{N}_`;

const SPACES = new RegExp(`[${SPACE}]+`);
const LEADING = new RegExp(`^[${SPACE}]+`);
const TRAILING = new RegExp(`[${SPACE}]$`);
const LETTER = /\p{L}/u;
const OF_A_WORD = /[\p{L}\p{N}]/gu;
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/g;
// These have a meaning when they stand twice in a class, and no escape of their own.
const OTHER_SIGNS = /[-&!#%,:;<=>@`~"' ]/g;
const PRINTED = /["'\\\n\r\t]/;

/** @param {string} text @returns {string} without white space at its ends */
export function strip(text) {
  let end = text.length;
  while (end > 0 && TRAILING.test(text[end - 1])) end -= 1;
  return text.slice(0, end).replace(LEADING, "");
}

/** @param {string} text @param {string} characters which are taken off both ends @returns {string} */
export function stripOf(text, characters) {
  return stripEnd(stripStart(text, characters), characters);
}

/** @param {string} text @param {string} characters @returns {string} */
function stripStart(text, characters) {
  let start = 0;
  while (start < text.length && characters.includes(text[start])) start += 1;
  return text.slice(start);
}

/** @param {string} text @param {string} characters @returns {string} */
export function stripEnd(text, characters) {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

/** @param {string} text @returns {string[]} what stands between white space */
export function pieces(text) {
  return text.split(SPACES).filter(Boolean);
}

/** @param {string} text @returns {string} on one line, every white space single */
export function oneLine(text) {
  return pieces(text).join(" ");
}

/** @param {string} text @returns {string} without case */
export function fold(text) {
  const lower = text.toLowerCase();
  return lower.includes("ß") || lower.includes("ς") ? lower.replaceAll("ß", "ss").replaceAll("ς", "σ") : lower;
}

/** @param {string} text @returns {boolean} whether a letter is in it */
export function hasLetter(text) {
  return LETTER.test(text);
}

/** @param {string} text @returns {number} how many letters and numbers it has */
export function countLetters(text) {
  return text.match(OF_A_WORD)?.length ?? 0;
}

/** @param {string} text @returns {string} a pattern of this very text, for the flags `u` and `v` too */
export function escaped(text) {
  return text.replaceAll(SYNTAX, "\\$&").replaceAll(OTHER_SIGNS, (sign) => `\\x${sign.charCodeAt(0).toString(16)}`);
}

/** @param {string} text @returns {string} its last character, of two units where it has two */
export function lastCharacter(text) {
  const code = text.codePointAt(text.length - 2);
  return code !== undefined && code > 0xffff ? text.slice(-2) : text.slice(-1);
}

/** @param {string} text @returns {string} its first character */
export function firstCharacter(text) {
  const code = text.codePointAt(0);
  return code === undefined ? "" : String.fromCodePoint(code);
}

/** @param {string} text @returns {string} in quotes, for a sentence about it */
export function quoted(text) {
  if (!PRINTED.test(text)) return `'${text}'`;
  const inner = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
  return inner.includes("'") && !inner.includes('"') ? `"${inner}"` : `'${inner.replaceAll("'", "\\'")}'`;
}
