/**
 * The parts of a page: the card, row or article of a listing in which an element stands. See
 * `gateway/labels/listing.py`.
 */
import { hasLetter } from "./characters.js";
import { ancestors, attribute, isElement, own, parentNodeOf, tagOf } from "./tree.js";

const MOST_SIBLINGS = 30; // on each side
const MOST_ASKED = 16; // children of one element that are looked at one by one
export const MOST_LEVELS = 16; // between a sign and the item that it belongs to

const NOT_A_PART = new Set(["html", "body", "main", "header", "footer"]);
// Elements that are items by themselves; of others, two must share a class or three the bare name.
const ITEMS = new Set(["li", "article", "tr", "figure", "section", "dd"]);
const NAMING = "h2, h3, h4, h5, h6, img, picture, video, a[href]";

/** Finds the item of a listing that an element stands in; what was found out is kept for the next element. */
export class PartFinder {
  #page;
  #titles;
  #around;
  #among = new Map();
  #kinds = new Map();
  #asked = new Map(); // how often for children of an element
  #named = null;

  /** @param {{css: (selector: string) => Element[]}} page */
  constructor(page) {
    this.#page = page;
    this.#titles = page.css("h1");
    // What holds the page's only main heading is the page itself.
    this.#around = new Set(this.#titles.length === 1 ? ancestors(this.#titles[0]) : []);
  }

  /** @returns {boolean} whether the page has a main heading */
  get hasTitle() {
    return this.#titles.length > 0;
  }

  /**
   * An item has a name of its own (a heading, a picture, a link with words) and stands among others of its kind.
   *
   * @param {Element} node
   * @returns {Element | null} null when it stands for the page
   */
  partOf(node) {
    let level = 0;
    for (const here of ancestors(node)) {
      if ((level += 1) > MOST_LEVELS) break;
      if (NOT_A_PART.has(tagOf(here)) || this.#around.has(here)) return null;
      if (this.#hasName(here) && this.#isAmongItsKind(here)) return here;
    }
    return null;
  }

  /** Whether siblings of the same kind, with names, stand near: one, or two where only the bare tag is shared. */
  #isAmongItsKind(node) {
    const parent = parentNodeOf(node);
    if (!this.#among.has(node) && parent !== null) {
      const asked = (this.#asked.get(parent) ?? 0) + 1;
      this.#asked.set(parent, asked);
      if (asked === MOST_ASKED) this.#lookAtAll(parent);
    }
    if (!this.#among.has(node)) this.#among.set(node, this.#lookBeside(node));
    return this.#among.get(node);
  }

  /** The same for all children at once: of each kind, the nearest on both sides tell. */
  #lookAtAll(parent) {
    const places = new Map();
    let place = 0;
    for (const child of own(parent, "childNodes")) {
      if (isElement(child) && this.#hasName(child)) {
        const kind = this.#kindOf(child);
        if (!places.has(kind)) places.set(kind, []);
        places.get(kind).push([place, child]);
      }
      place += 1;
    }
    for (const [kind, kin] of places) {
      const isPairEnough = this.#isPairEnough(kin[0][1], kind);
      const around = [-Infinity, -Infinity, ...kin.map(([at]) => at), Infinity, Infinity];
      kin.forEach(([at, child], index) => {
        const number = index + 2;
        // Are two of them near: one on each side, or both on one side? Or is one, where one is enough?
        const before = at - around[number - 1];
        const after = around[number + 1] - at;
        const second = Math.min(Math.max(before, after), at - around[number - 2], around[number + 2] - at);
        this.#among.set(child, (isPairEnough ? Math.min(before, after) : second) <= MOST_SIBLINGS);
      });
    }
  }

  #lookBeside(node) {
    const kind = this.#kindOf(node);
    let needed = this.#isPairEnough(node, kind) ? 1 : 2;
    for (const other of siblings(node)) {
      if (this.#hasName(other) && this.#kindOf(other) === kind && (needed -= 1) === 0) return true;
    }
    return false;
  }

  #isPairEnough(node, kind) {
    return ITEMS.has(tagOf(node)) || !kind.endsWith(".");
  }

  /** The tag of an element and its first class: "li.card", "div.". */
  #kindOf(node) {
    if (!this.#kinds.has(node)) {
      const [first] = attribute(node, "class").trim().split(/\s+/, 1);
      this.#kinds.set(node, `${tagOf(node)}.${first}`);
    }
    return this.#kinds.get(node);
  }

  /** Whether an element has a name in it or is one; each element is come to once, however deep the page is. */
  #hasName(node) {
    if (this.#named === null) {
      this.#named = new Set();
      for (const naming of this.#page.css(NAMING)) {
        if (tagOf(naming) === "a" && !hasWords(naming)) continue;
        for (const here of ancestors(naming)) {
          if (this.#named.has(here)) break;
          this.#named.add(here);
        }
      }
    }
    return this.#named.has(node);
  }
}

/** Whether a link says words; one that says "18+" names nothing. */
function hasWords(link) {
  return hasLetter(link.textContent.slice(0, 200));
}

/**
 * The elements that stand near beside `node`, those before it first, the nearest of each side first.
 *
 * @param {Element} node
 * @param {...("previousSibling" | "nextSibling")} sides those of one side
 * @returns {Iterable<Element>}
 */
export function* siblings(node, ...sides) {
  for (const direction of sides.length ? sides : ["previousSibling", "nextSibling"]) {
    let other = own(node, direction);
    for (let left = MOST_SIBLINGS; other !== null && left > 0; left -= 1) {
      if (isElement(other)) yield other;
      other = own(other, direction);
    }
  }
}
