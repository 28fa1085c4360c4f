/**
 * Whether what was just added to a page may carry a label: cheap enough to be asked before each painting. A "yes" only
 * means that the page is held for the milliseconds of a reading; a "no" that it is read a little later, as always.
 */
"use strict";
(() => {
  const { own, textOf } = globalThis.qorgan;

  // What tells of an age by its names, in what is added to a page.
  const TELLING = '[itemprop], [typeof], [property], [class*="18"], iframe[srcdoc], script[type*="json" i], meta';
  const NAMED = '[class*="age" i]';
  // A word that begins so ("age-rating", "filmAge"): "message", "page" and "image" are in every chat.
  const AGE = /(?<![A-Za-z])(?:[Aa]ge|AGE)|[a-z]Age/;
  const TITLED = "[alt], [aria-label], [title]";

  /** @param {MutationRecord[]} changes @param {object} traces of traces.js */
  function maySpeakOfAge(changes, traces) {
    try {
      return isTold(changes, traces);
    } catch {
      return true; // what cannot be looked at is read
    }
  }

  function isTold(changes, traces) {
    const added = new Set();
    for (const { addedNodes } of changes) for (const node of addedNodes) added.add(node);
    // What stands in something that was added is looked at with it.
    for (const node of added) if (!added.has(own(node, "parentNode")) && nodeMay(node, traces)) return true;
    return changes.some(({ type, target, attributeName }) =>
      type === "characterData" ? traces.isSign(target.data)
        : type === "attributes" && (own(target, "localName") === "meta" || traces.isSign(own(target, "getAttribute").call(target, attributeName) ?? "")));
  }

  function nodeMay(node, traces) {
    if (own(node, "nodeType") === Node.TEXT_NODE) return traces.isSign(node.data);
    return own(node, "nodeType") === Node.ELEMENT_NODE && elementMay(node, traces);
  }

  function elementMay(element, traces) {
    return own(element, "shadowRoot") !== null || own(element, "matches").call(element, TELLING)
      || own(element, "querySelector").call(element, TELLING) !== null || traces.isSign(textOf(element))
      || withIn(element, NAMED).some((each) => AGE.test(attribute(each, "class")))
      || withIn(element, TITLED).some((each) => ["alt", "aria-label", "title"].some((name) => traces.isSign(attribute(each, name))));
  }

  function withIn(element, selector) {
    return [element, ...own(element, "querySelectorAll").call(element, selector)];
  }

  function attribute(element, name) {
    return own(element, "getAttribute").call(element, name) ?? "";
  }

  globalThis.qorgan = { ...globalThis.qorgan, maySpeakOfAge };
})();
