/**
 * Whether what was just added to a page may carry a label: cheap enough to be asked before each painting. A "yes" only
 * means that the page is held for the milliseconds of a reading; a "no" that it is read a little later, as always.
 */
"use strict";
(() => {
  /** @param {MutationRecord[]} changes @param {object} traces of traces.js */
  function maySpeakOfAge(changes, traces) {
    const added = new Set();
    for (const { addedNodes } of changes) for (const node of addedNodes) added.add(node);
    // What stands in something that was added is looked at with it.
    for (const node of added) if (!added.has(node.parentNode) && nodeMay(node, traces)) return true;
    return changes.some(({ type, target, attributeName }) =>
      type === "characterData" ? traces.isSign(target.data)
        : type === "attributes" && (target.localName === "meta" || traces.isSign(target.getAttribute(attributeName) ?? "")));
  }

  function nodeMay(node, traces) {
    if (node.nodeType === Node.TEXT_NODE) return traces.isSign(node.data);
    return node.nodeType === Node.ELEMENT_NODE && traces.mayTellIn(node);
  }

  globalThis.qorgan = { ...globalThis.qorgan, maySpeakOfAge };
})();
