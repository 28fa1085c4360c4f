/** The places of a page that a recipe names, and the values that stand there. See `gateway/labels/recipe_places.py`. */
import { fold, oneLine, strip } from "./characters.js";
import { BrokenJson, isObject, parseFirst, pointerStep, Repeated, shown } from "./json_tree.js";
import { TooMuch } from "./reader.js";
import { assignmentTo } from "./recipe.js";
import { ancestors, attribute, hasAttribute, inside, isText } from "./tree.js";

const MOST_ELEMENTS = 1_000; // that a selector finds
const CHARACTERS_EACH = 100; // a page that has more of them has so many characters for each, as listings have
const MOST_SCRIPTS = 500;
const MOST_STATES = 20; // assignments to one name in one script
const MOST_ENTRIES = 10_000; // that a pointer with "*" leads to
export const LONGEST_VALUE = 200; // characters
const LEAST_INSIDE = 20_000; // elements and pieces of text that are looked at for the texts of one declaration
const LONGEST_TEXT = 8 * LONGEST_VALUE;
const ANY = "*"; // as a step of a pointer: each entry
const ESCAPE = /\\(?:x([0-9A-Fa-f]{2})|(['`])|[^])|"/g;
const INDEX = /^\p{Nd}+$/u;

/**
 * What stands in a place: the value itself, the text as evidence, where it is, and what it speaks for.
 *
 * @typedef {{said: unknown, raw: string, place: string, part: string | null}} Value
 */

/**
 * The text or the attribute of every element; with `part`, only of those that stand in such a part.
 * @returns {Iterable<Value>}
 */
export function* inElements(page, where, part) {
  const parts = part === null ? null : new Set(page.css(part));
  const texts = new Texts(LEAST_INSIDE);
  const found = page.css(where.css);
  if (found.length > MOST_ELEMENTS && found.length > page.size / CHARACTERS_EACH) {
    throw new TooMuch(`has more than ${Math.floor(Math.max(MOST_ELEMENTS, page.size / CHARACTERS_EACH))} elements`);
  }
  for (const node of found) {
    if (where.attribute !== null && !hasAttribute(node, where.attribute)) continue;
    const text = where.attribute === null ? texts.of(node) : attribute(node, where.attribute);
    const after = where.after ?? "";
    if (!fold(text).startsWith(fold(after))) continue;
    const around = parts === null ? null : nearest(node, parts);
    if (parts !== null && around === null) continue;
    const place = around === null ? null : page.selectors.of(around);
    yield { said: strip(text.slice(after.length)), raw: text, place: place ?? page.selectors.of(node), part: place };
  }
}

/** The innermost part that an element is or stands in. */
function nearest(node, parts) {
  for (const here of ancestors(node)) if (parts.has(here)) return here;
  return null;
}

/** The beginnings of the texts of elements; `left`: so many elements and pieces of text may be looked at. */
class Texts {
  #left;

  constructor(left) {
    this.#left = left;
  }

  of(element) {
    const said = [];
    let length = 0;
    for (const node of inside(element)) {
      this.#left -= 1;
      if (this.#left < 0) throw new TooMuch("has very many elements in each other");
      if (!isText(node) || !node.data) continue;
      said.push(node.data);
      length += node.data.length + 1;
      if (length > LONGEST_TEXT) break;
    }
    return oneLine(said.join(" ").slice(0, LONGEST_TEXT));
  }
}

/** The first script that has the text in it. @returns {Iterable<Value>} */
export function* inCode(page, { text }) {
  for (const node of page.css("script").slice(0, MOST_SCRIPTS)) {
    if (!node.textContent.includes(text)) continue;
    yield { said: text, raw: text, place: page.selectors.of(node), part: null };
    return;
  }
}

/** The JSON of one page, each piece parsed once, for all the pointers that lead into it. */
export class JsonPlaces {
  #page;
  #known = new Map();

  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.#page = page;
  }

  /**
   * The values that the pointer leads to.
   * @returns {Iterable<Value>}
   * @throws {BrokenJson | TooMuch} after what could be read
   */
  *at(where) {
    const key = `${where.kind} ${where.css ?? where.name}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#parse(where));
    const { pieces, fault } = this.#known.get(key);
    for (const [before, root] of pieces) yield* inJson(root, where.steps, before);
    if (fault !== null) throw fault;
  }

  #parse(where) {
    const pieces = [];
    let fault = null;
    try {
      for (const [before, text, at] of where.kind === "state" ? this.#assignments(where) : this.#scripts(where)) {
        try {
          pieces.push([before, valueAt(text, at)]);
        } catch (broken) {
          if (!(broken instanceof BrokenJson)) throw broken;
          fault ??= broken;
        }
      }
    } catch (refused) {
      if (!(refused instanceof TooMuch)) throw refused;
      fault = refused;
    }
    return { pieces, fault };
  }

  /** Where JSON begins: what to write before its pointers, the text, the place in it. */
  *#scripts({ css }) {
    for (const node of this.#page.css(css).slice(0, MOST_SCRIPTS)) {
      const text = strip(node.textContent);
      if (text) yield [`${this.#page.selectors.of(node)}: `, text, 0];
    }
  }

  *#assignments({ name }) {
    for (const node of this.#page.css("script:not([src])").slice(0, MOST_SCRIPTS)) {
      const text = node.textContent;
      if (!text.includes(name)) continue;
      let number = 0;
      for (const match of text.matchAll(assignmentTo(name))) {
        if ((number += 1) > MOST_STATES) throw new TooMuch(`is assigned more than ${MOST_STATES} times`);
        yield [`${this.#page.selectors.of(node)}: ${name} `, text, match.index + match[0].length];
      }
    }
  }
}

/** The values that `steps` lead to; the part is the last entry that "*" stood for. */
function* inJson(root, steps, place) {
  let found = [["", root, null]];
  for (const step of steps) {
    const next = [];
    for (const [pointer, value, part] of found) {
      for (const [at, inner] of stepInto(value, pointer, step)) next.push([at, inner, step === ANY ? at : part]);
    }
    if (next.length > MOST_ENTRIES) throw new TooMuch(`has more than ${MOST_ENTRIES} entries`);
    found = next;
  }
  for (const [pointer, value, part] of found) {
    yield { said: value, raw: `${shown(steps.at(-1))}: ${shown(value)}`, place: place + pointer, part };
  }
}

/** What one step of a pointer leads to from `value`. */
function* stepInto(value, pointer, step) {
  if (value instanceof Repeated) { // the name before was given several times: each of its values counts
    for (const each of value) yield* stepInto(each, pointer, step);
  } else if (isObject(value)) {
    for (const name of step === ANY ? value.keys() : value.has(step) ? [step] : []) {
      if (name.length > LONGEST_VALUE) throw new TooMuch(`has a name of more than ${LONGEST_VALUE} characters`);
      yield [`${pointer}/${pointerStep(name)}`, value.get(name)];
    }
  } else if (Array.isArray(value) && step === ANY) {
    for (const [index, each] of value.slice(0, MOST_ENTRIES + 1).entries()) yield [`${pointer}/${index}`, each];
  } else if (Array.isArray(value) && INDEX.test(step) && Number(step.slice(0, 9)) < value.length) {
    yield [`${pointer}/${step}`, value[Number(step.slice(0, 9))]];
  }
}

/** The JSON that begins here, or the JSON in the string that begins here, as JSON.parse takes it. */
function valueAt(text, at) {
  if (text[at] !== '"' && text[at] !== "'") return parseFirst(text, at)[0];
  let end = at + 1;
  while (end < text.length && text[end] !== text[at]) end += text[end] === "\\" ? 2 : 1;
  if (end >= text.length) throw new BrokenJson("begins a string that does not end");
  const spelled = text.slice(at + 1, end).replaceAll(ESCAPE, asJsonDoes);
  return parseFirst(String(parseFirst(`"${spelled}"`, 0)[0]), 0)[0];
}

/** An escape or a quote of a script's string as a JSON string spells it. */
function asJsonDoes(all, digits, quote) {
  if (digits !== undefined) return `\\u00${digits}`;
  return quote ?? (all === '"' ? '\\"' : all);
}
