/**
 * JSON as readers walk it: of a name given twice every value is kept, because parsers differ in which one they take
 * (RFC 8259, section 4). `JSON.parse` keeps the last one, and takes no text that goes on after the value.
 */
import { quoted, SPACE } from "./characters.js";
import { TooMuch } from "./reader.js";

const LONGEST_SHOWN = 200; // characters
const MOST_DEPTH = 512; // parsed by calls in each other
const SCALAR = /true|false|null|NaN|-?Infinity|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const BETWEEN = /[ \t\n\r]*/y;
const PLAIN = /[^"\\]*/y;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const HEX = /^[0-9A-Fa-f]{4}$/;
const WORDS = new Map([
  ...[["true", true], ["false", false], ["null", null]],
  ...[["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]],
]);
const START = new RegExp(`^[${SPACE}]+`);

/** The text is no JSON; the message is a clause. */
export class BrokenJson extends Error {}

/** The values of a name that stands more than once in one object. */
export class Repeated extends Array {}

/** @param {unknown} value @returns {boolean} */
export function isObject(value) {
  return value instanceof Map;
}

/**
 * The JSON value that begins at `at`, and where it ends. Objects are Maps.
 *
 * @param {string} text
 * @param {number} at
 * @returns {[unknown, number]}
 * @throws {BrokenJson | TooMuch}
 */
export function parseFirst(text, at) {
  const parser = new Parser(text, at);
  return [parser.value(0), parser.at];
}

/** @param {string} text @returns {unknown} the JSON of the whole text @throws {BrokenJson | TooMuch} */
export function parseWhole(text) {
  const start = START.exec(text)?.[0].length ?? 0;
  const parser = new Parser(text, start);
  const value = parser.value(0);
  parser.skip();
  if (parser.at < text.length) throw new BrokenJson(`is no JSON: something follows it at character ${parser.at}`);
  return value;
}

class Parser {
  constructor(text, at) {
    this.text = text;
    this.at = at;
  }

  skip() {
    BETWEEN.lastIndex = this.at;
    BETWEEN.exec(this.text);
    this.at = BETWEEN.lastIndex;
  }

  value(depth) {
    if (depth > MOST_DEPTH) throw new TooMuch("is nested too deep");
    const first = this.text[this.at];
    if (first === '"') return this.#string();
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#list(depth);
    SCALAR.lastIndex = this.at;
    const found = SCALAR.exec(this.text)?.[0];
    if (found === undefined) throw this.#broken("a value");
    this.at += found.length;
    return WORDS.has(found) ? WORDS.get(found) : Number(found);
  }

  #object(depth) {
    const whole = new Map();
    this.at += 1;
    this.skip();
    if (this.#takes("}")) return whole;
    for (;;) {
      if (this.text[this.at] !== '"') throw this.#broken("a name in quotes");
      const name = this.#string();
      this.skip();
      if (!this.#takes(":")) throw this.#broken("a colon");
      this.skip();
      add(whole, name, this.value(depth + 1));
      this.skip();
      if (this.#takes("}")) return whole;
      if (!this.#takes(",")) throw this.#broken("a comma");
      this.skip();
    }
  }

  #list(depth) {
    const items = [];
    this.at += 1;
    this.skip();
    if (this.#takes("]")) return items;
    for (;;) {
      items.push(this.value(depth + 1));
      this.skip();
      if (this.#takes("]")) return items;
      if (!this.#takes(",")) throw this.#broken("a comma");
      this.skip();
    }
  }

  #string() {
    this.at += 1;
    let said = "";
    for (;;) {
      PLAIN.lastIndex = this.at;
      said += PLAIN.exec(this.text)[0];
      this.at = PLAIN.lastIndex;
      if (this.#takes('"')) return said;
      if (this.at + 1 >= this.text.length) throw this.#broken("the end of a text");
      said += this.#escape();
    }
  }

  #escape() {
    const letter = this.text[this.at + 1];
    if (letter === "u") {
      const digits = this.text.slice(this.at + 2, this.at + 6);
      if (!HEX.test(digits)) throw this.#broken("four digits");
      this.at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    if (!(letter in ESCAPES)) throw this.#broken("an escape of JSON");
    this.at += 2;
    return ESCAPES[letter];
  }

  #takes(sign) {
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  #broken(wanted) {
    return new BrokenJson(`is no JSON: at character ${this.at} should be ${wanted}`);
  }
}

function add(whole, name, value) {
  if (!whole.has(name)) {
    whole.set(name, value);
    return;
  }
  const before = whole.get(name);
  const every = before instanceof Repeated ? before : Repeated.of(before);
  every.push(value);
  whole.set(name, every);
}

/** @param {unknown} value @returns {string} its beginning as JSON, for evidence */
export function shown(value) {
  const written = [];
  let left = LONGEST_SHOWN;
  for (const piece of writing(value)) {
    written.push(piece);
    left -= piece.length;
    if (left <= 0) break;
  }
  return written.join("").slice(0, LONGEST_SHOWN);
}

/** @param {unknown} value @returns {string} its beginning in quotes, for a sentence about it */
export function named(value) {
  return quoted((typeof value === "string" ? value : shown(value)).slice(0, 80));
}

/** @param {string} step @returns {string} one step of a JSON pointer (RFC 6901, section 3) */
export function pointerStep(step) {
  return step.replaceAll("~", "~0").replaceAll("/", "~1");
}

function* writing(value) {
  if (value instanceof Map) {
    let before = "{";
    for (const [name, inner] of value) {
      yield `${before}${JSON.stringify(name)}: `;
      yield* writing(inner);
      before = ", ";
    }
    yield before === "{" ? "{}" : "}";
  } else if (Array.isArray(value)) {
    let before = "[";
    for (const inner of value) {
      yield before;
      yield* writing(inner);
      before = ", ";
    }
    yield before === "[" ? "[]" : "]";
  } else {
    yield typeof value === "number" ? String(value) : JSON.stringify(value);
  }
}
