/**
 * Whether what was just added to a page may carry a label: cheap enough to be asked before each painting. A "yes" only
 * means that the page is held for the milliseconds of a reading; a "no" that it is read a little later, as always.
 */
"use strict";
(() => {
  const { own } = globalThis.qorgan;

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
    return own(node, "nodeType") === Node.ELEMENT_NODE && traces.mayTellIn(node);
  }

  globalThis.qorgan = { ...globalThis.qorgan, maySpeakOfAge };
})();
