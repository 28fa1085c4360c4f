/** Covers of parts above the age: nothing of the part is painted, heard or reached; a sign and a reason stand in its place. */
import { COVERED } from "../labels/place.js";
import { elementAt } from "../labels/selector.js";
import { hasAttribute, own, tagOf } from "../labels/tree.js";
import { signOf } from "./sign.js";
import { silence } from "./close.js";

const MOST = 200; // a page with more parts above an age is above it as a whole, as gateway/enforce/to_masked_html.py has it
const WHOLE = new Set(["html", "head", "body", "frameset", "main"]);
// In these only their own kind of child may stand, so the sign keeps the element around it.
const AROUND = { li: ["li"], dt: ["dt"], dd: ["dd"], td: ["td"], th: ["th"], tr: ["tr", "td"], tbody: ["tbody", "tr", "td"] };
const CATEGORIES = [0, 6, 12, 14, 16, 18];
const HOST = { all: "initial", display: "block", margin: "4px 0" };
const BOX = {
  display: "flex", "align-items": "center", gap: "12px", padding: "12px", border: "1px solid", "border-radius": "8px",
  font: "16px/1.4 system-ui, sans-serif", color: "#15222c", background: "#ffffff",
};

export class Covers {
  /** @type {Map<HTMLElement, {sign: HTMLElement, display: [string, string], wasInert: boolean, restore: () => void}>} */
  #covered = new Map();

  /** @param {{place: string}[]} parts whether each is there and is less than the page */
  canCover(parts) {
    return parts.length > 0 && parts.length <= MOST && parts.every(({ place }) => {
      const element = elementAt(document, place);
      return element !== null && styleOf(element) !== undefined && !WHOLE.has(tagOf(element));
    });
  }

  /** Covers these parts and uncovers all others. @returns {boolean} false: it cannot be done, and nothing was uncovered */
  cover({ parts, words, language }) {
    if (!this.canCover(parts)) return false;
    const wanted = new Map();
    for (const { place, min_age: age } of parts) {
      const element = elementAt(document, place);
      if (!wanted.has(element)) wanted.set(element, age);
    }
    for (const element of [...this.#covered.keys()]) if (!wanted.has(element)) this.#uncover(element);
    for (const [element, age] of wanted) if (!this.#covered.has(element)) this.#cover(element, age, words, language);
    return true;
  }

  lift() {
    for (const element of [...this.#covered.keys()]) this.#uncover(element);
  }

  /** A page may show again what is covered, or take the sign away: before it is painted, this runs. */
  repair() {
    for (const [element, { sign }] of this.#covered) {
      if (!own(element, "isConnected")) {
        sign.remove();
        this.#covered.delete(element);
        COVERED.delete(element);
        continue;
      }
      const [value, priority] = displayOf(element);
      if (value !== "none" || priority !== "important") hide(element);
      if (!hasAttribute(element, "inert")) setInert(element);
      if (!sign.isConnected) own(element, "after").call(element, sign);
    }
  }

  #cover(element, age, words, language) {
    const display = displayOf(element);
    const wasInert = hasAttribute(element, "inert");
    COVERED.add(element);
    hide(element);
    setInert(element);
    const sign = signFor(element, age, words, language);
    own(element, "after").call(element, sign);
    this.#covered.set(element, { sign, display, wasInert, restore: silence(element) });
  }

  #uncover(element) {
    const { sign, display, wasInert, restore } = this.#covered.get(element);
    this.#covered.delete(element);
    COVERED.delete(element);
    sign.remove();
    if (!wasInert) own(element, "removeAttribute").call(element, "inert");
    if (display[0]) styleOf(element).setProperty("display", ...display);
    else styleOf(element).removeProperty("display");
    restore();
  }
}

function hide(element) {
  styleOf(element).setProperty("display", "none", "important");
}

/** A control called "style" is what `form.style` gives. */
function styleOf(element) {
  return own(element, "style");
}

/** @returns {[string, string]} as it is written at the element: value and priority */
function displayOf(element) {
  const style = styleOf(element);
  return [style.getPropertyValue("display"), style.getPropertyPriority("display")];
}

function setInert(element) {
  own(element, "setAttribute").call(element, "inert", "");
}

/** The sign in a closed shadow tree: neither the page's styles nor its scripts reach it. */
function signFor(element, age, words, language) {
  const page = own(element, "ownerDocument");
  const host = page.createElement("span");
  setStyle(host, HOST);
  const said = words === null ? {} : words[languageOf(page, language, words)];
  const category = CATEGORIES.find((each) => each >= age) ?? 18;
  const box = page.createElement("span");
  setStyle(box, BOX);
  box.setAttribute("role", "note");
  const text = page.createElement("span");
  const hidden = page.createElement("b");
  hidden.textContent = said["part.hidden"] ?? "";
  text.append(hidden, ` ${said["part.why"] ?? ""}`);
  const mark = age === 0 ? "6-" : `${category}+`;
  box.append(signOf(page, { mark, name: said.sign?.replace("{category}", mark), size: 48 }), text);
  host.attachShadow({ mode: "closed" }).append(box);
  return (AROUND[tagOf(element)] ?? []).reduceRight((inner, tag) => {
    const around = page.createElement(tag);
    around.append(inner);
    return around;
  }, host);
}

/** The page's own language if it is one of ours, else the person's. */
function languageOf(page, language, words) {
  const ofPage = page.documentElement.lang.toLowerCase().split("-")[0];
  return ofPage in words ? ofPage : language ?? (navigator.languages.map((each) => each.slice(0, 2)).find((each) => each in words) ?? "kk");
}

function setStyle(element, values) {
  for (const [name, value] of Object.entries(values)) element.style.setProperty(name, value, "important");
}
