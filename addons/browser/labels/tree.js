/**
 * The tree of a live page as readers walk it: with the open shadow trees in their hosts, and a bound on every way up.
 *
 * A shadow tree stands inside its host, before what the host holds itself.
 */

const MOST_ANCESTORS = 512; // browsers nest no deeper
const MOST_ROOTS = 500; // shadow trees of one page

// A control called "parentNode" is what `form.parentNode` gives (WHATWG HTML, section 4.10.3), in Chromium to content
// scripts too: the getters are asked. Names of pictures hide the document's properties only from scripts of the page.
// A worker, which reads headers only, has no nodes.
const parentNode = globalThis.Node && Object.getOwnPropertyDescriptor(Node.prototype, "parentNode").get;
const nodeType = globalThis.Node && Object.getOwnPropertyDescriptor(Node.prototype, "nodeType").get;
const localName = globalThis.Element && Object.getOwnPropertyDescriptor(Element.prototype, "localName").get;
const { getAttribute, hasAttribute: hasOwnAttribute } = globalThis.Element?.prototype ?? {};

/** @param {Node} node @param {string} name @returns {any} its property, whatever control is called so */
export function own(node, name) {
  if (nodeType.call(node) !== Node.ELEMENT_NODE || localName.call(node) !== "form") return node[name];
  for (let kind = Object.getPrototypeOf(node); kind !== null; kind = Object.getPrototypeOf(kind)) {
    const found = Object.getOwnPropertyDescriptor(kind, name);
    if (found !== undefined) return found.get ? found.get.call(node) : found.value;
  }
  return undefined;
}

/** @param {Document | ShadowRoot | Element} root @param {string} selector @returns {Element[]} all in it that fit */
export function all(root, selector) {
  return [...own(root, "querySelectorAll").call(root, selector)];
}

/** @param {Element} root @param {number} what of NodeFilter @returns {TreeWalker} */
export function walkerOf(root, what) {
  return own(root, "ownerDocument").createTreeWalker(root, what);
}

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
  if (isElement(parent)) return parent;
  return nodeType.call(parent) === Node.DOCUMENT_FRAGMENT_NODE ? parent.host ?? null : null;
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
  return getAttribute.call(node, name) ?? "";
}

/** @param {Element} node @param {string} name @returns {boolean} */
export function hasAttribute(node, name) {
  return hasOwnAttribute.call(node, name);
}

/** @param {Document} document @returns {(Document | ShadowRoot)[]} the document and its open shadow trees */
export function rootsOf(document) {
  const roots = [document];
  for (let at = 0; at < roots.length && roots.length < MOST_ROOTS; at += 1) {
    for (const element of roots[at].querySelectorAll("*")) {
      const inner = own(element, "shadowRoot");
      if (inner) roots.push(inner);
    }
  }
  return roots;
}

/** @param {Element} element @returns {Iterable<Node>} itself and all nodes inside, in order */
export function* inside(element) {
  const walker = walkerOf(element, NodeFilter.SHOW_ALL);
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
  const type = nodeType.call(node);
  return type === Node.TEXT_NODE || type === Node.CDATA_SECTION_NODE;
}

/** @param {Node} node @returns {boolean} */
export function isElement(node) {
  return nodeType.call(node) === Node.ELEMENT_NODE;
}
