/**
 * What stands around a sign: the words of its element and its link, what names it from before, the box that it opens.
 */
import { hasLetter, strip } from "./characters.js";
import { MOST_LEVELS, siblings } from "./listing.js";
import { plain } from "./signs.js";
import { inside, isText, parentOf, tagOf } from "./tree.js";

export const LONGEST_NAME = 40; // characters of what names a number: "Android", "Возраст"
const LONGEST_BOX = 80; // characters of a number with its caption
const MOST_OF_BOX = 16; // elements and pieces of text in such a box
const BEGINNING = 60; // characters of an element that are looked at
const MOST_OF_BEGINNING = 500; // elements and pieces of text in these
const NOTHING = { title: null, isGuard: false };
const PAIRS = new Set(["dt dd", "th td"]);
const SAID = /[^\t\n\f\r ]/;
const DIGIT_FIRST = /^\p{Nd}/u;

/** Looks around on one page; what was found out about an element is kept for the next sign. */
export class Surroundings {
  #signs;
  #boxes = new Map();
  #rows = new Map();
  #beginnings = new Map();
  #before = new Map();

  /** @param {import("./signs.js").Signs} signs */
  constructor(signs) {
    this.#signs = signs;
  }

  /**
   * @param {Element} element
   * @returns {string | null} its text; null when it is longer than a name, or has very much inside
   */
  nameOf(element) {
    const { text, isWhole } = this.#beginning(element);
    return isWhole && text.length <= LONGEST_NAME ? text : null;
  }

  /**
   * @param {Element} element
   * @returns {boolean} whether the one before names what has numbers with a plus: "Android"
   */
  followsGuard(element) {
    return this.#namedBefore(element).isGuard;
  }

  /** @param {Element} element @returns {string | null} the language of a title that the element before is */
  titleBefore(element) {
    return this.#namedBefore(element).title;
  }

  /** @param {Element} element @returns {{element: Element, words: string} | null} the one that a title announces */
  titledBy(element) {
    const after = first(siblings(element, "nextSibling"));
    if (after === null || !isPair(element, after)) return null;
    const words = strip(this.nameOf(after) ?? "");
    return words ? { element: after, words } : null;
  }

  /** Whether a number opens a small box with its caption, among boxes of other numbers: "18+ years", "90%". */
  isStatistic(block, text) {
    const box = parentOf(this.#rowOf(block));
    const words = box === null ? "" : this.#numberOpening(box);
    if (box === null || !words.startsWith(text) || !hasLetter(words)) return false;
    for (const other of siblings(box)) if (tagOf(other) === tagOf(box) && this.#numberOpening(other)) return true;
    return false;
  }

  /** @param {Element} block @returns {{around: Element, tag: string}} what it is listed in, and the tag of its row */
  listOf(block) {
    const row = this.#rowOf(block);
    return { around: parentOf(row) ?? row, tag: tagOf(row) };
  }

  /** The outermost element that holds nothing beside this block, and of a cell its row. */
  #rowOf(block) {
    if (!this.#rows.has(block)) this.#rows.set(block, rowOf(block));
    return this.#rows.get(block);
  }

  #namedBefore(element) {
    if (!this.#before.has(element)) {
      const before = first(siblings(element, "previousSibling"));
      const words = before !== null && isPair(before, element) ? strip(this.#beginning(before).text) : "";
      this.#before.set(element, words && words.length <= LONGEST_NAME ? this.#meaning(words) : NOTHING);
    }
    return this.#before.get(element);
  }

  #meaning(words) {
    const title = this.#signs.languageOfTitle(words);
    return { title, isGuard: title === null && this.#signs.isGuarded(words) && !this.#signs.read(words).length };
  }

  /** The words of a small box that opens with a number; empty for every other box. */
  #numberOpening(box) {
    if (!this.#boxes.has(box)) {
      const words = isSmall(box) ? strip(plain(textWithSpaces(box))) : "";
      this.#boxes.set(box, DIGIT_FIRST.test(words) ? words : "");
    }
    return this.#boxes.get(box);
  }

  /** The first characters in an element, and whether there are no more. */
  #beginning(element) {
    if (!this.#beginnings.has(element)) this.#beginnings.set(element, beginning(element));
    return this.#beginnings.get(element);
  }
}

function first(elements) {
  for (const element of elements) return element;
  return null;
}

function isPair(one, other) {
  return tagOf(one) === tagOf(other) || PAIRS.has(`${tagOf(one)} ${tagOf(other)}`);
}

function beginning(element) {
  let text = "";
  let left = MOST_OF_BEGINNING;
  for (const node of inside(element)) {
    if (isText(node)) text += node.data;
    left -= 1;
    if (text.length > BEGINNING || left === 0) return { text: text.slice(0, BEGINNING), isWhole: false };
  }
  return { text, isWhole: true };
}

function textWithSpaces(box) {
  return [...inside(box)].filter(isText).map((node) => node.data).join(" ");
}

/** Whether a box says little; a look at its first pieces, because it may be the whole page. */
function isSmall(box) {
  let length = 0;
  let said = 0;
  let elements = 0;
  for (const node of inside(box)) {
    if (isText(node) && !SAID.test(node.data)) continue;
    said += 1;
    if (said <= MOST_OF_BOX && isText(node)) length += node.data.length;
    if (!isText(node)) elements += 1;
    if (elements > MOST_OF_BOX || length > LONGEST_BOX) return false;
  }
  return true;
}

function rowOf(block) {
  let here = block;
  for (let left = MOST_LEVELS; left > 0; left -= 1) {
    const parent = parentOf(here);
    if (parent === null || tagOf(parent) === "body" || tagOf(parent) === "html") break;
    if (tagOf(here) !== "td" && tagOf(here) !== "th" && first(siblings(here)) !== null) break;
    here = parent;
  }
  return here;
}
