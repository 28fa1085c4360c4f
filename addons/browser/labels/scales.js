/**
 * Rating systems and the mark that a piece of text names; the data is policies/scales. See `gateway/labels/scales.py`.
 */
import { fold, SPACE, WORD } from "./characters.js";
import { strictest } from "./label.js";

export const LONGEST_TEXT = 200; // characters; whoever writes more writes prose, not a mark
const MOST_WORDS = 12;

const WORDS = /[\p{L}\p{N}]+|\+/gu;
const DIGITS = /[0-9]{1,3}/g;
const NUMBER = /^\p{Nd}+$/u;
const DASHES = /[‐‑‒–—−]/g;
// "12 / 12+", "SE:15;SE:15+": the same rating in several forms or for several countries.
const LIST = /[/,;|]/;
// A score ("4.8"), a version ("1.18+"), a decimal comma, a negative number, an address: never an age.
const NO_AGE = new RegExp(`[0-9][.,][0-9]|^[${SPACE}]*-[${SPACE}]*[0-9]|://`, "u");
// Law 169-VI, Art. 9(3): the sign for those who have not reached six. Without its dash it would be a six.
const UNDER_SIX = new RegExp(`^[^${WORD}\\-]*6[${SPACE}]?-[^${WORD}\\-]*$`, "u");
// "R for strong language", "PG-13 (violence)": the reasons follow the mark.
const REASON = new RegExp(`[${SPACE}](?:for|because|due)[${SPACE}]|[([<]`, "g");

/** @param {string} text @returns {string} the spelling without case, spaces and signs; "+" is kept */
export function keyOf(text) {
  return joined(wordsOf(text));
}

function wordsOf(text) {
  return fold(text.normalize("NFKC")).match(WORDS) ?? [];
}

/** The words as one key; two numbers stay apart, so that "1-8" does not become 18. */
function joined(words) {
  const isApart = (word, at) => at > 0 && NUMBER.test(word) && NUMBER.test(words[at - 1]);
  return words.map((word, at) => (isApart(word, at) ? ` ${word}` : word)).join("");
}

/** An address without what people write in several ways: the scheme, "www." and the last slash. */
function bare(address) {
  const text = fold(address.trim());
  const after = text.includes("//") ? text.slice(text.indexOf("//") + 2) : text;
  return after.replace(/^www\./, "").replace(/\/+$/, "");
}

class Scale {
  constructor(data) {
    this.id = data.id;
    this.countries = data.countries;
    this.everyone = data.everyone;
    this.ages = new Set(data.ages);
    this.everywhere = this.#marks(data.everywhere);
    this.inContext = this.#marks(data.in_context);
    this.patterns = new Set(data.patterns);
    this.suffixLetters = data.suffix_letters;
  }

  #marks(spellings) {
    return new Map(Object.entries(spellings).map(([key, [mark, age]]) => [key, this.#mark(mark, age)]));
  }

  #mark(mark, age) {
    return { scale: this.id, mark, min_age: age };
  }

  /** The mark that `key` spells when this is known to be the system. */
  find(key) {
    return this.inContext.get(key) ?? this.findAnywhere(key);
  }

  findAnywhere(key) {
    return this.everywhere.get(key) ?? this.#withNumber(key) ?? this.#withSuffix(key);
  }

  #withNumber(key) {
    const numbers = this.patterns.size ? key.match(DIGITS) ?? [] : [];
    if (numbers.length !== 1 || !this.patterns.has(key.replaceAll(DIGITS, "#"))) return null;
    const age = Number(numbers[0]);
    return this.ages.has(age) ? this.#mark(`${age}+`, age) : null;
  }

  #withSuffix(key) {
    let rest = key;
    for (let left = this.suffixLetters.length; left > 0; left -= 1) {
      if (!rest || !this.suffixLetters.includes(rest.at(-1))) return null;
      rest = rest.slice(0, -1);
      if (this.everywhere.has(rest)) return this.everywhere.get(rest);
    }
    return null;
  }
}

/** All rating systems. */
export class Scales {
  #scales;
  #everyone = new Set();
  #countries = new Map();
  #topLevel = new Map();
  #names = new Map();
  #services = new Map();
  #byKey = new Map();
  #lengths = new Map();
  #everywhere = new Map();
  #formed;

  /** @param {object[]} scales as `qorgan addon data` writes them */
  constructor(scales) {
    this.#scales = new Map(scales.map((data) => [data.id, new Scale(data)]));
    for (const data of scales) {
      const scale = this.#scales.get(data.id);
      for (const key of data.everyone) this.#everyone.add(key);
      for (const name of data.countries) this.#countries.set(fold(name), data.countries[0]);
      for (const ending of data.top_level) this.#topLevel.set(ending, scale);
      for (const name of data.names) this.#names.set(wordsOf(name).join(" "), data.id);
      for (const address of data.services) this.#services.set(bare(address), data.id);
      this.#byKey.set(keyOf(data.id), data.id);
      for (const [key, mark] of scale.everywhere) this.#everywhere.set(key, mark);
    }
    // Lengths of the names that begin with a word, the longest first.
    const names = [...this.#names.keys()].map((name) => name.split(" "));
    names.sort((one, other) => other.length - one.length);
    for (const name of names) this.#lengths.set(name[0], [...(this.#lengths.get(name[0]) ?? []), name.length]);
    this.#formed = [...this.#scales.values()].filter((scale) => scale.patterns.size || scale.suffixLetters);
  }

  /** @returns {number} the greatest age that is an age at all */
  get oldest() {
    return Math.max(...(this.#scales.get("age")?.ages ?? [0]));
  }

  /**
   * @param {string} host
   * @returns {{id: string, countries: string[]} | null} the scale that is usual under its ending
   */
  ofHost(host) {
    return this.#topLevel.get(host.slice(host.lastIndexOf(".") + 1)) ?? null;
  }

  /** @param {string} host @returns {string | null} the two-letter country of the host's ending */
  countryOf(host) {
    return this.ofHost(host)?.countries[0] ?? null;
  }

  /** @param {string} name @returns {string | null} the id of the scale that somebody calls so ("MPAA", "us-tv") */
  system(name) {
    const words = wordsOf(name);
    return this.#names.get(words.join(" ")) ?? this.#byKey.get(joined(words)) ?? null;
  }

  /** @param {string} address @returns {string | null} the id of the scale that a PICS rating service uses */
  ofService(address) {
    return this.#services.get(bare(address)) ?? null;
  }

  /** @param {string} text @returns {boolean} whether it is a word for "everybody", which gives no label */
  meansEveryone(text) {
    return this.#everyone.has(keyOf(text));
  }

  /**
   * The mark that `text` names: "PG-13", "US:R", "DE-FSK-18", "ab 16", "12 / 12+" (the strictest of a list).
   *
   * @param {string} text
   * @param {{scale?: string | null, country?: string | null}} [known] the system, or the country whose usual one it is
   * @returns {import("./label.js").Mark | null}
   */
  find(text, { scale = null, country = null } = {}) {
    if (!text || text.length > LONGEST_TEXT) return null;
    const plain = text.normalize("NFKC").replaceAll(DASHES, "-");
    if (NO_AGE.test(plain)) return null;
    const code = country ? this.#countries.get(fold(country)) ?? null : null;
    if (plain.includes("/")) {
      const whole = this.#findOne(plain, scale, code);
      if (whole?.mark.includes("/")) return whole; // "U/A" is one mark, not a list of two
    }
    return strictest(plain.split(LIST).map((piece) => this.#findOne(piece, scale, code)).filter(Boolean));
  }

  #findOne(text, scale, country) {
    if (UNDER_SIX.test(text)) return this.#lookUp("6-", scale, country);
    REASON.lastIndex = 1;
    const cut = REASON.exec(text);
    for (const part of [text, cut ? text.slice(0, cut.index) : ""]) {
      const words = wordsOf(part);
      const found = words.length > 0 && words.length <= MOST_WORDS ? this.#read(words, scale, country) : null;
      if (found) return found;
    }
    return null;
  }

  /** Takes names of systems and countries off the front until the rest is a mark. */
  #read(words, scale, country) {
    const found = this.#lookUp(joined(words), scale, country);
    if (found || words.length < 2) return found;
    const named = scale === null ? this.#countries.get(words[0]) : undefined;
    if (named !== undefined) return this.#read(words.slice(1), null, named);
    const lengths = (this.#lengths.get(words[0]) ?? []).filter((length) => length < words.length);
    const length = lengths.find((each) => this.#names.has(words.slice(0, each).join(" "))) ?? 0;
    const system = length ? this.#names.get(words.slice(0, length).join(" ")) : null;
    if (system === null || (scale !== null && scale !== system)) return null;
    const rest = words.slice(length);
    // "Rated T for Teen" says "rated" as every system does: a spelling that only one has settles it.
    return this.#read(rest, system, null) ?? (scale === null ? this.#everywhere.get(joined(rest)) ?? null : null);
  }

  #lookUp(key, scale, country) {
    if (scale !== null) return this.#scales.get(scale)?.find(key) ?? null;
    if (country) {
      for (const known of this.#scales.values()) {
        const mark = known.countries.includes(country) ? known.find(key) : null;
        if (mark) return mark;
      }
    }
    const found = this.#everywhere.get(key);
    if (found) return found;
    for (const known of this.#formed) {
      const mark = known.findAnywhere(key);
      if (mark) return mark;
    }
    return null;
  }
}
