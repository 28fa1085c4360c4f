/** Items with properties written into elements: what microdata and RDFa share. See `gateway/labels/items.py`. */
import { fold, oneLine, pieces, quoted } from "./characters.js";
import { limited } from "./part_limit.js";
import { PAUSE, Room } from "./reader.js";
import { Repeats, TooManyDifferent } from "./repeats.js";
import { LONGEST_TEXT } from "./scales.js";
import { AUDIENCE, PROPERTIES, readAudience, readProperty, strictestSaid } from "./schema_org.js";
import {
  ancestors, attribute, firstInside, hasAttribute, isElement, isText, parentNodeOf, parentOf, tagOf, walkerOf,
} from "./tree.js";

const ITEM_LIST = "itemlistelement";
const AUDIENCE_OF = "audience";
// What is near by, not what the page is.
const ELSEWHERE = ["comment", "review", "isrelatedto", "issimilarto", "mentions"];
// WHATWG HTML, section 5.2.4: where an element keeps the value when it has no `content`.
const VALUE_IN = new Map([
  ...["a", "area", "link"].map((tag) => [tag, "href"]),
  ...["audio", "embed", "iframe", "img", "source", "track", "video"].map((tag) => [tag, "src"]),
  ["object", "data"], ["data", "value"], ["meter", "value"], ["time", "datetime"],
]);
const NAMES = [...PROPERTIES.keys(), ...AUDIENCE.keys()].sort();
const TELLING = new RegExp(NAMES.join("|"));
const MOST_INNER = 40; // elements and pieces of text inside one property
const DEEPEST = 2; // items within the item of a property
const MOST_ITEMS = 16; // around one property
const MOST_PROPERTIES = 1_000; // about age, of one page
const CHARACTERS_EACH = 100; // a page that has more of them has so many characters for each, as listings have

/**
 * How items are written: the attribute of an element that is an item, those that name its types and properties, and
 * what gives an element's schema.org property names.
 *
 * @typedef {object} Dialect
 * @property {string} carrier
 * @property {string} item
 * @property {string} types
 * @property {string} property
 * @property {(node: Element) => Set<string>} names
 */

/** Reads the properties of one page; what was found out about its items is kept for the next property. */
export class ItemWalk {
  #page;
  #dialect;
  #read;
  #room = new Room();
  #names = new Map();
  #insides = new Map();
  #arounds = new Map();
  #kinds = null;

  /** @param {import("./page.js").Page} page @param {Dialect} dialect */
  constructor(page, dialect) {
    this.#page = page;
    this.#dialect = dialect;
    const { country, data } = page;
    this.#read = new Repeats((name, text, system) => readProperty(name, text, data.scales, { system, country }));
  }

  /** @param {Element[]} nodes @returns {Iterable<import("./reader.js").Found>} what their properties say of an age */
  *labels(nodes) {
    try {
      yield* limited(this.#found(nodes));
    } catch (refused) {
      if (!(refused instanceof TooManyDifferent)) throw refused;
      yield { blocked: `in ${this.#dialect.carrier}, ${refused.message}` };
    }
  }

  *#found(nodes) {
    let seen = 0;
    for (const node of nodes) {
      if (!TELLING.test(fold(attribute(node, this.#dialect.property)))) continue;
      seen += 1;
      if (seen > MOST_PROPERTIES && seen > this.#page.size / CHARACTERS_EACH) {
        yield { blocked: `more than ${seen - 1} properties in ${this.#dialect.carrier} speak of an age` };
        return;
      }
      yield PAUSE;
      const own = this.#namesOf(node);
      for (const name of NAMES.filter((each) => own.has(each))) {
        const items = this.#itemsAround(parentOf(node));
        yield* AUDIENCE.has(name) ? this.#audience(node, name, items) : this.#property(node, name, items);
      }
    }
  }

  *#property(node, name, items) {
    const values = [...this.#values(node)];
    const said = strictestSaid(values.map(([text, system]) => this.#read.answer(name, text, system)));
    if (said !== null) {
      yield* this.#label(node, PROPERTIES.get(name), said, items);
    } else if (this.#room.take()) {
      const texts = `[${values.map(([text]) => quoted(text)).join(", ")}]`;
      yield { note: `${PROPERTIES.get(name)} says ${texts.slice(0, 80)}, which is no label` };
    }
  }

  /** An age of the audience. Only a work's audience is told by what it holds. */
  *#audience(node, name, items) {
    const hasAudience = items.length > 0 && this.#namesOf(items[0]).has(AUDIENCE_OF);
    const owners = hasAudience ? items.slice(1) : items;
    const value = this.#isItem(node) ? this.#quantity(node) : this.#text(node);
    const things = this.#types(owners.slice(0, 1));
    if (!this.#page.data.schemaOrg.isToldByContent(things, this.#types(hasAudience ? [items[0]] : []))) {
      if (this.#room.take()) yield { note: `${AUDIENCE.get(name)} is not said of a work: it may be a buyer's age` };
      return;
    }
    const said = readAudience(name, value, this.#page.data.scales);
    if (said === null) {
      if (this.#room.take()) yield { note: `${AUDIENCE.get(name)} says something, which is no label` };
      return;
    }
    const raw = this.#isItem(node) ? node.outerHTML.slice(0, LONGEST_TEXT) : said.raw;
    yield* this.#label(node, AUDIENCE.get(name), { ...said, raw }, owners);
  }

  *#label(node, name, said, items) {
    const part = this.#listedItem(items);
    const isElsewhere = items.some((here) => ELSEWHERE.some((each) => this.#namesOf(here).has(each)));
    if (isElsewhere && part === null) {
      if (this.#room.take()) yield { note: `${name} ${quoted(said.raw)} speaks of something else than this page` };
      return;
    }
    const build = () => this.#build(node, said, part);
    yield { part: { mark: said.mark, trust: said.trust, build, ofPage: part === null } };
    if (said.remark && this.#room.take()) yield { note: `${name} ${quoted(said.raw)}: ${said.remark}` };
  }

  #build(node, said, part) {
    const place = part === null ? null : this.#page.selectors.of(part);
    return {
      ...said.mark,
      scope: place === null ? "page" : "part",
      trust: said.trust,
      carrier: this.#dialect.carrier,
      raw: said.raw,
      place: place ?? this.#page.selectors.of(node),
      part: place,
    };
  }

  /** The innermost items that hold `node`, itself included, from the inside. */
  #itemsAround(node) {
    const unknown = [];
    let items = [];
    for (const here of ancestors(node)) {
      if (this.#arounds.has(here)) {
        items = this.#arounds.get(here);
        break;
      }
      unknown.push(here);
    }
    for (const here of unknown.reverse()) {
      items = this.#isItem(here) ? [here, ...items.slice(0, MOST_ITEMS - 1)] : items;
      this.#arounds.set(here, items);
    }
    return items;
  }

  #isItem(node) {
    return hasAttribute(node, this.#dialect.item);
  }

  #types(items) {
    return items.flatMap((item) => pieces(attribute(item, this.#dialect.types)));
  }

  #namesOf(node) {
    if (!this.#names.has(node)) this.#names.set(node, this.#dialect.names(node));
    return this.#names.get(node);
  }

  /** The properties of the item that `node` opens. */
  #inner(node) {
    if (this.#insides.has(node)) return this.#insides.get(node);
    const inner = new Map();
    this.#insides.set(node, inner);
    // As many elements and comments as are looked at; pieces of text do not count.
    const walker = walkerOf(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT);
    for (let left = MOST_INNER - 1; left > 0 && walker.nextNode() !== null; left -= 1) {
      const each = walker.currentNode;
      if (!isElement(each) || !hasAttribute(each, this.#dialect.property)) continue;
      for (const name of this.#namesOf(each)) if (!inner.has(name)) inner.set(name, each);
    }
    return inner;
  }

  /** The texts of an inner item, by the name of their property. */
  #quantity(node) {
    return new Map([...this.#inner(node)].map(([name, each]) => [name, this.#text(each)]));
  }

  #text(node, depth = 0) {
    for (const [text] of this.#values(node, depth)) return text;
    return "";
  }

  /** The texts of a property with the system that an inner Rating item names ("" without one). */
  *#values(node, depth = 0) {
    if (this.#isItem(node) && depth < DEEPEST) {
      const inner = this.#inner(node);
      const author = inner.get("author") ?? null;
      const system = author !== null ? this.#text(author, depth + 1) : "";
      for (const name of ["ratingvalue", "name", "alternatename"]) {
        const each = inner.get(name);
        if (!each || (author !== null && author.contains(each))) continue;
        for (const [text] of this.#values(each, depth + 1)) yield [text, system];
      }
    }
    // Pages put `content` on every element, so it is read on every element, as search engines do.
    const own = VALUE_IN.get(tagOf(node)) ?? "-";
    const text = attribute(node, "content") || attribute(node, own) || this.#resource(node);
    if (text) yield [text, ""];
    else if (!this.#isItem(node)) yield [textInside(node), ""];
  }

  #resource(node) {
    // RDFa 1.1 Lite, section 2.3: `resource` names the value of a property that is no text.
    return this.#dialect.item === "itemscope" || this.#isItem(node) ? "" : attribute(node, "resource");
  }

  /** The item of a listing that a property belongs to: a list element, or one of several items of a type. */
  #listedItem(items) {
    const element = items.find((here) => this.#namesOf(here).has(ITEM_LIST));
    if (element) return element;
    const item = items[0] ?? null;
    const kind = item === null ? "" : attribute(item, this.#dialect.types);
    if (!kind) return null;
    const { count, areSiblings } = this.#ofKind(kind);
    if (count < 2 || items.some((here) => here !== item && tagOf(here) === "body")) return null;
    return areSiblings || this.#page.parts.partOf(item) !== null ? item : null;
  }

  /** How many items of a kind there are, and whether all of them stand in one element. */
  #ofKind(kind) {
    if (this.#kinds === null) {
      this.#kinds = new Map();
      for (const other of this.#page.css(`[${this.#dialect.item}][${this.#dialect.types}]`)) {
        const name = attribute(other, this.#dialect.types);
        if (!this.#kinds.has(name)) this.#kinds.set(name, { count: 0, parents: new Set() });
        const known = this.#kinds.get(name);
        known.count += 1;
        known.parents.add(parentNodeOf(other));
      }
    }
    const known = this.#kinds.get(kind);
    return { count: known?.count ?? 0, areSiblings: known?.parents.size === 1 };
  }
}

/** The text of an element; empty when it holds more elements than any mark, and cut when longer than any. */
function textInside(node) {
  const nodes = firstInside(node, MOST_INNER + 1);
  if (nodes.length > MOST_INNER) return "";
  return oneLine(nodes.filter(isText).map((each) => each.data.slice(0, 2 * LONGEST_TEXT)).join(" "));
}
