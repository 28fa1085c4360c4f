/** Badges and notices of sites for adults: policies/signs/badges.yaml. See `gateway/labels/from_badge.py`. */
import { countLetters, oneLine, pieces, stripOf } from "./characters.js";
import { pattern } from "./pattern.js";
import { PlaceFinder } from "./place.js";
import { plain } from "./signs.js";
import { ancestors, attribute, parentNodeOf, tagOf } from "./tree.js";
import { canonical } from "./url.js";

const NAME = "badge";
const MOST_BADGES = 100;
const MOST_NOTICES = 100;
const LONGEST = 200; // characters of the line of a notice, or of a link
const LONGEST_ROW = 2_000; // characters of a row of links
const AROUND = " \t\r\n\x1f\xa0.,:;|·•-–—/*()[]©";

/**
 * @typedef {{mark: import("./label.js").Mark, hosts: Set<string>, pictures: string[], announcedBy: Set<string>}} Badge
 */
/** @typedef {{mark: import("./label.js").Mark, trace: string, whole: () => RegExp, part: () => RegExp}} Notice */

/** What is known of badges, compiled. */
export class Badges {
  /** @param {{badges: object[], notices: object[]}} data */
  constructor({ badges, notices }) {
    /** @type {Badge[]} */
    this.badges = badges.map((each) => ({
      mark: each.mark, hosts: new Set(each.hosts), pictures: each.pictures, announcedBy: new Set(each.announced_by),
    }));
    /** @type {Notice[]} */
    this.notices = notices.map(({ mark, trace, pattern: source }) => ({
      mark, trace, whole: pattern(() => `^(?:${source})$`, "v"), part: pattern(() => source, "v"),
    }));
  }
}

/** @type {import("./reader.js").Reader} */
export const badgeReader = {
  name: NAME,

  *find(page) {
    const finder = new PlaceFinder(page.data.signs.places);
    for (const badge of page.data.badges.badges) {
      for (const node of shown(badge, page, finder)) {
        yield { label: labelOf(page, badge.mark, node.outerHTML.slice(0, LONGEST), node) };
        break;
      }
    }
    for (const notice of page.data.badges.notices) {
      for (const [text, node] of given(notice, page, finder)) {
        yield { label: labelOf(page, notice.mark, text, node) };
        break;
      }
    }
  },
};

function labelOf(page, mark, raw, node) {
  return { ...mark, scope: page.whole, trust: "C", carrier: NAME, raw, place: page.selectors.of(node) };
}

/** The links and pictures of a badge that stand where the page speaks of itself. */
function* shown(badge, page, finder) {
  const links = [...badge.hosts].map((host) => `a[href*="${host}" i]`);
  const pictures = badge.pictures.map((name) => `img[src*="${name}" i]`);
  for (const node of page.css([...links, ...pictures].join(", ")).slice(0, MOST_BADGES)) {
    const place = finder.placeOf(node);
    if (tagOf(node) === "a") {
      if (!badge.hosts.has(hostOf(attribute(node, "href")))) continue;
      const hasPicture = node.querySelector("img, svg, picture") !== null;
      if (place.footer === null && !hasPicture && !isAnnounced(node, badge)) continue;
    }
    const isOwn = place.footer !== null || ![...ancestors(node)].some((here) => tagOf(here) === "article");
    if (!place.deaf && isOwn) yield node;
  }
}

function hostOf(href) {
  return canonical(href.includes("://") ? href : `https:${href}`)?.host.replace(/^www\./, "") ?? "";
}

/** Whether the link or the words around it say that the page is labelled: "Proudly Labeled RTA". */
function isAnnounced(link, badge) {
  const around = (parentNodeOf(link) ?? link).textContent.slice(0, LONGEST);
  return pieces(plain(around)).some((word) => badge.announcedBy.has(stripOf(word, AROUND)));
}

/** The notices of a page that stand by themselves: each one's text and element. */
function* given(notice, page, finder) {
  const visible = page.visibleText;
  const { trace } = notice;
  let at = visible.text.indexOf(trace);
  for (let left = MOST_NOTICES; at >= 0 && left > 0; left -= 1) {
    const line = visible.lineAt(at);
    if (line !== null) {
      const element = visible.elementOf(line, line.at, line.at + trace.length);
      const place = finder.placeOf(element);
      const text = place.deaf ? null : textOfNotice(notice, line, element, place);
      if (text !== null) yield [text, element];
    }
    at = visible.text.indexOf(trace, at + trace.length);
  }
}

/**
 * The text of a notice that stands where it is the page's own; null for a mention. That is a whole line, a link in a
 * row of links, and in the page's footer any clause. The bare number is one only as a link of the footer.
 */
function textOfNotice({ trace, whole: wholly, part }, line, element, place) {
  const isFramed = place.footer !== null;
  const own = tidy(element.textContent.slice(0, LONGEST));
  const whole = tidy(line.text);
  const isBare = own === trace;
  if (isBare && isFramed && place.link !== null) return own;
  if (whole === trace) return null;
  if (wholly().test(plain(whole))) return isFramed || !place.own ? whole : null;
  if (!isBare && wholly().test(plain(own))) return isFramed || (!place.own && isRowOfLinks(line.block)) ? own : null;
  const clause = isFramed ? part().exec(plain(whole)) : null;
  if (clause === null || clause[0] === trace) return null;
  const end = clause.index + clause[0].length;
  return isApart(whole.slice(0, clause.index), whole.slice(end)) ? whole.slice(clause.index, end) : null;
}

function tidy(text) {
  return stripOf(oneLine(text), AROUND);
}

/** Whether separators stand on both sides of a clause, or nothing. */
function isApart(before, after) {
  const [left, right] = [before.trimEnd().at(-1), after.trimStart()[0]];
  return (left === undefined || AROUND.includes(left)) && (right === undefined || AROUND.includes(right));
}

/** Whether a line is made of links alone, as below every page. */
function isRowOfLinks(block) {
  const text = block.textContent;
  if (text.length > LONGEST_ROW) return false;
  const links = [...block.querySelectorAll("a[href]")].slice(0, 50);
  return countLetters(text) === links.reduce((count, link) => count + countLetters(link.textContent), 0);
}
