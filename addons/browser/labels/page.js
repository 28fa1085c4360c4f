/** A page as readers see it: its address, its headers and its live tree, with what several readers ask for. */
import { canonical } from "./url.js";
import { PartFinder } from "./listing.js";
import { Selectors } from "./selector.js";
import { rootsOf } from "./tree.js";
import { VisibleText } from "./visible_text.js";

/** Header fields; names compare without case. */
export class Headers {
  #named = new Map();

  /** @param {Iterable<[string, string]> | Record<string, string | string[]> | null} fields e.g. a `Headers` of fetch */
  constructor(fields) {
    const pairs = fields?.[Symbol.iterator] ? [...fields] : Object.entries(fields ?? {});
    for (const [name, value] of pairs) {
      const key = String(name).toLowerCase();
      this.#named.set(key, [...(this.#named.get(key) ?? []), ...[value].flat().map(String)]);
    }
  }

  /** @param {string} name @returns {string[]} every value of the field, in order */
  all(name) {
    return this.#named.get(name.toLowerCase()) ?? [];
  }
}

/** What readers read. Without a document only `url` and `headers` are there. */
export class Page {
  #selectors = new Selectors();
  #found = new Map();

  /**
   * @param {Document | null} document
   * @param {{url?: string, headers?: object, kind?: string | null}} known
   * @param {import("./data.js").LabelData} data
   */
  constructor(document, known, data) {
    this.document = document;
    this.data = data;
    this.kind = known.kind ?? null;
    this.headers = new Headers(known.headers ?? null);
    this.url = canonical(known.url ?? document?.URL ?? "");
  }

  /** @returns {(Document | ShadowRoot)[]} the document and its open shadow trees */
  get roots() {
    return this.#once("roots", () => (this.document === null ? [] : rootsOf(this.document)));
  }

  /** @param {string} selector @returns {Element[]} all that fit, those of shadow trees last */
  css(selector) {
    return this.roots.length === 1 ? [...this.roots[0].querySelectorAll(selector)]
      : this.roots.flatMap((root) => [...root.querySelectorAll(selector)]);
  }

  /** @param {string} selector without the body that it stands in @returns {Element[]} */
  cssInBody(selector) {
    const inBody = selector.split(", ").map((each) => `body ${each}`).join(", ");
    return this.roots.flatMap((root) => [...root.querySelectorAll(root === this.document ? inBody : selector)]);
  }

  /**
   * @returns {import("./label.js").Scope} what a label of the whole page speaks for: on the front page it is the
   * site's
   */
  get whole() {
    return this.url?.path === "/" ? "site" : "page";
  }

  /** @returns {string | null} the two-letter country of the host's ending */
  get country() {
    return this.url === null ? null : this.data.scales.countryOf(this.url.host);
  }

  /** @returns {{id: string} | null} the scale that is usual under the host's ending */
  get usual() {
    return this.url === null ? null : this.data.scales.ofHost(this.url.host);
  }

  /** @returns {string | null} the two-letter language of the html element, lower case */
  get language() {
    const root = this.document?.documentElement;
    const value = root?.getAttribute("lang") || root?.getAttribute("xml:lang") || "";
    return value.trim().toLowerCase().replaceAll("_", "-").split("-")[0] || null;
  }

  /** @returns {number} how many characters the page has; to count them takes time */
  get size() {
    return this.#once("size", () => this.document.documentElement?.outerHTML.length ?? 0);
  }

  /** @returns {Selectors} */
  get selectors() {
    return this.#selectors;
  }

  /** @returns {VisibleText} the text that a person sees */
  get visibleText() {
    return this.#once("visibleText", () => new VisibleText(this.document));
  }

  /** @returns {PartFinder} finds the items of its listings */
  get parts() {
    return this.#once("parts", () => new PartFinder(this));
  }

  #once(name, make) {
    if (!this.#found.has(name)) this.#found.set(name, make());
    return this.#found.get(name);
  }
}
