/**
 * Frames that no request brought are parts of their page: what scripts and `srcdoc` write into them.
 *
 * A frame with an address of its own is a page of its own, judged by its request and read by the content script in it.
 */
import { PlaceFinder } from "./place.js";
import { INTO } from "./selector.js";

const MOST_FRAMES = 16; // of one page

/**
 * The documents of the frames that may speak: not those in an advertisement, nor hidden ones.
 *
 * @param {import("./page.js").Page} page
 * @returns {{place: string, document: Document}[]}
 */
export function framesOf(page) {
  const found = [];
  const finder = new PlaceFinder(page.data.signs.places);
  for (const element of page.css("iframe, frame")) {
    const document = documentOf(element);
    if (document === null || finder.isDeafFrame(element)) continue;
    found.push({ place: page.selectors.of(element), document });
    if (found.length === MOST_FRAMES) break;
  }
  return found;
}

/**
 * A label of a frame as a label of its page: of an item in the frame, or of the frame.
 *
 * @param {import("./label.js").Label} label
 * @param {string} frame its place
 * @returns {import("./label.js").Label}
 */
export function inFrame(label, frame) {
  const place = label.scope === "part" && label.part !== null ? frame + INTO + label.part : frame;
  return { ...label, scope: "part", place, part: place };
}

/** The document of a frame; null when it is of another origin, or has an address. */
function documentOf(element) {
  try {
    const document = element.contentDocument;
    const isWritten = document?.querySelector("head > *, body > *") || document?.querySelector("body")?.firstChild;
    // A document that a script opens anew takes the address of the script's page (WHATWG HTML, section 8.4.1).
    const hasAddress = !document?.URL.startsWith("about:") && document?.URL !== element.ownerDocument.URL;
    return isWritten && !hasAddress ? document : null;
  } catch {
    return null;
  }
}
