/**
 * Text that style sheets draw: `.age::after { content: "18+" }`. Source: CSS Generated Content, section 1.1.
 *
 * The page tier reads rules that name ids and classes; here the browser says what is drawn: only what
 * `getComputedStyle` confirms counts, whatever the selector, the sheet and its conditions are. Of a sheet of another
 * origin the rules cannot be read: there the elements are asked whose class names speak of an age.
 */
import { PAUSE } from "./reader.js";
import { attribute, own } from "./tree.js";

const MOST_RULES = 30_000;
const RULES_A_SLICE = 500;
const MOST_SELECTORS = 40; // of rules with a string that could be of a sign; each costs a look through the page
const MOST_ELEMENTS = 200; // of all of them
const MOST_ASKED = 200; // elements that are asked because a sheet cannot be read
const PSEUDO = /^(.*?)::?(before|after)$/is;
const TOLD = /[0-9+＋🔞а-яё]|attr\(/iu;
const PIECE = /"((?:[^"\\]|\\.)*)"|attr\(\s*([\w-]+)\s*\)/gs;
const ESCAPE = /\\(?:([0-9a-f]{1,6})\s?|(.))/gis;
const COMMA = /,(?![^([]*[)\]])/;
const TURNED = new Set(["45deg", "-45deg"]);
const MATRIX = /^matrix\(([-0-9.e]+), ([-0-9.e]+),/;
const DRAWS_NOTHING = new Set(["", "none", "normal"]);

/**
 * A string that is drawn before or after what stands in an element.
 *
 * @typedef {{element: Element, text: string, isBefore: boolean}} StyleText
 */

/** @param {import("./page.js").Page} page @returns {Iterable<StyleText | null>} */
export function* styleTexts(page) {
  const view = page.document.defaultView;
  if (!view) return; // a document that nobody sees
  const seen = new Map();
  let left = MOST_ELEMENTS;
  for (const each of candidates(page)) {
    if (each === PAUSE) {
      yield PAUSE;
      continue;
    }
    const key = each.isBefore ? "::before" : "::after";
    if (seen.get(each.element)?.includes(key)) continue;
    seen.set(each.element, [...(seen.get(each.element) ?? []), key]);
    const text = drawnText(view.getComputedStyle(each.element, key), each.element);
    if (!text) continue;
    yield { ...each, text };
    if ((left -= 1) === 0) return;
  }
}

/** @param {Element} element @returns {boolean} whether a style sheet turns it by 45 degrees, as a rhombus is drawn */
export function isTurned(element) {
  const style = own(element, "ownerDocument").defaultView?.getComputedStyle(element);
  if (!style) return false;
  if (TURNED.has(style.rotate)) return true;
  const [, a, b] = MATRIX.exec(style.transform) ?? [];
  return a !== undefined && Math.abs(Math.abs(Math.atan2(Number(b), Number(a))) - Math.PI / 4) < 0.02;
}

/** The elements at which something like a sign may be drawn. */
function* candidates(page) {
  let selectors = 0;
  let isHidden = false;
  for (const root of page.roots) {
    for (const found of rulesOf(root)) {
      if (found === PAUSE) yield PAUSE;
      else if (found === UNREADABLE) isHidden = true;
      else if (selectors < MOST_SELECTORS) {
        for (const selector of found.split(COMMA)) {
          const pseudo = PSEUDO.exec(selector.trim());
          if (pseudo === null || (selectors += 1) > MOST_SELECTORS) continue;
          const isBefore = pseudo[2].toLowerCase() === "before";
          for (const element of all(root, pseudo[1].trim() || "*").slice(0, MOST_ELEMENTS)) yield { element, isBefore };
        }
      }
    }
  }
  if (!isHidden) return;
  const wanted = page.data.names.words.map((word) => `[class*="${word}" i]`).join(", ");
  for (const element of wanted ? page.cssInBody(wanted).slice(0, MOST_ASKED) : []) {
    yield { element, isBefore: true };
    yield { element, isBefore: false };
  }
}

const UNREADABLE = Symbol("a sheet of another origin");

/** The selectors of rules that draw something like a sign; `PAUSE`; `UNREADABLE`. */
function* rulesOf(root) {
  let looked = 0;
  const sheets = [...(root.styleSheets ?? []), ...(root.adoptedStyleSheets ?? [])];
  for (const sheet of sheets) {
    let rules;
    try {
      rules = [[sheet.cssRules, ""]];
    } catch {
      yield UNREADABLE;
      continue;
    }
    while (rules.length) {
      const [inner, outer] = rules.pop();
      for (const rule of inner) {
        if ((looked += 1) > MOST_RULES) return;
        if (looked % RULES_A_SLICE === 0) yield PAUSE;
        if (rule.styleSheet) sheets.push(rule.styleSheet); // @import
        const selector = rule.selectorText === undefined ? outer : nestedIn(outer, rule.selectorText);
        const content = rule.style?.content ?? "";
        if (content && TOLD.test(content)) yield selector;
        if (rule.cssRules?.length) rules.push([rule.cssRules, selector]);
      }
    }
  }
}

/** The selector of a rule that stands in another (CSS Nesting, section 3). */
function nestedIn(outer, selector) {
  if (outer === "") return selector;
  const around = `:is(${outer})`;
  const whole = (each) => (each.includes("&") ? each.replaceAll("&", around) : `${around} ${each}`);
  return selector.split(COMMA).map(whole).join(", ");
}

function all(root, selector) {
  try {
    return [...root.querySelectorAll(selector)];
  } catch {
    return []; // nothing that this browser can look for, such as a part of a nested rule
  }
}

/** What a pseudo element shows: its strings, and the attributes that it names. */
function drawnText(style, element) {
  const content = style.content ?? "";
  if (DRAWS_NOTHING.has(content) || style.display === "none" || style.visibility === "hidden") return "";
  let text = "";
  for (const [, written, name] of content.matchAll(PIECE)) {
    text += name === undefined ? written.replaceAll(ESCAPE, unescaped) : attribute(element, name);
  }
  return text.slice(0, 80);
}

function unescaped(_, digits, letter) {
  return digits === undefined ? letter : String.fromCodePoint(Math.min(Number.parseInt(digits, 16), 0x10ffff));
}
