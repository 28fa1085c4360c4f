/**
 * The tree of a live page as far as a look for traces needs it: what labels/tree.js, visible_text.js and frames.js of the
 * readers tell more of. Modules cannot be had here without waiting for them.
 */
"use strict";
(() => {
  const nodeType = Object.getOwnPropertyDescriptor(Node.prototype, "nodeType").get;
  const localName = Object.getOwnPropertyDescriptor(Element.prototype, "localName").get;
  const { createTreeWalker } = Document.prototype;
  const MOST_ROOTS = 500;
  const JOINT = "\x1f";
  const SILENT = new Set(["script", "style", "noscript"]); // nobody sees their text
  const SAID = /[^\t\n\f\r ]/;

  /** A property of a node, whatever control is called so, in Chromium also to us; as `own` of labels/tree.js. */
  function own(node, name) {
    if (nodeType.call(node) !== Node.ELEMENT_NODE || localName.call(node) !== "form") return node[name];
    for (let kind = Object.getPrototypeOf(node); kind !== null; kind = Object.getPrototypeOf(kind)) {
      const found = Object.getOwnPropertyDescriptor(kind, name);
      if (found !== undefined) return found.get ? found.get.call(node) : found.value;
    }
    return undefined;
  }

  /** @returns {Element[]} all that fit in these trees */
  function css(roots, selector) {
    return roots.length === 1 ? [...roots[0].querySelectorAll(selector)]
      : roots.flatMap((root) => [...root.querySelectorAll(selector)]);
  }

  /**
   * The document and its open shadow trees, as `rootsOf` of labels/tree.js has them.
   * @param {Document} document @param {Element[]} [bare] gets the elements to which a tree may still come
   */
  function rootsOf(document, bare = []) {
    const roots = [document];
    for (let at = 0; at < roots.length && roots.length < MOST_ROOTS; at += 1) {
      // A walker costs a third of a list that a selector found.
      const walker = createTreeWalker.call(document, roots[at], NodeFilter.SHOW_ELEMENT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const inner = node.shadowRoot; // of a form also a control of that name
        if (inner === null) bare.push(node);
        else if (inner.nodeType === Node.DOCUMENT_FRAGMENT_NODE) roots.push(inner);
      }
    }
    return roots;
  }

  /** Whether a tree came to one of these. To ask them again costs a tenth of a walk to them. @param {Element[]} elements */
  function hasNewRoot(elements) {
    for (const { shadowRoot } of elements) if (shadowRoot !== null) return true;
    return false;
  }

  /** The text in an element that somebody may see, in the order of labels/visible_text.js. */
  function textOf(element) {
    const texts = [];
    gather(element, texts);
    return texts.join(JOINT);
  }

  function gather(root, texts) {
    const what = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_CDATA_SECTION | NodeFilter.SHOW_ELEMENT;
    const walker = createTreeWalker.call(own(root, "ownerDocument"), root, what);
    for (let node = root; node !== null; node = walker.nextNode()) {
      if (node.nodeType !== Node.ELEMENT_NODE) {
        if (SAID.test(node.data) && !SILENT.has(node.parentNode?.localName)) texts.push(node.data);
      } else if (node.shadowRoot) {
        for (const child of node.shadowRoot.childNodes) {
          if (child.nodeType === Node.ELEMENT_NODE) gather(child, texts);
          else if (child.nodeType === Node.TEXT_NODE && SAID.test(child.data)) texts.push(child.data);
        }
      }
    }
  }

  /** The document of a frame that its page writes, as labels/frames.js tells it; null for every other. */
  function writtenIn(element) {
    try {
      const document = element.contentDocument;
      const isWritten = document?.querySelector("head > *, body > *") || document?.querySelector("body")?.firstChild;
      const hasAddress = !document?.URL.startsWith("about:") && document?.URL !== element.ownerDocument.URL;
      return isWritten && !hasAddress ? document : null;
    } catch {
      return null;
    }
  }

  globalThis.qorgan = { ...globalThis.qorgan, JOINT, css, hasNewRoot, own, rootsOf, textOf, writtenIn };
})();
