/**
 * The age sign of law 169-VI, Art. 15(1), and its kin: marks and warnings that a person sees on a page.
 *
 * What a mark looks like in a line is `signs`; where it stands is `sighting`; here it becomes a label. See
 * `gateway/labels/from_visible_sign.py`.
 */
import { oneLine } from "./characters.js";
import { limited } from "./part_limit.js";
import { PAUSE, TooMuch } from "./reader.js";
import { frameOf, Lookout } from "./sighting.js";

const NAME = "visible-sign";
const KAZAKHSTAN = "kz";
const LONGEST_FRAME = 5_000; // characters of a header or footer in which an imprint is looked for

/** @type {import("./reader.js").Reader} */
export const visibleSignReader = {
  name: NAME,

  *find(page) {
    let found;
    try {
      found = yield* new Lookout(page, namesFor(page)).sightings();
    } catch (refused) {
      if (!(refused instanceof TooMuch)) throw refused;
      yield { blocked: refused.message };
      return;
    }
    const meaning = new Meaning(page);
    yield* limited(said(page, meaning, found));
    yield* flags(page, meaning, found.filter((seen) => seen.part === null));
  },
};

function* said(page, meaning, found) {
  const told = new Map();
  for (const seen of found) {
    const isPublication = meaning.isPublication(seen);
    const key = `${seen.sign.mark} ${isPublication}`;
    if (!told.has(seen.part)) told.set(seen.part, new Set());
    if (told.get(seen.part).has(key)) continue;
    told.get(seen.part).add(key);
    const mark = meaning.markOf(seen);
    const trust = trustOf(seen, mark.scale, isPublication);
    const build = () => labelOf(page, seen, mark, trust, isPublication);
    yield seen.part === null ? { label: build() } : { part: { mark, trust, build, ofPage: false } };
    yield PAUSE;
  }
}

function labelOf(page, seen, mark, trust, isPublication) {
  const part = seen.part === null ? null : page.selectors.of(seen.part);
  const isSite = isPublication || (frameOf(seen) !== null && page.whole === "site");
  return {
    ...mark,
    scope: part !== null ? "part" : isSite ? "site" : "page",
    trust,
    carrier: seen.carrier,
    raw: oneLine(seen.line.replaceAll("\x1f", " ")).slice(0, 300),
    place: part ?? page.selectors.of(seen.element),
    part,
  };
}

/** The names of pictures and classes, where such names are looked at: a name alone says little. */
function namesFor(page) {
  const { names } = page.data;
  return page.kind === "online-publication" || (page.usual !== null && names.scales.has(page.usual.id)) ? names : null;
}

/** What the signs of one page mean; what was found out about one is kept. */
class Meaning {
  #page;
  #imprints = new Map();
  #frames = new Map();
  #marks = new Map();
  #isKnown;

  constructor(page) {
    this.#page = page;
    this.#isKnown = page.kind === "online-publication" || isKazakh(page);
  }

  /** Whether it is that of a Kazakh online publication: it speaks for the oldest thing on the resource. */
  isPublication(seen) {
    if (seen.part === null && seen.place.heading === null && this.#isImprint(seen.line)) return true;
    const frame = frameOf(seen);
    return frame !== null && (this.#isKnown || this.#isImprintIn(frame));
  }

  markOf(seen) {
    const scale = scaleOf(this.#page, seen);
    const key = `${scale} ${seen.sign.mark}`;
    if (!this.#marks.has(key)) {
      const mark = this.#page.data.scales.find(seen.sign.mark, { scale });
      this.#marks.set(key, { scale, mark: mark?.mark ?? seen.sign.mark, min_age: seen.sign.min_age });
    }
    return this.#marks.get(key);
  }

  #isImprint(line) {
    if (!this.#imprints.has(line)) this.#imprints.set(line, this.#page.data.signs.isImprint(line));
    return this.#imprints.get(line);
  }

  #isImprintIn(frame) {
    if (!this.#frames.has(frame)) {
      this.#frames.set(frame, this.#page.data.signs.isImprint(frame.textContent.slice(0, LONGEST_FRAME)));
    }
    return this.#frames.get(frame);
  }
}

function isKazakh(page) {
  return page.usual?.id === KAZAKHSTAN;
}

/** The scale that a mark of this page is of: of the country, else of the language, else only its number counts. */
function scaleOf(page, { sign, place }) {
  if (sign.rhombus || place.rhombus) return KAZAKHSTAN; // Art. 15(1): no other system draws a rhombus
  const spoken = { kk: KAZAKHSTAN, ru: "rars" }[sign.language ?? page.language ?? ""] ?? null;
  for (const scale of [page.usual?.id ?? null, spoken]) {
    if (scale !== null && page.data.scales.find(sign.mark, { scale })) return scale;
  }
  // No other system here has these marks, or says its ages in these words.
  const isOnlyKazakh = ["6-", "14+"].includes(sign.mark) || (sign.warning && sign.language === "en") || spoken !== null;
  return isOnlyKazakh ? KAZAKHSTAN : "age";
}

function trustOf(seen, scale, isPublication) {
  if (seen.trust !== null) return seen.trust;
  if (isPublication) return "A"; // Art. 15(1): a duty of online publications
  // Often the age of a visitor or a buyer; "+18" may be a temperature.
  if (seen.sign.inYears || seen.sign.led) return "C";
  return seen.sign.language !== null || scale !== "age" ? "B" : "C";
}

/** What is wrong with the form of the page's own signs (Art. 15(1) and (4)). */
function* flags(page, meaning, found) {
  const { language } = page;
  const mustBeFormal = isKazakh(page) || language === "kk" || found.some((seen) => meaning.isPublication(seen));
  const isFormal = found.some(({ sign, place }) => sign.warning || sign.rhombus || place.rhombus);
  if (found.length && mustBeFormal && !isFormal) yield { flag: "sign-form" };
  const spoken = new Set(found.filter(({ sign }) => sign.warning).map(({ sign }) => sign.language));
  const isKnown = page.data.signs.languages.some(({ code }) => code === language);
  if (spoken.size && isKnown && !spoken.has(language)) yield { flag: "sign-language" };
}
