/** The age sign and its warnings in a line of text: what is said, and how it fits into the line. */
import { escaped, firstCharacter, lastCharacter, pieces, SPACE, strip, stripOf, WORD } from "./characters.js";
import { INVISIBLE, PLUSES } from "./invisible.js";
import { pattern } from "./pattern.js";
import { AGES, joinWords, SIGN_AGES, translated } from "./sign_patterns.js";

export const LONGEST_LINE = 600; // characters of one line that are looked at
export const DASHES = "−‑‐－"; // minus, non-breaking and other hyphens: the dash of "6-"
// One character for one character, so that places in the text stay what they are.
const PLAIN = new Map([
  ...[...PLUSES].map((sign) => [sign, "+"]),
  ...[...DASHES].map((sign) => [sign, "-"]),
  ...[..."\x1f\xa0\u2009\u202f", ...INVISIBLE].map((sign) => [sign, " "]),
  ...[..."０１２３４５６７８９＜＞"].map((sign, at) => [sign, "0123456789<>"[at]]),
  ["İ", "i"], // the one letter that grows in lower case
]);
const NOT_PLAIN = new RegExp(`[${[...PLAIN.keys()].map(escaped).join("")}]`, "g");
const AROUND_GUARD = new RegExp(`[:>=${SPACE}]+$`);
// Not part of a longer number, version, price, address or sum, nor a value in JSON.
const PLUS = new RegExp(
  `(?<!":")(?<!": ")(?<![${WORD}+=#№$€₸₽%*.])(?<![0-9][,:/–\\-])(?<![a-z]-)` +
    `(?<age>${AGES})(?:\\+\\+?| ?\\+(?! ?[${WORD}(]))(?![${WORD}+=*%°])(?![/.,][0-9])`,
  "gu",
);
const MINUS = new RegExp(`(?<![${WORD}.,:/+=#–\\-])6[\\-–](?![${WORD}–\\-])`, "gu");
// "+18" is as often a temperature, so it is one age alone, and counts in fewer places.
const LED = new RegExp(`(?<![${WORD}+=#№$€₸₽%*.,:/…–\\-])\\+18(?![${WORD}+=*%°…])(?![/.,:\\-][0-9])`, "gu");
const SEPARATORS = " \t\r\n|·•∙⋅—–-:;.,!/\\*©®™";
const SEPARATORS_AND_BRACKETS = `${SEPARATORS}()[]{}«»"'“”„`;
const DIGITS = /^\p{Nd}+$/u;

/** How a sign stands in its line; greater counts in more places. */
export const Fit = Object.freeze({
  MENTION: 0, // between other words: a sign only when it has an element of its own
  ENDING: 1, // at the end of other words: "Title 16+"
  CLAUSE: 2, // set apart by separators: "© 2024 News · 16+ · Almaty"
  NOTICE: 3, // announced by a title ("Возрастная категория: 16+"), or a warning that opens the line
  WHOLE: 4, // the line says nothing else
});

/**
 * A sign in a line.
 *
 * @typedef {object} Sign
 * @property {string} mark
 * @property {number} min_age
 * @property {number} start the characters of the line from `start` to `end`
 * @property {number} end
 * @property {number} fit one of `Fit`
 * @property {string | null} language null for a bare mark
 * @property {boolean} warning said in words
 * @property {boolean} rhombus in a rhombus, or the brackets that stand for one
 * @property {boolean} led "+18"
 * @property {boolean} inYears announced, and given in years: "Возрастное ограничение: от 18 лет"
 */

/** @returns {Sign} */
export function signOf(mark, minAge, start, end, fit, more = {}) {
  const plainly = { language: null, warning: false, rhombus: false, led: false, inYears: false };
  return { mark, min_age: minAge, start, end, fit, ...plainly, ...more };
}

class Language {
  constructor(data) {
    Object.assign(this, { code: data.code, traces: data.traces, numbers: data.numbers, alike: data.alike });
    this.warnings = data.warnings.map(([source, age, under]) => [pattern(() => source, "gv"), age, under]);
    this.begun = pattern(() => data.begun, "v");
    this.title = pattern(() => `^(?:${data.title})$`, "v");
    this.titled = pattern(() => data.titled, "gv");
    this.titledYears = pattern(() => data.titled_years, "gv");
  }
}

/** The signs of all languages. */
export class Signs {
  #begun;
  #warned;
  #publications;
  #notAfter;
  #guardEnds;
  #notBefore;
  #mayFollow;
  #adultsOnly;

  /** @param {{languages: object[], places: object}} data */
  constructor({ languages, places }) {
    this.languages = languages.map((each) => new Language(each));
    this.places = places;
    /** Words of which one stands in every warning and every title. */
    this.traces = [...new Set(languages.flatMap((each) => [...each.traces, ...each.title_traces]))];
    const every = (key) => joinWords(languages.flatMap((each) => each[key]));
    this.#begun = pattern(() => languages.map((each) => `(?:${each.begun})`).join("|") || "(?!)", "v");
    this.#warned = pattern(() => languages.flatMap((each) => each.traces).map(escaped).join("|") || "(?!)", "v");
    this.#publications = pattern(() => every("publications"), "v");
    this.#notAfter = pattern(() => `(?<![${WORD}])(?:${every("not_after")})[${SPACE}:>=]{0,4}$`, "v");
    this.#guardEnds = new Set(languages.flatMap((each) => each.not_after).map((word) => word.at(-1)));
    this.#notBefore = pattern(() => `^[${SPACE}]{0,4}(?:${every("not_before")})(?![${WORD}])`, "v");
    this.#mayFollow = pattern(() => `^[${SPACE}]{0,4}(?:${every("may_follow")})(?![${WORD}])`, "v");
    this.#adultsOnly = pattern(() => escaped(places.adults_only), "gv");
  }

  /** @param {string} line @returns {boolean} whether it names itself an online publication ("Сетевое издание …") */
  isImprint(line) {
    return this.#publications().test(plain(line));
  }

  /** @param {string} words @returns {string | null} the language in which they are a title and nothing else */
  languageOfTitle(words) {
    const text = stripOf(plain(words), SEPARATORS);
    if (!opens(this.#begun(), text)) return null;
    for (const language of this.languages) {
      const folded = translated(text, language.alike);
      if (opens(language.begun(), text) && language.title().test(folded)) return language.code;
    }
    return null;
  }

  /**
   * @param {string} before
   * @returns {boolean} whether it ends in words after which a mark is no sign: "Android", "возраст"
   */
  isGuarded(before) {
    const near = plain(before.slice(-40));
    return this.#guardEnds.has(near.replace(AROUND_GUARD, "").at(-1)) && this.#notAfter().test(near);
  }

  /** @param {string} line of visible text @returns {Sign[]} its signs, in their order */
  read(line) {
    const text = plain(line.slice(0, LONGEST_LINE));
    const worded = [];
    const said = [...this.#titled(text), ...this.#warnings(text)];
    said.sort((one, other) => one.start - other.start || other.end - one.end);
    for (const sign of said) if (!worded.length || sign.start >= worded.at(-1).end) worded.push(sign);
    const free = [...this.#marks(text)].filter((sign) => !worded.some((other) => overlap(sign, other)));
    return [...this.#fitted(text, [...worded, ...free].sort((one, other) => one.start - other.start))];
  }

  *#titled(text) {
    if (!this.#begun().test(text)) return;
    for (const language of this.languages) {
      if (!language.begun().test(text)) continue;
      const folded = translated(text, language.alike);
      for (const match of folded.matchAll(language.titled())) {
        const { age, led, under } = match.groups;
        const years = Number(age ?? led ?? 0);
        const end = match.index + match[0].length;
        const rhombus = this.places.rhombus.includes(lastCharacter(text.slice(0, end)));
        const mark = under ? "6-" : `${years}+`;
        yield signOf(mark, years, match.index, end, Fit.NOTICE, { language: language.code, rhombus });
      }
      for (const match of folded.matchAll(language.titledYears())) {
        const years = Number(match.groups.years ?? match.groups.alone);
        const end = match.index + match[0].length;
        yield signOf(`${years}+`, years, match.index, end, Fit.NOTICE, { language: language.code, inYears: true });
      }
    }
  }

  *#warnings(text) {
    if (!this.#warned().test(text)) return;
    for (const language of this.languages) {
      if (!language.traces.some((trace) => text.includes(trace))) continue;
      const folded = translated(text, language.alike);
      for (const [warning, fixed, under] of language.warnings) {
        for (const match of folded.matchAll(warning())) {
          const age = fixed ?? numberOf(match.groups.age, language.numbers);
          if (!SIGN_AGES.includes(age) || (under && age !== 6)) continue;
          const [mark, years] = under ? ["6-", 0] : [`${age}+`, age];
          const end = match.index + match[0].length;
          yield signOf(mark, years, match.index, end, Fit.NOTICE, { language: language.code, warning: true });
        }
      }
    }
  }

  /** Bare marks, each with the rhombus around it; two marks share no character. */
  *#marks(text) {
    const bare = [];
    const add = (bareMark, mark) => {
      for (const match of text.matchAll(bareMark)) bare.push([match.index, match.index + match[0].length, mark(match)]);
    };
    add(PLUS, (match) => `${match.groups.age}+`);
    add(MINUS, () => "6-");
    if (text.includes(this.places.adults_only)) add(this.#adultsOnly(), () => "18+");
    add(LED, () => "+18");
    bare.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
    let last = 0;
    for (const [start, end, mark] of bare) {
      if (start < last) continue;
      const sign = this.#mark(text, mark, last, start, end);
      last = sign.end;
      yield sign;
    }
  }

  #mark(text, mark, last, start, end) {
    const before = text.slice(last, start).trimEnd();
    const after = text.slice(end).trimStart();
    const [left, right] = [lastCharacter(before), firstCharacter(after)];
    const rhombus = [left, right].every((sign) => sign !== "" && this.places.rhombus.includes(sign));
    const age = mark === "6-" ? 0 : Number(mark.replaceAll("+", ""));
    const led = mark.startsWith("+");
    const from = rhombus ? last + before.length - left.length : start;
    const to = rhombus ? text.length - after.length + right.length : end;
    return signOf(led ? `${age}+` : mark, age, from, to, Fit.ENDING, { rhombus, led });
  }

  *#fitted(text, found) {
    const isWhole = isBare(text, found);
    for (const [place, sign] of found.entries()) {
      const before = text.slice(place ? found[place - 1].end : 0, sign.start);
      const isLast = place + 1 === found.length;
      const after = text.slice(sign.end, isLast ? text.length : found[place + 1].start);
      const fit = isWhole ? Fit.WHOLE : this.#fit(sign, before, after, isLast);
      if (fit !== null) yield { ...sign, fit };
    }
  }

  /** How a sign fits between the words around it (up to its neighbour signs); null when it is only mentioned. */
  #fit(sign, before, after, isLast) {
    const left = strip(before);
    const right = strip(after);
    const apartLeft = left === "" || `${SEPARATORS}([`.includes(left.at(-1));
    const apartRight = right === "" || `${SEPARATORS})]`.includes(right[0]);
    if (sign.fit === Fit.NOTICE) {
      if (!apartLeft || !apartRight) return null;
      return sign.warning && stripOf(before, SEPARATORS_AND_BRACKETS) ? Fit.CLAUSE : Fit.NOTICE;
    }
    if (this.isGuarded(before) || this.#notBefore().test(after)) return null;
    if (apartLeft && apartRight) return Fit.CLAUSE;
    if (sign.led) return null;
    if (sign.mark === "6-" && !sign.rhombus) return Fit.MENTION;
    if (isLast && !stripOf(after, SEPARATORS_AND_BRACKETS)) return Fit.ENDING;
    return apartRight || this.#mayFollow().test(after) ? Fit.CLAUSE : Fit.MENTION;
  }
}

/**
 * @param {string} text
 * @returns {string} in lower case with full-width and invisible characters made plain; as long as it was
 */
export function plain(text) {
  return text.replace(NOT_PLAIN, (sign) => PLAIN.get(sign)).toLowerCase();
}

function opens(beginning, text) {
  return text.search(beginning) === 0;
}

function numberOf(text, numbers) {
  return DIGITS.test(text) ? Number(text) : numbers[pieces(text).join(" ")] ?? null;
}

function overlap(one, other) {
  return one.start < other.end && other.start < one.end;
}

function isBare(text, found) {
  let rest = "";
  let last = 0;
  for (const sign of found) {
    rest += text.slice(last, Math.max(last, sign.start));
    last = Math.max(last, sign.end);
  }
  return !stripOf(rest + text.slice(last), SEPARATORS_AND_BRACKETS);
}
