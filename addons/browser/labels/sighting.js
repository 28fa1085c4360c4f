/** Signs as they are sighted on a page: each with its line, its element and its place; mere mentions are left out. */
import { strip, stripOf } from "./characters.js";
import { withoutInvisible } from "./invisible.js";
import { namedSigns } from "./named_sign.js";
import { PlaceFinder } from "./place.js";
import { PAUSE, TooMuch } from "./reader.js";
import { signPlaces } from "./sign_places.js";
import { Fit, LONGEST_LINE, plain, signOf } from "./signs.js";
import { isTurned, styleTexts } from "./style_text.js";
import { LONGEST_NAME, Surroundings } from "./surroundings.js";
import { ancestors, attribute, hasAttribute, parentOf, tagOf } from "./tree.js";

const MOST_SIGHTINGS = 5_000; // places like signs that are looked at
const CHARACTERS_EACH = 160; // a page that has more of them has so many characters for each, as listings have
const ALWAYS = 600; // so many are looked at however small the page is
const LEVELS_TO_LOGO = 4; // between a picture and the area of the logo
const LEAST_LIST = 3; // different marks side by side; two may be a page that contradicts itself: the strictest counts
// Stressed words in a sentence, not badges.
const STRESS = new Set(["a", "b", "code", "em", "i", "mark", "q", "s", "strong", "u"]);
const TITLED = "[alt], [aria-label]:not([alt]), [title]:not([alt], [aria-label])";

/**
 * A sign on a page. `part`: the item of a listing that it stands in; `trust`: of a name, which says less than a text.
 *
 * @typedef {object} Sighting
 * @property {import("./signs.js").Sign} sign
 * @property {string} line
 * @property {Element} element
 * @property {Element} block
 * @property {import("./place.js").Place} place
 * @property {Element | null} part
 * @property {string} carrier
 * @property {import("./label.js").Trust | null} trust
 */

/**
 * @param {Sighting} seen
 * @returns {Element | null} the page's header or footer; a sign beside the title is the page's own
 */
export function frameOf(seen) {
  return seen.place.heading !== null ? null : seen.place.footer ?? seen.place.header;
}

/** Looks through one page. Places, parts and lines that were read are kept: badges repeat. */
export class Lookout {
  #page;
  #signs;
  #names;
  #places;
  #around;
  #read = new Map();
  #imprints = new Map();

  /**
   * @param {import("./page.js").Page} page
   * @param {import("./sign_names.js").SignNames | null} names looked at, if any
   */
  constructor(page, names) {
    this.#page = page;
    this.#signs = page.data.signs;
    this.#names = names;
    this.#places = new PlaceFinder(page.data.signs.places);
    this.#around = new Surroundings(page.data.signs);
  }

  /**
   * Every sign that stands where a sign may stand.
   *
   * @returns {Generator<null, Sighting[]>} yields `PAUSE`, returns what was found
   * @throws {TooMuch} when more places look like signs than are looked at
   */
  *sightings() {
    const found = [];
    let looked = 0;
    for (const seen of this.#everywhere()) {
      if (seen !== PAUSE) {
        looked += 1;
        if (looked > ALWAYS && looked > this.#most) throw this.#tooMany();
        if (seen.sign !== null) found.push(seen);
      }
      yield PAUSE;
    }
    return this.#withoutLists(found);
  }

  get #most() {
    return Math.min(MOST_SIGHTINGS, Math.max(ALWAYS, this.#page.size / CHARACTERS_EACH));
  }

  #tooMany() {
    return new TooMuch(`the page has more than ${Math.floor(this.#most)} places like age signs`);
  }

  /** A sighting for each place that looked like one, with `sign` null where a closer look showed none; or `PAUSE`. */
  *#everywhere() {
    yield* this.#inText();
    yield* this.#inAttributes();
    for (const each of styleTexts(this.#page)) yield each === PAUSE ? PAUSE : this.#drawn(each);
    if (this.#names === null) return;
    for (const each of namedSigns(this.#page, this.#names)) yield each === PAUSE ? PAUSE : this.#named(each);
  }

  *#inText() {
    const visible = this.#page.visibleText;
    yield PAUSE;
    const places = this.#placesIn(visible.text);
    const seen = places.length > ALWAYS ? places.filter((place) => visible.isSeen(place)).length : 0;
    if (seen > ALWAYS && seen > this.#most) throw this.#tooMany();
    for (const at of places) {
      const line = visible.lineAt(at);
      if (line === null) continue;
      const sign = this.#signsIn(line.text).find((each) => each.start <= line.at && line.at < each.end);
      yield sign === undefined ? this.#besideTitle(line)
        : this.#standing(sign, line.text, visible.elementOf(line, sign.start, sign.end), line.block);
    }
  }

  #placesIn(text) {
    return signPlaces(text, this.#signs.traces, this.#signs.places.adults_only);
  }

  /** An age in years beside its title: <th>Возрастное ограничение</th><td>от 16 лет</td>. */
  #besideTitle(line) {
    if (line.text.length > LONGEST_NAME || this.#signs.languageOfTitle(line.text) === null) return NOTHING;
    const element = this.#page.visibleText.elementOf(line, line.at, line.at + 1);
    const titled = this.#around.titledBy(element) ?? this.#around.titledBy(line.block);
    if (titled === null) return NOTHING;
    const whole = `${stripOf(line.text, " :")}: ${titled.words}`;
    const sign = this.#signsIn(whole).find((each) => each.inYears && each.fit >= Fit.NOTICE);
    return sign === undefined ? NOTHING : this.#standing(sign, whole, titled.element, titled.element);
  }

  #signsIn(line) {
    if (!this.#read.has(line)) this.#read.set(line, this.#signs.read(line));
    return this.#read.get(line);
  }

  *#inAttributes() {
    for (const node of this.#page.cssInBody(TITLED)) {
      const texts = new Set([attribute(node, "alt") || attribute(node, "aria-label"), attribute(node, "title")]);
      for (const text of texts) yield* this.#inAttribute(node, text);
    }
    for (const node of this.#page.cssInBody("svg title")) {
      yield* this.#inAttribute(parentOf(node) ?? node, node.textContent);
    }
  }

  *#inAttribute(node, written) {
    const text = withoutInvisible(written.slice(0, LONGEST_LINE));
    if (!text || !this.#placesIn(text).length) return;
    const signs = this.#signsIn(text).filter((sign) => sign.fit >= Fit.NOTICE);
    for (const sign of signs) yield this.#standing(sign, text, node, node);
    if (!signs.length) yield NOTHING;
  }

  /** A sign of which at least a part is drawn by a style sheet: "18" with a drawn plus, or all of it. */
  #drawn(drawn) {
    const own = strip(this.#around.nameOf(drawn.element) ?? "");
    const line = drawn.isBefore ? drawn.text + own : own + drawn.text;
    const [start, end] = drawn.isBefore ? [0, drawn.text.length] : [own.length, line.length];
    const sign = this.#signsIn(line).find((each) => each.start < end && each.end > start);
    if (sign === undefined) return NOTHING;
    return changed(this.#standing(sign, line, drawn.element, drawn.element), { carrier: "style-content" });
  }

  /** A sign that only a name shows. Alone it is soft where the page speaks of itself, else no more than a hint. */
  #named(named) {
    const line = named.isNumber ? named.raw : `${named.age}+`;
    const sign = signOf(`${named.age}+`, named.age, 0, line.length, Fit.WHOLE);
    const seen = this.#standing(sign, line, named.element, named.element);
    const { carrier } = named;
    if (named.isNumber) return changed(seen, { carrier, trust: "C" });
    if (seen === NOTHING || seen.part !== null) return NOTHING;
    const { place } = seen;
    const around = [...ancestors(named.element)].slice(1);
    if (place.footer === null && around.some((here) => tagOf(here) === "article")) return NOTHING;
    const isOwn = place.footer !== null || place.header !== null || (place.heading !== null && this.#isTitle(seen))
      || around.slice(0, LEVELS_TO_LOGO).some((here) => this.#names.isArea(attribute(here, "class")));
    if (!named.isClear && place.footer === null) return NOTHING;
    return changed(seen, { line: named.raw, carrier, trust: named.isClear && isOwn ? "C" : "D" });
  }

  /** The sighting, when the sign stands where a sign may stand. */
  #standing(said, line, element, block) {
    const place = this.#places.placeOf(element);
    const text = strip(plain(line.slice(said.start, said.end)));
    if (place.deaf || this.#isMereLink(place, text)) return NOTHING;
    const sign = this.#titled(said, element, block);
    if (sign.language === null && this.#isOther(element, block, text)) return NOTHING;
    const part = place.footer !== null ? null : this.#page.parts.partOf(element) ?? linked(place);
    const isRhombus = place.rhombus || isTurned(element) || isTurned(block);
    const stands = { element, block, place: { ...place, rhombus: isRhombus }, part };
    const found = { sign, line, ...stands, carrier: "visible-sign", trust: null };
    return this.#counts(found, text) ? found : NOTHING;
  }

  /** The sign with the language of a title before it: <th>Возрастное ограничение</th><td>16+</td>. */
  #titled(said, element, block) {
    const language = said.language ?? this.#around.titleBefore(element) ?? this.#around.titleBefore(block);
    if (language === null || said.fit < Fit.CLAUSE) return said;
    return { ...said, language, fit: Math.max(said.fit, Fit.NOTICE) };
  }

  /** Whether a bare mark is a number of something else. */
  #isOther(element, block, text) {
    const isGuarded = this.#around.followsGuard(element) || this.#around.followsGuard(block);
    return isGuarded || this.#around.isStatistic(block, text);
  }

  #counts(seen, text) {
    const { sign, place, line } = seen;
    if (sign.led && place.footer === null && sign.language === null) return false;
    if (sign.fit >= Fit.NOTICE) return true;
    const isFramed = place.header !== null || place.footer !== null;
    if (sign.fit >= Fit.ENDING && (isFramed || this.#isImprint(line))) return true;
    const endsLine = !stripOf(line.slice(sign.end), ' \x1f)]»"');
    if (sign.fit >= Fit.ENDING && endsLine && place.heading !== null && this.#isTitle(seen)) return true;
    return !sign.warning && (place.heading === null || this.#isTitle(seen)) && this.#isBadge(seen, text);
  }

  #isImprint(line) {
    if (!this.#imprints.has(line)) this.#imprints.set(line, this.#signs.isImprint(line));
    return this.#imprints.get(line);
  }

  /** The page's title, or that of an item; other headings speak about something. */
  #isTitle(seen) {
    const { heading } = seen.place;
    return heading !== null && (tagOf(heading) === "h1" || seen.part !== null || !this.#page.parts.hasTitle);
  }

  /** Whether the sign has a small element of its own: <span class="age">16+</span>, <sup>16+</sup>. */
  #isBadge(seen, text) {
    const { element } = seen;
    if (element === seen.block || STRESS.has(tagOf(element))) return false;
    const own = this.#around.nameOf(element);
    return own !== null && strip(plain(own)) === text
      && (["sup", "sub", "small"].includes(tagOf(element)) || hasAttribute(element, "class"));
  }

  /** A link that says nothing else leads to things of that age; in a footer it explains the page's own sign. */
  #isMereLink(place, text) {
    if (place.link === null || place.footer !== null) return false;
    const words = this.#around.nameOf(place.link);
    return words !== null && ["", text].includes(stripOf(plain(words), " \t\n()[]"));
  }

  /** Leaves out different marks side by side without names: a filter, a legend, an explanation of all marks. */
  #withoutLists(found) {
    const own = found.filter((seen) => seen.part === null && !isAnnounced(seen));
    const bare = own.map((seen) => ({ seen, ...this.#around.listOf(seen.block) }));
    const ages = new Map();
    for (const { seen, around, tag } of bare) {
      if (!ages.has(around)) ages.set(around, new Map());
      ages.get(around).set(tag, (ages.get(around).get(tag) ?? new Set()).add(seen.sign.min_age));
    }
    const isListed = ({ around, tag }) => ages.get(around).get(tag).size >= LEAST_LIST;
    const listed = new Set(bare.filter(isListed).map(({ seen }) => seen));
    return found.filter((seen) => !listed.has(seen));
  }
}

/** A closer look showed no sign. */
const NOTHING = Object.freeze({ sign: null });

function changed(seen, more) {
  return seen === NOTHING ? NOTHING : { ...seen, ...more };
}

/** The link around a sign, which then tells of what it leads to; a title and the page's frame tell of the page. */
function linked(place) {
  const isOfTitle = place.heading !== null && tagOf(place.heading) === "h1";
  return place.header !== null || isOfTitle ? null : place.link;
}

/** Whether a sign stands where it says what it is, so that others near it change nothing. */
function isAnnounced(seen) {
  if (seen.trust !== null) return false;
  const isTitled = seen.sign.language !== null && !seen.sign.warning;
  return isTitled || frameOf(seen) !== null || seen.place.heading !== null;
}
