/** The text that a person sees on a page, cut into lines as they are laid out. See `gateway/labels/visible_text.py`. */
import { hasInvisible, withoutInvisible } from "./invisible.js";
import { UNSEEN } from "./place.js";
import { LONGEST_LINE } from "./signs.js";
import { ancestors, isElement, parentOf, tagOf } from "./tree.js";

const INLINE = new Set(
  ("a abbr acronym b bdi bdo big cite data del dfn em font i ins kbd label mark nobr q s samp small span strong sub " +
    "sup time tt u var wbr text tspan").split(" "),
);
const BREAKS = new Set(["br", "hr"]);
const STRETCH = 40; // pieces of text; a long line is looked at in stretches of so many, with their neighbours
const MOST_STEPS = 30; // over empty elements, back to the piece of text before
const STEP = LONGEST_LINE / 2;
const SAID = /[^\t\n\f\r ]/;
/** Between two pieces of text; counts as a space. */
const JOINT = "\x1f";

/**
 * A line of text around one place. `at` is that place in `text`; `block` is the element that makes the line; `begin` is
 * where `text` begins in the text of the page.
 *
 * @typedef {{text: string, at: number, block: Element, begin: number}} Line
 */

/** The text of a document's body, in order; that of elements that nobody sees, such as scripts, is in it too. */
export class VisibleText {
  #nodes;
  #starts = [];
  #blocks = new Map();
  #run = [0, 0]; // the pieces of the line that was looked at last, within its stretch
  #runStretch = -1;

  /** @param {Document | null} document */
  constructor(document) {
    const body = document?.querySelector("body") ?? null; // `document.body` may be a picture of that name
    this.#nodes = body === null ? [] : textNodes(body);
    let pieces = this.#nodes.map((node) => node.data);
    this.text = pieces.join(JOINT);
    if (hasInvisible(this.text)) {
      pieces = pieces.map(withoutInvisible);
      this.text = pieces.join(JOINT);
    }
    let start = 0;
    for (const piece of pieces) {
      this.#starts.push(start);
      start += piece.length + 1;
    }
  }

  /** @param {number} place @returns {boolean} whether there is a line around this character of `text` */
  isSeen(place) {
    const block = this.#nodes.length ? this.#blockOf(this.#pieceAt(place)) : null;
    return block !== null && !UNSEEN.has(tagOf(block));
  }

  /** @param {number} place @returns {Line | null} cut to what is near; null in a script and its kind */
  lineAt(place) {
    if (!this.isSeen(place)) return null;
    const middle = this.#pieceAt(place);
    const [first, last] = this.#runOf(middle);
    const start = this.#starts[first];
    const end = last < this.#nodes.length ? this.#starts[last] - 1 : this.text.length;
    // Cut by steps, not around the place, so that the next place of a long line is in the same cut.
    const begin = Math.max(start, start + Math.floor((place - start) / STEP) * STEP - STEP / 2);
    const text = this.text.slice(begin, Math.min(end, begin + LONGEST_LINE));
    return { text, at: place - begin, block: this.#blockOf(middle), begin };
  }

  /**
   * @param {Line} line
   * @param {number} start
   * @param {number} end
   * @returns {Element} the innermost that holds these characters
   */
  elementOf(line, start, end) {
    const one = this.#pieceAt(line.begin + start);
    const other = this.#pieceAt(line.begin + Math.max(start, end - 1));
    const inner = parentOf(this.#nodes[one]) ?? line.block;
    return one === other ? inner : common(inner, parentOf(this.#nodes[other]) ?? line.block);
  }

  #pieceAt(place) {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle] <= place) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** The pieces that stand on one line with this one, from the stretch before its own to the one after. */
  #runOf(middle) {
    const stretch = Math.floor(middle / STRETCH);
    if (stretch === this.#runStretch && this.#run[0] <= middle && middle < this.#run[1]) return this.#run;
    let first = middle;
    let last = middle + 1;
    while (first > Math.max(0, (stretch - 1) * STRETCH) && this.#isJoined(first)) first -= 1;
    while (last < Math.min(this.#nodes.length, (stretch + 2) * STRETCH) && this.#isJoined(last)) last += 1;
    this.#run = [first, last];
    this.#runStretch = stretch;
    return this.#run;
  }

  /** Whether a piece and the one before it stand on one line: in one block, with no br or hr between them. */
  #isJoined(piece) {
    const block = this.#blockOf(piece);
    return block !== null && this.#blockOf(piece - 1) === block && !isBrokenBefore(this.#nodes[piece], block);
  }

  /** The nearest ancestor of a piece that is laid out as a block. */
  #blockOf(piece) {
    const unknown = [];
    let block = null;
    for (const here of ancestors(parentOf(this.#nodes[piece]))) {
      if (this.#blocks.has(here)) {
        block = this.#blocks.get(here);
        break;
      }
      unknown.push(here);
      if (!INLINE.has(tagOf(here))) {
        block = here;
        break;
      }
    }
    for (const here of unknown) this.#blocks.set(here, block);
    return block;
  }
}

function textNodes(root, found = []) {
  const what = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_CDATA_SECTION | NodeFilter.SHOW_ELEMENT;
  const walker = root.ownerDocument.createTreeWalker(root, what);
  for (let node = root; node !== null; node = walker.nextNode()) {
    if (!isElement(node)) {
      if (SAID.test(node.data)) found.push(node);
    } else if (node.shadowRoot) {
      for (const child of node.shadowRoot.childNodes) {
        if (isElement(child)) textNodes(child, found);
        else if (child.nodeType === Node.TEXT_NODE && SAID.test(child.data)) found.push(child);
      }
    }
  }
  return found;
}

/** The innermost element that holds both. */
function common(one, other) {
  const around = new Set(ancestors(one));
  for (const here of ancestors(other)) if (around.has(here)) return here;
  return one;
}

/** Whether a br or hr stands between a piece of text and the one before it. */
function isBrokenBefore(node, block) {
  let here = node;
  for (let left = MOST_STEPS; left > 0; left -= 1) {
    if (here === null || here === block) return false;
    const before = here.previousSibling;
    if (before === null) here = parentOf(here);
    else if (isElement(before) && BREAKS.has(tagOf(before))) return true;
    else if (before.nodeType === Node.COMMENT_NODE || (isElement(before) && before.firstChild === null)) here = before;
    else return false;
  }
  return false;
}
