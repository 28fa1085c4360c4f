/**
 * The place of an element: a CSS selector that leads to it and to nothing else. See `gateway/labels/selector.py`.
 *
 * An element in a shadow tree has the place of the host, then " >>> ", then its own in the shadow tree; one in a frame
 * likewise, after the place of the frame.
 */
import { attribute, isElement, own, parentNodeOf, tagOf } from "./tree.js";

/** Between the place of a host or a frame and the place inside it. */
export const INTO = " >>> ";
const SIMPLE = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const TAG = /^[a-z][a-z0-9-]{0,63}$/;
const MOST_STEPS = 512;
const ROOT_TAGS = new Set(["html", "head", "body"]);
const NAMED = /^#(?<id>[A-Za-z0-9_-]+)$/;
const COUNTED = /^(?<tag>[a-z*][a-z0-9-]*)(?::nth-(?<kind>of-type|child)\((?<number>[0-9]+)\))?$/;

/** Makes selectors for the elements of a page; what was found out for one is kept for the next. */
export class Selectors {
  #numbers = new WeakMap();
  #own = new Map();

  /** @param {Element} node @returns {string} from the nearest ancestor with an id of its own, else from the root */
  of(node) {
    const steps = [];
    let here = node;
    while (here !== null && isElement(here)) {
      const anchor = this.#ownId(here);
      steps.unshift(anchor ?? this.#step(here));
      if (anchor !== null || steps.length >= MOST_STEPS) break;
      const parent = parentNodeOf(here);
      here = parent !== null && isElement(parent) ? parent : null;
    }
    const way = steps.join(" > ");
    const root = own(node, "getRootNode").call(node);
    return root.nodeType === Node.DOCUMENT_FRAGMENT_NODE && root.host ? this.of(root.host) + INTO + way : way;
  }

  #step(node) {
    const tag = tagOf(node);
    if (ROOT_TAGS.has(tag)) return tag;
    if (!this.#numbers.has(node)) this.#numberChildren(parentNodeOf(node));
    const [amongItsName, amongAll] = this.#numbers.get(node) ?? [1, 1];
    // A name that is no plain word cannot stand in a selector, so its place among all does.
    return TAG.test(tag) ? `${tag}:nth-of-type(${amongItsName})` : `*:nth-child(${amongAll})`;
  }

  #numberChildren(parent) {
    const counted = new Map();
    let amongAll = 0;
    for (const child of parent === null ? [] : own(parent, "children")) {
      const amongItsName = (counted.get(tagOf(child)) ?? 0) + 1;
      counted.set(tagOf(child), amongItsName);
      this.#numbers.set(child, [amongItsName, (amongAll += 1)]);
    }
  }

  /** The selector of an element that is the only one with its id. */
  #ownId(node) {
    const name = attribute(node, "id"); // `node.id` of a form may be a control of that name
    if (!name || tagOf(node) === "html" || tagOf(node) === "body" || !SIMPLE.test(name)) return null;
    const root = own(node, "getRootNode").call(node);
    if (!this.#own.has(root)) this.#own.set(root, new Map());
    const known = this.#own.get(root);
    if (!known.has(name)) known.set(name, root.querySelectorAll?.(`#${name}`).length === 1);
    return known.get(name) ? `#${name}` : null;
  }
}

/**
 * The element that a place leads to, through shadow trees and frames of the same origin.
 *
 * @param {Document} document
 * @param {string} place as `Selectors` writes it
 * @returns {Element | null} null when it is gone
 */
export function elementAt(document, place) {
  let root = document;
  let found = null;
  for (const way of place.split(INTO)) {
    if (found !== null) root = own(found, "shadowRoot") ?? found.contentDocument ?? null;
    found = root === null ? null : follow(root, way.split(" > "));
    if (found === null) return null;
  }
  return found;
}

function follow(root, steps) {
  let here = root;
  for (const written of steps) {
    const step = (NAMED.exec(written) ?? COUNTED.exec(written))?.groups;
    if (step === undefined) return null;
    here = step.id === undefined ? childAt(here, step) : root.getElementById(step.id);
    if (!here) return null;
  }
  return here === root ? null : here;
}

function childAt(parent, { tag, kind, number }) {
  if (tag === "html" && parent.documentElement) return parent.documentElement;
  const children = [...own(parent, "children")].filter((child) => tag === "*" || tagOf(child) === tag);
  return children[kind === undefined ? 0 : Number(number) - 1] ?? null;
}
