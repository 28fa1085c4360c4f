/**
 * A cheap look at a live page: is there anything at all in which a reader would find a label, a flag, or too much to read?
 *
 * The same idea as `gateway/labels/traces.py`: what is looked for is a superset of what the readers read, so a page without
 * a trace has the reading of a page that says nothing, and no reader is loaded for it. A "yes" only means that it is read.
 * The words come out of the same data as the readers' (`gateway/labels/to_traces.py`).
 */
import { PAUSE } from "./reader.js";
import { styleTexts } from "./style_text.js";
import { attribute, parentNodeOf, rootsOf, tagOf, textNodesOf, writtenIn } from "./tree.js";

const MOST_PLACES = 300; // like signs, although none is one: with so many, readers may refuse to read on
const MOST_FRAMES_DEEP = 2;
const MOST_ADDRESS = 65_536;
const LONGEST_OWN = 200; // characters of an element at which a style sheet draws
const HEADERS = new Set(["rating", "content-rating", "pics-label"]); // others are of named sites
const JOINT = "\x1f";
const SILENT = new Set(["script", "style", "noscript"]); // nobody sees their text
const NAMED_BY = ["name", "property", "http-equiv", "content"];
const ESCAPED_LETTER = /\\u00(?:[46][1-9a-f]|[57][0-9a])/i; // JSON may spell a name so (RFC 8259, section 7)
const SPACES = /[\s\x1c-\x1f\x85]+/g;
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/g;
const DRAWN = /[0-9０-９]/;
const TITLED = "[alt], [aria-label], [title]";
const PICTURES = 'img, use, [style*="url(" i]';
const SOURCES = ["src", "data-src", "data-lazy-src", "data-original", "href", "xlink:href", "style"];
// In the last step of a picture's address; an "x" may be the end of "@2x", which readers leave out.
const PICTURE_NAME = /(?<![a-wyz])(?:age|ft_)|plus|\+/i;
const DIGIT = /[0-9]/;
// What tells of an age by its names, in what is added to a page.
const TELLING = '[itemprop], [typeof], [property], [class*="age" i], [class*="18"], iframe[srcdoc], script[type*="json" i], meta';

export class Traces {
  #text;
  #places;
  #invisible;
  #begun;
  #token;
  #meta;
  #properties;
  #badges;
  #names;
  #sites;

  /** @param {object} data what `traces_as_json` of gateway/labels/to_traces.py made */
  constructor(data) {
    const ages = data.ages.join("|");
    const plus = `[+${data.pluses}]`;
    const minus = `6[${data.dashes}–\\-]`;
    // "İ" is the one letter that grows in lower case.
    const words = [...data.words, ...data.notices].map((word) => literal(word).replaceAll("i", "[iİ]"));
    this.#text = new RegExp(
      [
        `(?<![0-9])(?:${ages})[^]?${plus}|[０-９][^]?${plus}|${plus}[０-９]|[${data.pluses}]`,
        `[+](?:${ages})(?![0-9])`,
        `(?<![\\p{L}\\p{N}_])${minus}(?![\\p{L}\\p{N}_])`,
        ...[literal(data.adults_only), ...words],
      ].join("|"),
      "iu",
    );
    this.#places = new RegExp(`${plus}|${minus}`, "gu");
    this.#invisible = new RegExp(`[${data.invisible}]`, "g");
    this.#begun = new RegExp(data.begun.join("|") || "(?!)", "v");
    this.#token = new RegExp(data.pictures.map(literal).join("|") || "(?!)", "i");
    this.#meta = new Set([...data.meta, "pics-label"]);
    this.#properties = data.properties;
    this.#badges = [
      ...data.links.map((host) => `a[href*="${host}" i]`),
      ...data.pictures.map((name) => `img[src*="${name}" i]`),
    ].join(", ");
    this.#names = {
      topLevel: new Set(data.names.top_level),
      words: data.names.words,
      selector: data.names.words.map((word) => `[class*="${word}" i]`).join(", "),
      classes: new RegExp(data.names.classes.join("|") || "(?!)", "v"),
    };
    this.#sites = new Set(data.sites);
  }

  /**
   * Whether the page may have a label, a flag, or something that must not be guessed at.
   *
   * @param {Document} document
   * @param {import("./read.js").Known} known as for `read`; headers as pairs
   * @returns {boolean}
   */
  mayTell(document, known) {
    try {
      return this.#isTold(document, known, MOST_FRAMES_DEEP);
    } catch {
      return true; // what is no page to us is one for the readers, which say so
    }
  }

  #isTold(document, { url = document.URL, headers = [], kind = null }, depth) {
    const { isOdd, host } = addressOf(url);
    if (isOdd || [...(headers ?? [])].some(([name]) => HEADERS.has(name.toLowerCase()))) return true;
    if (suffixes(host).some((each) => this.#sites.has(each))) return true;
    const page = new Look(document, this.#names.words);
    const hasNames = kind === "online-publication" || this.#names.topLevel.has(host.slice(host.lastIndexOf(".") + 1));
    return this.#inHead(page) || this.#inScripts(page) || this.#inProperties(page) || this.#inText(page)
      || (this.#badges !== "" && page.css(this.#badges).length > 0) || (hasNames && this.#inNames(page))
      || this.#inStyles(page) || this.#inFrames(page, { url, kind }, depth);
  }

  /** Whether a text may hold a sign or a warning. */
  isSign(text) {
    if (this.#text.test(text)) return true;
    const plain = text.replace(this.#invisible, "");
    return plain.length < text.length && this.#text.test(plain);
  }

  /** Whether an element that was added may carry a label. @param {Element} element */
  mayTellIn(element) {
    return element.shadowRoot !== null || element.matches(TELLING) || element.querySelector(TELLING) !== null
      || this.isSign(textOf(element)) || [element, ...element.querySelectorAll(TITLED)].some((each) => this.#inTitles(each));
  }

  #inTitles(element) {
    return ["alt", "aria-label", "title"].some((name) => this.isSign(attribute(element, name)));
  }

  #inHead(page) {
    const cards = [];
    for (const node of page.css("meta")) {
      for (const name of NAMED_BY) {
        const value = attribute(node, name).replace(SPACES, " ").trim().toLowerCase();
        if (name === "content" ? this.#token.test(value) : this.#meta.has(value)) return true;
        if (value.startsWith("twitter:")) cards.push(attribute(node, "content"));
      }
    }
    if (!cards.length) return false;
    const text = cards.join(JOINT).replace(this.#invisible, " ").replace(SPACES, " ").toLowerCase();
    return this.isSign(text) || this.#begun.test(text);
  }

  #inScripts(page) {
    return page.css('script[type*="ld+json" i]').some(({ textContent }) =>
      this.#isProperty(textContent) || ESCAPED_LETTER.test(textContent));
  }

  #inProperties(page) {
    return page.css("[itemprop], [property]").some((node) =>
      this.#isProperty(attribute(node, "itemprop")) || this.#isProperty(attribute(node, "property")));
  }

  #isProperty(text) {
    const lower = text.toLowerCase();
    return this.#properties.some((name) => lower.includes(name));
  }

  #inText(page) {
    const texts = [];
    const body = page.document.querySelector("body");
    if (body !== null) texts.push(textOf(body));
    for (const node of page.css(TITLED)) {
      for (const name of ["alt", "aria-label", "title"]) if (node.hasAttribute(name)) texts.push(attribute(node, name));
    }
    const text = texts.join(JOINT);
    return this.isSign(text) || (text.match(this.#places)?.length ?? 0) > MOST_PLACES;
  }

  #inNames(page) {
    const isNamed = (node) => SOURCES.some((name) =>
      attribute(node, name).split(/[/?#]/).some((step) => PICTURE_NAME.test(step) && DIGIT.test(step)));
    if (page.css(PICTURES).some(isNamed)) return true;
    const { selector, classes } = this.#names;
    return selector !== "" && page.css(selector).some((node) => classes.test(attribute(node, "class").toLowerCase()));
  }

  #inStyles(page) {
    for (const drawn of styleTexts(page)) {
      if (drawn === PAUSE) continue;
      const own = drawn.element.textContent.slice(0, LONGEST_OWN).trim();
      const line = drawn.isBefore ? drawn.text + own : own + drawn.text;
      if (DRAWN.test(line) || this.isSign(line) || this.#begun.test(line.toLowerCase())) return true;
    }
    return false;
  }

  #inFrames(page, known, depth) {
    if (depth === 0) return false;
    return page.css("iframe, frame").some((frame) => {
      const inner = writtenIn(frame);
      return inner !== null && this.#isTold(inner, known, depth - 1);
    });
  }
}

/** As much of a page as `styleTexts` asks for; see `Page` of page.js. */
class Look {
  constructor(document, words) {
    this.document = document;
    this.data = { names: { words } };
    this.roots = rootsOf(document);
  }

  css(selector) {
    return this.roots.flatMap((root) => [...root.querySelectorAll(selector)]);
  }

  cssInBody(selector) {
    return this.css(selector);
  }
}

function textOf(element) {
  const seen = textNodesOf(element).filter((node) => !SILENT.has(tagOfParent(node)));
  return seen.map((node) => node.data).join(JOINT);
}

function tagOfParent(node) {
  const parent = parentNodeOf(node);
  return parent?.nodeType === Node.ELEMENT_NODE ? tagOf(parent) : "";
}

function addressOf(url) {
  const { protocol, username, password, port, hostname } = new URL(url);
  const isOdd = url.length > MOST_ADDRESS || !/^https?:$/.test(protocol) || username !== "" || password !== "" || port === "0";
  return { isOdd, host: hostname.replace(/\.$/, "") };
}

function suffixes(host) {
  const labels = host.split(".");
  return labels.map((_, place) => labels.slice(place).join("."));
}

function literal(text) {
  return text.replaceAll(SYNTAX, "\\$&");
}
