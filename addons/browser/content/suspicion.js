/**
 * Whether what was just added to a page may carry a label: cheap enough to be asked before each painting. A "yes" only
 * means that the page is held for the milliseconds of a reading; a "no" that it is read a little later, as always.
 */
const SMELL = new RegExp(
  "[0-9]\\s*[+\u{ff0b}\u{207a}\u{fe62}\u{2795}]|[+]\\s*[0-9]|nc-?17|tv-?ma|pegi|fsk|usk|rta-|x{3}|adult|взросл|совершеннол|ересек|кәмелет",
  "iu",
);
const TELLING = 'meta, script[type*="json" i], [itemprop], [typeof], [property], [class*="age" i], [class*="18"], iframe[srcdoc]';
const LONGEST = 20_000; // characters of one addition that are looked at

/** @param {MutationRecord[]} changes */
export function maySpeakOfAge(changes) {
  return changes.some((change) =>
    change.type === "childList" ? [...change.addedNodes].some(nodeMay)
      : change.type === "characterData" ? SMELL.test(change.target.data.slice(0, LONGEST))
      : change.target.localName === "meta" || SMELL.test(change.target.getAttribute(change.attributeName) ?? ""));
}

function nodeMay(node) {
  if (node.nodeType === Node.TEXT_NODE) return SMELL.test(node.data.slice(0, LONGEST));
  if (node.nodeType !== Node.ELEMENT_NODE) return false;
  return node.shadowRoot !== null || node.matches(TELLING) || node.querySelector(TELLING) !== null ||
    SMELL.test(node.textContent.slice(0, LONGEST));
}
