/** The works and things of JSON-LD: a script parsed with bounds, and every object in it that states an age. */
import { fold, strip, stripEnd } from "./characters.js";
import { BrokenJson, isObject, parseWhole, pointerStep } from "./json_tree.js";
import { TooMuch } from "./reader.js";
import { AUDIENCE, PROPERTIES } from "./schema_org.js";

const MOST_JSON = 1 << 20; // characters of one script
const MOST_DEPTH = 64;
const MOST_VALUES = 100_000;
const LONGEST_POINTER = 1_000; // characters

// What is near by, not what the page is: its ages are not the page's own.
const ELSEWHERE = new Set(["isrelatedto", "issimilarto", "mentions", "citation", "isbasedon", "review", "comment"]);
const LIST = "itemlistelement";
const TELLING = new Map([...PROPERTIES, ...AUDIENCE, ["audience", "audience"]]);
// Wrappings from the days when scripts were hidden from browsers; only at the very start and end.
const OPENING = /^(?:\/\/|\/\*)?\s{0,8}(?:<!\[CDATA\[|<!--)\s{0,8}(?:\*\/)?/;
const CLOSING = /(?:\/\/|\/\*)?\s{0,8}(?:\]\]>|-->)\s{0,8}(?:\*\/)?$/;
const TRAILING_COMMA = /,(?=\s{0,100}[}\]])/g;

/**
 * A property about age: its name as schema.org writes it, its key, its value, the pointer from its entity, and the
 * types of the audience that states it.
 *
 * @typedef {{name: string, key: string, value: unknown, pointer: string, audience: string[]}} Stated
 */

/** An object that states an age, itself or of its audience. */
export class Entity {
  #step;
  #prefix;

  constructor(value, prefix, step, stated) {
    this.value = value;
    this.stated = stated;
    this.#prefix = prefix;
    this.#step = step;
    /** The nearest element of a list that it is or stands in; null when there is none. */
    this.listed = null;
    /** Whether it stands in something that is near by, and not what the page is. */
    this.elsewhere = false;
    this.#lookAround();
  }

  /** @returns {string} the JSON pointer that leads to it, after which script it stands in @throws {TooMuch} */
  get pointer() {
    const keys = [];
    for (let here = this.#step; here.above !== null; here = here.above) keys.unshift(pointerStep(String(here.key)));
    if (keys.join("").length > LONGEST_POINTER) {
      throw new TooMuch(`has a label behind names of more than ${LONGEST_POINTER} characters`);
    }
    return this.#prefix + keys.map((key) => `/${key}`).join("");
  }

  #lookAround() {
    let isKnown = false; // the nearest object inside something decides
    for (let here = this.#step; here !== null; here = here.above) {
      this.elsewhere ||= typeof here.key === "string" && ELSEWHERE.has(nameOf(here.key));
      if (isKnown || here.above === null || !isObject(here.value)) continue;
      const around = Array.isArray(here.above.value) ? here.above.key : here.key;
      if (typeof around === "string" && nameOf(around) === LIST) {
        this.listed = here.value;
        isKnown = true;
      }
    }
  }
}

/** @param {string} text of a script element @returns {unknown} its JSON @throws {BrokenJson | TooMuch} */
export function parseScript(text) {
  if (text.length > MOST_JSON) throw new TooMuch(`is longer than ${MOST_JSON} characters`);
  let bare = strip(text).replace(OPENING, "");
  bare = bare.slice(0, -64) + bare.slice(-64).replace(CLOSING, "");
  bare = stripEnd(bare, "; \t\r\n");
  try {
    return parseWhole(bare);
  } catch (fault) {
    if (!(fault instanceof BrokenJson)) throw fault;
    return parseWhole(bare.replaceAll(TRAILING_COMMA, ""));
  }
}

/**
 * @param {unknown} root
 * @param {string} prefix goes before its pointer
 * @returns {Iterable<Entity>}
 * @throws {TooMuch}
 */
export function* entitiesOf(root, prefix) {
  const stack = hasInside(root) ? [{ value: root, above: null, key: "", depth: 0 }] : [];
  let seen = 0;
  while (stack.length) {
    const step = stack.pop();
    const { value, depth } = step;
    const items = isObject(value) ? [...value] : [...value.entries()];
    seen += 1 + items.length;
    if (depth >= MOST_DEPTH) throw new TooMuch("is nested too deep");
    if (seen > MOST_VALUES) throw new TooMuch(`has more than ${MOST_VALUES} values`);
    if (isObject(value)) {
      const stated = items.some(([key]) => TELLING.has(nameOf(key))) ? [...statedBy(value)] : [];
      if (stated.length) yield new Entity(value, prefix, step, stated);
    }
    for (const [key, item] of items.reverse()) {
      if (hasInside(item)) stack.push({ value: item, above: step, key, depth: depth + 1 });
    }
  }
}

/** @param {Map<string, unknown>} value @returns {string[]} the types of an object, as they are written */
export function typesOf(value) {
  const types = value.get("@type");
  return (Array.isArray(types) ? types : [types]).filter((name) => typeof name === "string");
}

function hasInside(value) {
  return isObject(value) || Array.isArray(value);
}

/** What an object states of an age, itself and of its audience. */
function* statedBy(value) {
  for (const [key, inner] of value) {
    const name = nameOf(key);
    if (name === "audience") yield* ofAudience(inner, `/${pointerStep(key)}`);
    else if (TELLING.has(name) && (PROPERTIES.has(name) || !isAudience(value))) {
      yield { name: TELLING.get(name), key, value: inner, pointer: `/${pointerStep(key)}`, audience: [] };
    }
  }
}

function* ofAudience(value, outer) {
  const audiences = Array.isArray(value) ? [...value.entries()] : [[null, value]];
  for (const [place, audience] of audiences) {
    if (!isObject(audience)) continue;
    const steps = place === null ? outer : `${outer}/${place}`;
    for (const [key, inner] of audience) {
      const known = AUDIENCE.get(nameOf(key));
      const pointer = `${steps}/${pointerStep(key)}`;
      if (known) yield { name: known, key, value: inner, pointer, audience: typesOf(audience) };
    }
  }
}

/** Whether an object is an audience: it speaks for what names it as its audience, not for itself. */
function isAudience(value) {
  return typesOf(value).some((name) => fold(name).endsWith("audience"));
}

/** A key without case and vocabulary. */
function nameOf(key) {
  return fold(key.startsWith("schema:") ? key.slice(7) : key);
}
