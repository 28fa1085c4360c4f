/**
 * The tree of a live page as readers walk it: with the open shadow trees in their hosts, and a bound on every way up.
 *
 * A shadow tree stands inside its host, before what the host holds itself.
 */

const MOST_ANCESTORS = 512; // browsers nest no deeper
const MOST_ROOTS = 500; // shadow trees of one page

// A control called "parentNode" is what `form.parentNode` gives (WHATWG HTML, section 4.10.3): the getters are asked.
// A worker, which reads headers only, has no nodes.
const parentNode = globalThis.Node && Object.getOwnPropertyDescriptor(Node.prototype, "parentNode").get;
const localName = globalThis.Element && Object.getOwnPropertyDescriptor(Element.prototype, "localName").get;

/** @param {Element} element @returns {string} its name, lower case in HTML */
export function tagOf(element) {
  return localName.call(element);
}

/** @param {Node} node @returns {Node | null} the element, document or shadow tree that it stands in */
export function parentNodeOf(node) {
  return parentNode.call(node);
}

/** @param {Node} node @returns {Element | null} the element that it stands in; of a shadow tree its host */
export function parentOf(node) {
  const parent = parentNodeOf(node);
  if (parent === null) return null;
  if (parent.nodeType === Node.ELEMENT_NODE) return parent;
  return parent.nodeType === Node.DOCUMENT_FRAGMENT_NODE ? parent.host ?? null : null;
}

/** @param {Element | null} node @returns {Iterable<Element>} the element itself and those it stands in */
export function* ancestors(node) {
  let here = node;
  for (let left = MOST_ANCESTORS; here !== null && left > 0; left -= 1) {
    yield here;
    here = parentOf(here);
  }
}

/** @param {Element} node @param {string} name @returns {string} the value of an attribute, empty when there is none */
export function attribute(node, name) {
  return node.getAttribute(name) ?? "";
}

/** @param {Document} document @returns {(Document | ShadowRoot)[]} the document and its open shadow trees */
export function rootsOf(document) {
  const roots = [document];
  for (let at = 0; at < roots.length && roots.length < MOST_ROOTS; at += 1) {
    for (const element of roots[at].querySelectorAll("*")) if (element.shadowRoot) roots.push(element.shadowRoot);
  }
  return roots;
}

/** @param {Element} element @returns {Iterable<Node>} itself and all nodes inside, in order */
export function* inside(element) {
  const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_ALL);
  for (let node = element; node !== null; node = walker.nextNode()) yield node;
}

/** @param {Element} element @param {number} most @returns {Node[]} the first of `inside` */
export function firstInside(element, most) {
  const nodes = [];
  for (const node of inside(element)) {
    if (nodes.length >= most) break;
    nodes.push(node);
  }
  return nodes;
}

/** @param {Node} node @returns {boolean} */
export function isText(node) {
  return node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE;
}

/** @param {Node} node @returns {boolean} */
export function isElement(node) {
  return node.nodeType === Node.ELEMENT_NODE;
}
