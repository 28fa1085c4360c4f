/** The links of a page by the address they lead to: they show which item of a listing structured data speaks of. */
import { canonical } from "./url.js";

const MOST_LINKS = 5_000;
const MOST_RESOLVED = 4_000; // of them
const PLAIN_END = /^[A-Za-z0-9_-]+$/;

/** Finds links of one page; each is resolved once, and only if its last step may be the one that is looked for. */
export class PageLinks {
  #page;
  #links = null;
  #byEnd = null;
  #resolved = new Map();
  #partsOf = new Map();
  #left = MOST_RESOLVED;

  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.#page = page;
  }

  /** @param {string} address as written on the page @returns {string | null} the place of the item that links there */
  partLinking(address) {
    if (!this.#partsOf.has(address)) this.#partsOf.set(address, this.#find(address));
    return this.#partsOf.get(address);
  }

  #find(address) {
    const page = this.#page;
    const target = this.#resolve(address);
    if (target === null || page.url === null || target.href === page.url.href) return null;
    const link = this.#all.get(address) ?? this.#linkTo(target);
    return link ? page.selectors.of(page.parts.partOf(link) ?? link) : null;
  }

  /** The link that leads there in another spelling than its own. */
  #linkTo(target) {
    this.#byEnd ??= this.#ends();
    for (const end of [target.path.replace(/\/+$/, "").split("/").at(-1), ""]) {
      for (const href of this.#byEnd.get(end) ?? []) {
        const found = this.#resolve(href);
        if (found !== null && !this.#resolved.has(found.href)) this.#resolved.set(found.href, this.#all.get(href));
      }
      this.#byEnd.delete(end);
    }
    return this.#resolved.get(target.href) ?? null;
  }

  /** The first link of each address, as it is written. */
  get #all() {
    if (this.#links === null) {
      this.#links = new Map();
      for (const node of this.#page.css("a[href]").slice(0, MOST_LINKS)) {
        const href = node.getAttribute("href");
        if (href && !this.#links.has(href)) this.#links.set(href, node);
      }
    }
    return this.#links;
  }

  /** The addresses by their last step; under "" those whose last step only resolving tells. */
  #ends() {
    const ends = new Map();
    for (const href of this.#all.keys()) {
      const end = endOf(href);
      if (!ends.has(end)) ends.set(end, []);
      ends.get(end).push(href);
    }
    return ends;
  }

  #resolve(address) {
    this.#left -= 1;
    if (!address || this.#left < 0 || this.#page.url === null) return null;
    return canonical(address, this.#page.url.href);
  }
}

/** The last step of a path as it is written; "" when an address is written in any but the plainest way. */
function endOf(href) {
  const end = href.split("#")[0].split("?")[0].replace(/\/+$/, "").split("/").at(-1);
  return PLAIN_END.test(end) && !href.includes("\\") && !href.includes("./") ? end : "";
}
