/**
 * PICS label lists as people really write them, taken apart into one label for each service. See
 * `gateway/labels/pics.py`.
 */
import { fold, SPACE, strip, stripOf } from "./characters.js";
import { TooMuch } from "./reader.js";

const LONGEST = 16_384; // characters; the longest seen has 1 500
const MOST_TOKENS = 2_000;
const MOST_LABELS = 100;
const MOST_VALUES = 200; // of one label

// One character for one, so that places in the text stay what they are.
const PLAIN = [[/[“”„‟″«»＂]/g, '"'], [/[‘’‚‛′]/g, "'"], [/[‐‑‒–—−－]/g, "-"], [/（/g, "("], [/）/g, ")"]];
const TOKEN = new RegExp(`"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bracket>[()])|(?<word>[^${SPACE}()"']+)`, "g");
const VERSION = /pics[-_ ]?1/;
const ADDRESS = /^(?:https?:)?\/\//i;
const NUMBER = /^[0-9]{1,4}$/;
// The keyword before a service's labels, with what is typed for its one letter.
const LABELS = new Set(["l", "labels", "1", "i", "|"]);
const RATINGS = new Set(["r", "ratings"]);
const OPTIONS = new Set("at by comment complete-label full exp until md5 mic-md5 on signature-rsa-md5".split(" "));
const GROUPS = new Set(["error", "extension"]); // what follows in brackets is no rating

/**
 * What one service says.
 *
 * @typedef {object} PicsLabel
 * @property {string} service
 * @property {string | null} address what it speaks for; null when it does not say
 * @property {boolean} generic whether it speaks for everything that begins with the address
 * @property {[string, number | null][]} values names and numbers as it transmits them, null for none
 * @property {string} raw
 */

/** @param {string} text @returns {boolean} whether it names itself a PICS label list */
export function isPics(text) {
  return VERSION.test(fold(plain(text.slice(0, LONGEST))));
}

/** @param {string} text @returns {PicsLabel[]} every label, in order @throws {TooMuch} */
export function parsePics(text) {
  if (text.length > LONGEST) {
    throw new TooMuch(`the PICS label has ${text.length} characters; at most ${LONGEST} are read`);
  }
  const labels = [...new Parser(text).labels()];
  if (labels.length > MOST_LABELS || labels.some((label) => label.values.length > MOST_VALUES)) {
    throw new TooMuch(`the PICS label states more than ${MOST_LABELS} ratings or ${MOST_VALUES} values in one`);
  }
  return labels;
}

function plain(text) {
  return PLAIN.reduce((changed, [signs, sign]) => changed.replaceAll(signs, sign), text);
}

function blank(service) {
  return { service, address: null, generic: false, values: [], raw: "" };
}

/** Walks over the tokens once. Options before the word `labels` hold for all of its labels, others for the next. */
class Parser {
  #text;
  #tokens = [];
  #at = 0;

  constructor(text) {
    this.#text = text;
    for (const match of plain(text).matchAll(TOKEN)) {
      const inner = match.groups.double ?? match.groups.single;
      const end = match.index + match[0].length;
      this.#tokens.push({ text: inner ?? match[0], start: match.index, end, isQuoted: inner !== undefined });
      if (this.#tokens.length > MOST_TOKENS) throw new TooMuch(`the PICS label has more than ${MOST_TOKENS} words`);
    }
  }

  *labels() {
    let common = null;
    let own = blank("");
    let begins = 0;
    for (let token = this.#next(); token !== null; token = this.#next()) {
      const word = token.isQuoted ? "" : fold(token.text);
      if (token.isQuoted || ADDRESS.test(token.text)) {
        [common, own, begins] = [null, blank(strip(token.text)), token.start];
      } else if (LABELS.has(word)) {
        common = own;
      } else if (word === "for" || word === "gen" || word === "generic") {
        own = this.#option(own, word);
      } else if (RATINGS.has(word)) {
        yield this.#rated(own, begins);
        own = common ?? blank(own.service);
      } else if (OPTIONS.has(word)) {
        this.#next();
      } else if (GROUPS.has(word)) {
        this.#inBrackets();
      }
    }
  }

  #next() {
    const token = this.#tokens[this.#at] ?? null;
    this.#at += 1;
    return token;
  }

  #option(label, word) {
    const text = strip(this.#next()?.text ?? "");
    if (word === "for") return { ...label, address: text || null };
    return { ...label, generic: ["true", "t", "yes"].includes(fold(text)) };
  }

  #rated(label, begins) {
    const inside = this.#inBrackets();
    const end = this.#tokens[Math.min(this.#at, this.#tokens.length) - 1].end;
    return { ...label, values: [...valuesOf(inside)], raw: this.#text.slice(begins, end) };
  }

  /** The tokens of the brackets that open here, without inner brackets; up to the end where they do not close. */
  #inBrackets() {
    const inside = [];
    let depth = 0;
    for (let token = this.#next(); token !== null; token = this.#next()) {
      if (token.isQuoted || (token.text !== "(" && token.text !== ")")) {
        if (depth === 0) {
          this.#at -= 1;
          break;
        }
        inside.push(token);
        continue;
      }
      depth += token.text === "(" ? 1 : -1;
      if (depth <= 0) break;
    }
    return inside;
  }
}

/** Each name with each of its numbers: `n 4`, `n (2 4)`; of a range `2:4` both ends. */
function* valuesOf(tokens) {
  let name = "";
  let isUsed = true;
  for (const token of tokens) {
    const text = stripOf(token.text, ",;");
    const numbers = text.split(":");
    if (numbers.every((number) => NUMBER.test(number))) {
      for (const number of numbers) yield [name, Number(number)];
      isUsed = true;
    } else if (text) {
      if (!isUsed) yield [name, null];
      name = text;
      isUsed = false;
    }
  }
  if (!isUsed) yield [name, null];
}
