/** Elements whose names show an age: pictures of a badge, empty elements that a style sheet draws, bare numbers. */
import { strip } from "./characters.js";
import { withoutInvisible } from "./invisible.js";
import { PAUSE } from "./reader.js";
import { NAME_AGES } from "./sign_names.js";
import { attribute, firstInside } from "./tree.js";

const MOST_NAMED = 1_000; // elements of each kind that are looked at
const LONGEST_NUMBER = 40; // characters of an element with the white space around its number
const MOST_INSIDE = 8; // elements and pieces of text in a badge
const PICTURES = 'img, use, [style*="url(" i]';
const SOURCES = ["src", "data-src", "data-lazy-src", "data-original", "href", "xlink:href"];
const DRAWN = /url\(\s{0,4}["']?([^"')]{1,300})/i;
const NUMBERS = new Map(NAME_AGES.flatMap((age) => [[String(age), age], [`+${age}`, age]]));

/**
 * An age that an element shows by a name: `raw` is the name, or with `isNumber` the number in the element.
 *
 * @typedef {object} NamedSign
 * @property {Element} element
 * @property {number} age
 * @property {string} raw
 * @property {string} carrier
 * @property {boolean} isClear
 * @property {boolean} isNumber
 */

/**
 * @param {import("./page.js").Page} page
 * @param {import("./sign_names.js").SignNames} names
 * @returns {Iterable<NamedSign | null>} every element with such a name, pictures first, then classes
 */
export function* namedSigns(page, names) {
  for (const element of page.cssInBody(PICTURES).slice(0, MOST_NAMED)) {
    const address = addressOf(element);
    const found = address ? names.ageInFile(address) : null;
    if (found === null) continue;
    yield { ...found, element, raw: address.slice(-200), carrier: "image-name", isNumber: false };
  }
  yield PAUSE;
  const wanted = names.words.map((word) => `[class*="${word}" i]`).join(", ");
  for (const element of wanted ? page.cssInBody(wanted).slice(0, MOST_NAMED) : []) {
    const found = byClass(element, attribute(element, "class"), names);
    if (found !== null) yield found;
  }
}

/** Where the picture of an element is; empty when that tells nothing. */
function addressOf(node) {
  for (const name of SOURCES) {
    const address = attribute(node, name).trim();
    if (address && address.slice(0, 5).toLowerCase() !== "data:") return address;
  }
  return DRAWN.exec(attribute(node, "style"))?.[1].trim() ?? "";
}

function byClass(element, classes, names) {
  const ages = classes.split(/\s+/).filter(Boolean).slice(0, 20).map((name) => names.ageInClass(name));
  const age = ages.find((each) => each !== null) ?? null;
  const isLimit = names.isLimit(classes);
  if ((age === null && !isLimit) || firstInside(element, MOST_INSIDE + 1).length > MOST_INSIDE) return null;
  const text = strip(withoutInvisible(element.textContent.slice(0, LONGEST_NUMBER)));
  const named = { element, carrier: "class-name", isClear: true };
  // An empty element is drawn by a style sheet.
  if (age !== null && !text) return { ...named, age, raw: classes.slice(0, 200), isNumber: false };
  return isLimit && NUMBERS.has(text) ? { ...named, age: NUMBERS.get(text), raw: text, isNumber: true } : null;
}
