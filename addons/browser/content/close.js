/** A page that must not be shown: what it plays stops, and the block page stands in its place. */
import { pageFor } from "../background/browser.js";
import { all, own } from "../labels/tree.js";

/** @param {{hold: () => void}} hold @param {string} [url] under which it was judged */
export function close(hold, url = location.href) {
  hold.hold();
  silence(document);
  window.stop();
  location.replace(pageFor("block", url));
}

const MEDIA = "video, audio, source, track, iframe, embed, object";
const SOURCES = ["src", "srcset", "srcdoc", "data", "poster"];

/**
 * Stops what an element or a document plays, and unloads it.
 * @param {ParentNode} root
 * @returns {() => void} gives everything back its source
 */
export function silence(root) {
  const players = all(root, MEDIA);
  if (root instanceof Element && own(root, "matches").call(root, MEDIA)) players.push(root);
  const taken = [];
  for (const element of players) {
    if (element instanceof HTMLMediaElement) element.pause();
    for (const name of SOURCES) {
      if (element.hasAttribute(name)) {
        taken.push([element, name, element.getAttribute(name)]);
        element.removeAttribute(name);
      }
    }
    if (element instanceof HTMLMediaElement) {
      element.srcObject = null;
      element.load();
    }
  }
  return () => {
    for (const [element, name, value] of taken) {
      if (!element.hasAttribute(name)) element.setAttribute(name, value);
    }
    for (const element of players) if (element instanceof HTMLMediaElement) element.load();
  };
}
