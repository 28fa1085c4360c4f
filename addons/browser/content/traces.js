/**
 * A cheap look at a live page: is there anything at all in which a reader would find a label, a flag, or too much to read?
 *
 * The same idea as `gateway/labels/traces.py`: what is looked for is a superset of what the readers read, so a page without
 * a trace has the reading of a page that says nothing, and no reader is loaded for it. A "yes" only means that it is read.
 * The words come out of the same data as the readers' (`gateway/labels/to_traces.py`). It stands in a content script, and
 * walks trees by itself, because modules take longer to load than a page takes to read.
 */
"use strict";
(() => {
  const { JOINT, css, own, rootsOf, textOf, writtenIn } = globalThis.qorgan;

  const { getAttribute } = Element.prototype;
  const MOST_PLACES = 300; // like signs, although none is one: with so many, readers may refuse to read on
  const MOST_FRAMES_DEEP = 2;
  const MOST_IMPORTS_DEEP = 8; // what is deeper is read
  const MOST_ADDRESS = 65_536;
  // A URL object costs more here, and what does not fit is read.
  const ADDRESS = /^https?:\/\/([a-z0-9._-]+?|\[[0-9a-f:.]+\])\.?(?::(?!0+(?:[/?#]|$))[0-9]+)?(?:[/?#]|$)/;
  const MOST_ASKED = 200; // elements, as labels/style_text.js
  const HEADERS = new Set(["rating", "content-rating", "pics-label"]); // others are of named sites
  const NAMED_BY = ["name", "property", "http-equiv", "content"];
  const ESCAPED_LETTER = /\\u00(?:[46][1-9a-f]|[57][0-9a])/i; // JSON may spell a name so (RFC 8259, section 7)
  const SPACES = /[\s\x1c-\x1f\x85]+/g;
  const SYNTAX = /[\^$\\.*+?()[\]{}|/]/g;
  // As labels/style_text.js.
  const DRAWN = /[0-9+＋🔞а-яё]|attr\(/iu;
  const PSEUDO = /^(.*?)::?(?:before|after)$/is;
  const COMMA = /,(?![^([]*[)\]])/;
  const TITLED = "[alt], [aria-label], [title]";
  const PICTURES = 'img, use, [style*="url(" i]';
  const SOURCES = ["src", "data-src", "data-lazy-src", "data-original", "href", "xlink:href", "style"];
  // In the last step of a picture's address; an "x" may be the end of "@2x", which readers leave out.
  const PICTURE_NAME = /(?<![a-wyz])(?:age|ft_)|plus|\+/i;
  const DIGIT = /[0-9]/;

  class Traces {
    #plus;
    #minus;
    #somePlus;
    #someMinus;
    #places;
    #words;
    #invisible;
    #everyInvisible;
    #begun;
    #token;
    #meta;
    #properties;
    #badges;
    #topLevel;
    #names;
    #sites;

    /** @param {object} data what `traces_as_json` of gateway/labels/to_traces.py made */
    constructor(data) {
      const ages = data.ages.join("|");
      const plus = `[+${data.pluses}]`;
      const minus = `6[${data.dashes}–\\-]`;
      this.#plus = once(() => new RegExp(
        `(?<![0-9])(?:${ages})[^]?${plus}|[０-９][^]?${plus}|${plus}[０-９]|[${data.pluses}]|[+](?:${ages})(?![0-9])`, "u",
      ));
      this.#minus = once(() => new RegExp(`(?<![\\p{L}\\p{N}_])${minus}(?![\\p{L}\\p{N}_])`, "u"));
      this.#somePlus = new RegExp(plus);
      this.#someMinus = new RegExp(minus);
      this.#places = once(() => new RegExp(`${plus}|${minus}`, "g"));
      this.#words = [data.adults_only, ...data.words, ...data.notices];
      this.#invisible = new RegExp(`[${data.invisible}]`);
      this.#everyInvisible = once(() => new RegExp(this.#invisible, "g"));
      this.#begun = once(() => new RegExp(data.begun.join("|") || "(?!)", "v"));
      this.#token = once(() => new RegExp(data.pictures.map(literal).join("|") || "(?!)", "i"));
      this.#meta = once(() => new Set([...data.meta, "pics-label"]));
      this.#properties = data.properties;
      this.#badges = once(() => [
        ...data.links.map((host) => `a[href*="${host}" i]`),
        ...data.pictures.map((name) => `img[src*="${name}" i]`),
      ].join(", "));
      this.#topLevel = data.names.top_level;
      this.#names = once(() => ({
        selector: data.names.words.map((word) => `[class*="${word}" i]`).join(", "),
        classes: new RegExp(data.names.classes.join("|") || "(?!)", "v"),
      }));
      this.#sites = data.sites;
    }

    /**
     * Whether the page may have a label, a flag, or something that must not be guessed at.
     *
     * @param {Document} document
     * @param {import("../labels/read.js").Known} known as for `read`; headers as pairs
     * @param {(Document | ShadowRoot)[]} [roots] what `rootsOf` found in it: to ask costs more than all the rest
     * @returns {boolean}
     */
    mayTell(document, known, roots = rootsOf(document)) {
      return orRead(() => this.#isTold({ document, roots }, known, MOST_FRAMES_DEEP));
    }

    /**
     * The same of a page that told nothing and in which no observer saw a change since: what may tell now is what no
     * observer sees. The trees must be those of that look.
     *
     * @returns {boolean}
     */
    mayTellUnseen(document, { url, kind }, roots) {
      const page = { document, roots };
      return orRead(() => this.#inStyles(page) || this.#inFrames(page, { url, kind }, MOST_FRAMES_DEEP));
    }

    #isTold(page, { url = page.document.URL, headers = [], kind = null }, depth) {
      const host = hostOf(url);
      if (host === null || [...(headers ?? [])].some(([name]) => HEADERS.has(name.toLowerCase()))) return true;
      if (this.#sites.some((site) => host === site || host.endsWith(`.${site}`))) return true;
      const hasNames = kind === "online-publication" || this.#topLevel.includes(host.slice(host.lastIndexOf(".") + 1));
      return this.#inHead(page) || this.#inScripts(page) || this.#inProperties(page) || this.#inText(page)
        || this.#hasBadge(page) || (hasNames && this.#inNames(page)) || this.#inStyles(page)
        || this.#inFrames(page, { url, kind }, depth);
    }

    /** Whether a text may hold a sign or a warning. @param {string} text @returns {boolean} */
    isSign(text) {
      if (this.#isSignAsWritten(text)) return true;
      return this.#invisible.test(text) && this.#isSignAsWritten(text.replaceAll(this.#everyInvisible(), ""));
    }

    /** First what a few searches find: most texts have none of it, and the patterns themselves are slow. */
    #isSignAsWritten(text) {
      if (this.#somePlus.test(text) && this.#plus().test(text)) return true;
      if (this.#someMinus.test(text) && this.#minus().test(text)) return true;
      return this.#hasWord(text);
    }

    /** Whether a part of a sign is somewhere in a text, however it is parted. */
    #hasPart(text) {
      if (this.#somePlus.test(text) || this.#someMinus.test(text) || this.#hasWord(text)) return true;
      return this.#invisible.test(text) && this.#hasPart(text.replaceAll(this.#everyInvisible(), ""));
    }

    #hasWord(text) {
      // "İ" is the one letter that grows in lower case.
      const lower = text.replaceAll("İ", "i").toLowerCase();
      return this.#words.some((word) => lower.includes(word));
    }

    #inHead(page) {
      const cards = [];
      for (const node of css(page.roots, "meta")) {
        for (const name of NAMED_BY) {
          const written = attribute(node, name);
          if (written === "") continue;
          const value = written.replace(SPACES, " ").trim().toLowerCase();
          if (name === "content" ? this.#token().test(value) : this.#meta().has(value)) return true;
          if (value.startsWith("twitter:")) cards.push(attribute(node, "content"));
        }
      }
      if (!cards.length) return false;
      const text = cards.join(JOINT).replaceAll(this.#everyInvisible(), " ").replace(SPACES, " ").toLowerCase();
      return this.isSign(text) || this.#begun().test(text);
    }

    #inScripts(page) {
      return css(page.roots, 'script[type*="ld+json" i]').some(({ textContent }) =>
        this.#isProperty(textContent) || ESCAPED_LETTER.test(textContent));
    }

    #inProperties(page) {
      return css(page.roots, "[itemprop], [property]").some((node) =>
        this.#isProperty(attribute(node, "itemprop")) || this.#isProperty(attribute(node, "property")));
    }

    #isProperty(text) {
      const lower = text.toLowerCase();
      return this.#properties.some((name) => lower.includes(name));
    }

    #inText(page) {
      const texts = [];
      const body = page.document.querySelector("body");
      // All in one piece is faster to be had, and holds whatever the pieces hold.
      const wholes = [body, ...page.roots.slice(1)].map((root) => root?.textContent ?? "");
      if (body !== null && wholes.some((whole) => this.#hasPart(whole))) texts.push(textOf(body));
      for (const node of css(page.roots, TITLED)) {
        for (const name of ["alt", "aria-label", "title"]) if (own(node, "hasAttribute").call(node, name)) texts.push(attribute(node, name));
      }
      if (texts.length === 0) return false;
      const text = texts.join(JOINT);
      return this.isSign(text) || (text.match(this.#places())?.length ?? 0) > MOST_PLACES;
    }

    #hasBadge(page) {
      return this.#badges() !== "" && css(page.roots, this.#badges()).length > 0;
    }

    #inNames(page) {
      const isNamed = (node) => SOURCES.some((name) =>
        attribute(node, name).split(/[/?#]/).some((step) => PICTURE_NAME.test(step) && DIGIT.test(step)));
      if (css(page.roots, PICTURES).some(isNamed)) return true;
      const { selector, classes } = this.#names();
      return selector !== "" && css(page.roots, selector).some((node) => classes.test(attribute(node, "class").toLowerCase()));
    }

    /** Whether a style sheet may draw a sign, or a part of one, at an element that is there. */
    #inStyles(page) {
      for (const root of page.roots) {
        for (const sheet of [...(root.styleSheets ?? []), ...(root.adoptedStyleSheets ?? [])]) {
          if (this.#isDrawnBySheet(sheet, { page, root, left: MOST_IMPORTS_DEEP })) return true;
        }
      }
      return false;
    }

    #isDrawnBySheet(sheet, at) {
      let rules;
      try {
        rules = sheet.cssRules;
      } catch {
        return this.#isDrawnUnseen(at.page); // a sheet of another origin
      }
      return at.left === 0 || this.#isDrawnBy(rules, at);
    }

    #isDrawnBy(rules, at, isNested = false) {
      for (const rule of rules) {
        if (rule.styleSheet && this.#isDrawnBySheet(rule.styleSheet, { ...at, left: at.left - 1 })) return true; // @import
        const content = rule.style?.content ?? "";
        if (content !== "" && DRAWN.test(content) && (isNested || stands(rule.selectorText, at.root))) return true;
        const inner = rule.cssRules;
        if (inner?.length && this.#isDrawnBy(inner, at, isNested || rule.selectorText !== undefined)) return true;
      }
      return false;
    }

    #isDrawnUnseen({ document: { defaultView: view }, roots }) {
      const { selector } = this.#names();
      if (!view || selector === "") return false;
      return css(roots, selector).slice(0, MOST_ASKED).some((element) =>
        ["::before", "::after"].some((pseudo) => DRAWN.test(view.getComputedStyle(element, pseudo).content)));
    }

    #inFrames(page, known, depth) {
      if (depth === 0) return false;
      return css(page.roots, "iframe, frame").some((frame) => {
        const inner = writtenIn(frame);
        return inner !== null && this.#isTold({ document: inner, roots: rootsOf(inner) }, known, depth - 1);
      });
    }
  }

  /** Whether an element fits the selector of a rule, but for the pseudo element. */
  function stands(selector, root) {
    if (selector === undefined) return true;
    return selector.split(COMMA).some((each) => {
      const [, outer] = PSEUDO.exec(each.trim()) ?? [];
      if (outer === undefined) return false;
      try {
        return root.querySelector(outer.trim() || "*") !== null;
      } catch {
        return true;
      }
    });
  }

  /** What is made when it is first asked for: most looks need none of the slow patterns. */
  function once(make) {
    let made;
    return () => (made ??= make());
  }

  /** What is no page to us is one for the readers, which say so. @param {() => boolean} look */
  function orRead(look) {
    try {
      return look();
    } catch {
      return true;
    }
  }

  function attribute(node, name) {
    return getAttribute.call(node, name) ?? "";
  }

  /** The host of an address as a browser writes it, null where it is odd: with a user, for instance, or port 0. */
  function hostOf(url) {
    return url.length > MOST_ADDRESS ? null : ADDRESS.exec(url)?.[1] ?? null;
  }

  function literal(text) {
    return text.replaceAll(SYNTAX, "\\$&");
  }

  globalThis.qorgan = { ...globalThis.qorgan, Traces };
})();
