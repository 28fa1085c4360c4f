/**
 * How many labels of one page are built one by one: a catalogue has more offers than anybody masks singly.
 *
 * @typedef {object} Part the label of an item, or with `ofPage` one of the page; its place takes time to tell
 * @property {import("./label.js").Mark} mark
 * @property {import("./label.js").Trust} trust
 * @property {() => import("./label.js").Label} build
 * @property {boolean} ofPage
 */
import { counts } from "./label.js";

const MOST_PARTS = 1_000;
const MOST_ALIKE = 100; // labels of the whole page with the same mark

/**
 * `found`, where the strictest of the parts past the first MOST_PARTS speaks for the page instead: the oldest category
 * of the parts that are not masked is the page's (law 169-VI, Art. 15(3)).
 *
 * @param {Iterable<import("./reader.js").Found | {part: Part}>} found
 * @returns {Iterable<import("./reader.js").Found>}
 */
export function* limited(found) {
  const alike = new Map();
  let parts = 0;
  let strictest = null;
  for (const each of found) {
    const part = each === null ? null : each.part ?? (each.label?.scope === "part" ? built(each.label) : null);
    if (part === null) {
      yield each;
    } else if (part.ofPage) {
      const key = `${part.mark.scale} ${part.mark.mark} ${part.trust}`;
      const count = (alike.get(key)?.count ?? 0) + 1;
      alike.set(key, { count, mark: part.mark.mark });
      if (count <= MOST_ALIKE) yield { label: part.build() };
    } else {
      parts += 1;
      if (parts <= MOST_PARTS) yield { label: part.build() };
      else if (strictest === null || isStricter(part, strictest)) strictest = part;
    }
  }
  for (const { count, mark } of alike.values()) {
    if (count > MOST_ALIKE) {
      yield { note: `${count} places say ${mark} of the whole page; ${MOST_ALIKE} of them are shown` };
    }
  }
  if (strictest !== null) {
    yield { note: `${parts} items carry a label; the strictest of those after the first ${MOST_PARTS} is the page's` };
    yield { label: { ...strictest.build(), scope: "page", part: null } };
  }
}

function isStricter(one, other) {
  if (counts(one.trust) !== counts(other.trust)) return counts(one.trust);
  return one.mark.min_age > other.mark.min_age;
}

function built(label) {
  return { mark: label, trust: label.trust, build: () => label, ofPage: false };
}
