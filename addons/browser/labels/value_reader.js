/** Reads values by their forms: what one page says in them, with a limit. See `gateway/labels/value_reader.py`. */
import { fold, strip } from "./characters.js";
import { isObject, Repeated } from "./json_tree.js";
import { strictest } from "./label.js";
import { TooMuch } from "./reader.js";
import { LONGEST_TEXT } from "./scales.js";

const MOST_TEXTS = 500; // different ones that are looked up; nobody has so many ratings
const MOST_ITEMS = 64; // of a list of ratings
const CHOICE = 3; // so many different ages in one list are a form to choose from
const WORDS = /[\p{L}\p{Nl}\p{No}]+|[0-9]+|\+/gu;
const ONLY_DIGITS = /^\p{Nd}+$/u;

/** What values of one page mean. A text that was looked up once is not looked up again. */
export class ValueReader {
  #scales;
  #words;
  #country;
  #known = new Map();

  /**
   * @param {import("./scales.js").Scales} scales
   * @param {object} words of json-keys.yaml
   * @param {string | null} country
   */
  constructor(scales, words, country) {
    this.#scales = scales;
    this.#words = words;
    this.#country = country;
  }

  /**
   * @returns {import("./label.js").Mark | null} the strictest that `value` names; null when it leaves it open
   * @throws {TooMuch}
   */
  read(form, value) {
    const marks = [...this.#texts(value)].map(([text, system]) => this.#one(form, text, system)).filter(Boolean);
    if (Array.isArray(value) && !(value instanceof Repeated) && isOpen(value, marks)) return null;
    return strictest(marks);
  }

  /** Whether `value` says openly that it says nothing: empty, false, "everyone", listed without a mark. */
  isSilent(form, value) {
    if (!isScalar(value)) return true; // nothing, or something with an inside, which is looked into on its own
    const text = textOf(value);
    if (value === false || !text || form.values.get(text) === null) return true;
    return this.#scales.meansEveryone(text.slice(0, LONGEST_TEXT));
  }

  #one(form, text, system) {
    if (form.values.has(text)) return form.values.get(text);
    if (!form.others || text.length > LONGEST_TEXT) return null;
    const scale = form.scale ?? (system ? this.#scales.system(system) : null);
    const key = `${text}\u0000${scale}`;
    if (!this.#known.has(key)) {
      if (this.#known.size >= MOST_TEXTS) throw new TooMuch(`has more than ${MOST_TEXTS} different ratings`);
      this.#known.set(key, this.#lookUp(text, scale));
    }
    return this.#known.get(key);
  }

  #lookUp(text, scale) {
    if (this.#scales.meansEveryone(text)) return null;
    return this.#findMark(text, scale, this.#country) ?? this.#findConstant(text, scale);
  }

  /** The mark that `text` spells: of the scale if one is given, else of any, else a word such as "adult". */
  #findMark(text, scale, country) {
    const own = scale === null ? null : this.#scales.find(text, { scale });
    return own ?? this.#scales.find(text, { country }) ?? this.#scales.find(text, { scale: "web" });
  }

  /** The age in a program's constant: "TWELVE_PLUS", "R12_PLUS", "AGE_SIXTEEN". */
  #findConstant(text, scale) {
    let parts = text.match(WORDS) ?? [];
    while (parts.length > 1 && this.#words.leading.includes(parts[0])) parts = parts.slice(1);
    if (!parts.length || parts.length > 2 || (parts.length === 2 && !this.#words.plus.includes(parts[1]))) return null;
    const isShort = parts.length === 2 && ONLY_DIGITS.test(parts[0]) && parts[0].length <= 2;
    const number = this.#words.numbers[parts[0]] ?? (isShort ? Number(parts[0]) : null);
    return number === null ? null : this.#findMark(`${number}+`, scale, null);
  }

  /** Each text in a value, folded, with the system that its object names ("" without one). */
  *#texts(value, depth = 0) {
    if (isScalar(value)) {
      yield [textOf(value), ""];
    } else if (Array.isArray(value) && depth < 3) {
      for (const item of value.slice(0, MOST_ITEMS)) yield* this.#texts(item, depth + 1);
    } else if (isObject(value) && depth < 3 && value.size <= MOST_ITEMS) {
      const named = new Map([...value].map(([name, inner]) => [foldName(name), inner]));
      const said = this.#words.systems.map((name) => named.get(name)).find((name) => typeof name === "string");
      const system = (said ?? "").slice(0, LONGEST_TEXT);
      for (const name of this.#words.inner.filter((each) => named.has(each))) {
        for (const [text, inner] of this.#texts(named.get(name), depth + 1)) yield [text, inner || system];
      }
    }
  }
}

function isScalar(value) {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** A scalar as forms list it: folded, without space around it, `true`, `18`. */
function textOf(value) {
  return fold(strip(String(value)));
}

/** A name without case, underscores and hyphens: ageRating, age_rating and AGE-RATING are one. */
function foldName(name) {
  return fold(name).replaceAll(/[_-]/g, "");
}

/** Whether a list leaves the age open: a range of two numbers, or as many ages as a form to choose from has. */
function isOpen(values, marks) {
  const isRange = values.length === 2 && values.every((value) => typeof value === "number");
  return isRange || new Set(marks.map((mark) => mark.min_age)).size >= CHOICE;
}
