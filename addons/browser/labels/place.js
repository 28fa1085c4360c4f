/** Where on a page an element stands: in its frame, in a heading, in a place that speaks for nothing. */
import { escaped, fold } from "./characters.js";
import { ancestors, attribute, hasAttribute, parentOf, tagOf } from "./tree.js";

const MOST_NAMES = 500; // characters of an element's class names and id
const MOST_KEPT = 10_000; // different class names with ids, of which it is kept what they say

const HEADINGS = new Set(["h1", "h2", "h3", "h4", "h5", "h6"]);
/** Elements whose text nobody sees, or that is not the page's own (WHATWG HTML, section 15.3.1, and raw text). */
export const UNSEEN = new Set(
  ("script style noscript template title textarea xmp plaintext iframe noembed noframes object audio video canvas " +
    "select datalist pre code").split(" "),
);
const NAME_WORD = /[A-Z]?[a-z]+|[A-Z]+/g;
const HIDDEN = /(?:^|[;\s])(?:display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden)/i;
/** Elements that the add-on itself hid: they are read as if it had not, or their labels would be lost with them. */
export const COVERED = new WeakSet();
const ROTATED = /rotate\(\s{0,4}-?45deg/i;
const NAMELESS = { deaf: false, rhombus: false, header: false, footer: false };

/**
 * What an element and those it stands in say of where it stands.
 *
 * @typedef {object} Place
 * @property {boolean} deaf hidden, a form control, a comment, an advertisement, a quotation, code
 * @property {boolean} own inside an article, a section or the like, whose header is its own
 * @property {Element | null} header the header or footer of the page itself
 * @property {Element | null} footer
 * @property {Element | null} heading
 * @property {Element | null} link
 * @property {boolean} rhombus the element itself is drawn as one
 */
const NOWHERE = { deaf: false, own: false, header: null, footer: null, heading: null, link: null, rhombus: false };

/** Finds the place of an element; what was found out about those it stands in is kept for the next. */
export class PlaceFinder {
  #places;
  #known = new Map();
  #named = new Map();
  #maySay;
  #sets;

  /** @param {object} places policies/signs/places.yaml */
  constructor(places) {
    this.#places = places;
    const said = [places.deaf.words, places.rhombus_words, places.header.words, places.footer.words].flat();
    this.#maySay = new RegExp(said.map(escaped).join("|") || "(?!)", "i");
    const [deaf, rhombus] = [new Set(places.deaf.words), new Set(places.rhombus_words)];
    this.#sets = { deaf, rhombus, outer: new Set(places.outer_words) };
  }

  /** @param {Element} node @returns {Place} */
  placeOf(node) {
    const unknown = [];
    let place = NOWHERE;
    for (const here of ancestors(node)) {
      if (this.#known.has(here)) {
        place = this.#known.get(here);
        break;
      }
      unknown.push(here);
    }
    for (const here of unknown.reverse()) {
      place = this.#inside(place, here);
      this.#known.set(here, place);
    }
    return place;
  }

  /**
   * @param {Element} frame
   * @returns {boolean} whether a frame of its own document says nothing of the page around it
   */
  isDeafFrame(frame) {
    const [style, role] = [attribute(frame, "style"), frame.getAttribute("role")];
    if (isDeafByAttributes(frame, tagOf(frame), style, role, this.#namedBy(frame), this.#places.deaf)) return true;
    const outer = parentOf(frame);
    return outer !== null && this.placeOf(outer).deaf;
  }

  #inside(outer, node) {
    const places = this.#places;
    const tag = tagOf(node);
    const named = tag === "html" || tag === "body" ? NAMELESS : this.#namedBy(node);
    const style = attribute(node, "style");
    const role = attribute(node, "role") || null;
    // What an article calls its header is its own, and an article in a header is no part of the frame.
    const framed = tag !== "article";
    let header = framed ? outer.header : null;
    let footer = framed ? outer.footer : null;
    if (framed && !outer.own) {
      if (header === null && (named.header || stands(places.header, tag, role))) header = node;
      if (footer === null && (named.footer || stands(places.footer, tag, role))) footer = node;
    }
    return {
      deaf: outer.deaf || isDeaf(node, tag, style, role, named, places.deaf),
      own: outer.own || places.own.tags.includes(tag),
      header,
      footer,
      heading: outer.heading ?? (HEADINGS.has(tag) ? node : null),
      link: outer.link ?? (tag === "a" && attribute(node, "href") ? node : null),
      rhombus: named.rhombus || (style !== "" && ROTATED.test(style)),
    };
  }

  #namedBy(node) {
    const classes = attribute(node, "class");
    let id = attribute(node, "id");
    if (id && !this.#maySay.test(id)) id = ""; // most say nothing, and each is another one
    if (!classes && !id) return NAMELESS;
    const key = `${classes}\u0000${id}`;
    const known = this.#named.get(key);
    if (known !== undefined) return known;
    const said = this.#say(nameWords(classes, id));
    if (this.#named.size < MOST_KEPT) this.#named.set(key, said);
    return said;
  }

  #say(names) {
    const words = names.flat();
    return {
      deaf: words.some((word) => this.#sets.deaf.has(word)),
      rhombus: words.some((word) => this.#sets.rhombus.has(word)),
      header: names.some((name) => this.#leads(name, this.#places.header.words)),
      footer: names.some((name) => this.#leads(name, this.#places.footer.words)),
    };
  }

  /** Whether a name begins with a wanted word: "footer", "site-footer__age", but not "card-footer". */
  #leads(name, wanted) {
    const first = name.find((word) => !this.#sets.outer.has(word)) ?? "";
    return wanted.includes(first) || (name.length > 0 && wanted.includes(name[0]));
  }
}

function stands(wanted, tag, role) {
  return wanted.tags.includes(tag) || wanted.roles.includes(role);
}

function isDeaf(node, tag, style, role, named, deaf) {
  return UNSEEN.has(tag) || deaf.tags.includes(tag) || isDeafByAttributes(node, tag, style, role, named, deaf);
}

function isDeafByAttributes(node, tag, style, role, named, deaf) {
  if (hasAttribute(node, "hidden") || deaf.roles.includes(role)) return true;
  if (hasAttribute(node, "itemtype") && deaf.types.includes(attribute(node, "itemtype").split("/").at(-1))) return true;
  if (style && HIDDEN.test(style) && !COVERED.has(node)) return true;
  if (deaf.attributes.some((name) => hasAttribute(node, name))) return true;
  // The class names of main tell of the site, not of what stands in it.
  return tag !== "main" && named.deaf;
}

/** The words of each class name and of the id, in lower case. */
function nameWords(classes, id) {
  const names = `${classes} ${id}`.slice(0, MOST_NAMES).split(/\s+/).filter(Boolean);
  return names.map((name) => (name.match(NAME_WORD) ?? []).map(fold));
}
