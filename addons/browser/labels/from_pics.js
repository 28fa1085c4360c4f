/** PICS labels, in a header and in meta elements (W3C, REC-PICS-labels). See `gateway/labels/from_pics.py`. */
import { fold, quoted, strip } from "./characters.js";
import { strictest } from "./label.js";
import { isPics, parsePics } from "./pics.js";
import { TooMuch } from "./reader.js";
import { attribute } from "./tree.js";
import { canonical } from "./url.js";

const NAME = "pics";
const FIELD = "pics-label";
const MOST_CARRIERS = 16; // headers and meta elements of one page
const MOST_RAW = 1_000; // characters of evidence

/** @type {import("./reader.js").Reader} */
export const picsReader = {
  name: NAME,

  *find(page) {
    const carriers = page.headers.all(FIELD).map((text) => [text, null]);
    for (const node of page.css("meta")) if (isPicsMeta(node)) carriers.push([attribute(node, "content"), node]);
    if (carriers.length > MOST_CARRIERS) {
      yield { blocked: `there are ${carriers.length} PICS labels; ${MOST_CARRIERS} are read` };
    }
    for (const [text, node] of carriers.slice(0, MOST_CARRIERS)) yield* labels(page, text, node);
  },
};

function* labels(page, text, node) {
  const told = new Set(); // the same for "site" and for "www.site" is one label
  for (const said of read(text, page)) {
    if (said.mark === undefined) {
      yield said;
      continue;
    }
    const key = `${said.mark.scale} ${said.mark.mark} ${said.scope}`;
    if (told.has(key)) continue;
    told.add(key);
    const place = node === null ? "header PICS-Label" : page.selectors.of(node);
    const raw = said.raw.slice(0, MOST_RAW);
    yield { label: { ...said.mark, scope: said.scope ?? page.whole, trust: said.trust, carrier: NAME, raw, place } };
  }
}

/**
 * What a label list says: an age is soft (C); "none of the above" only a hint (D), because it is what everybody
 * copies.
 */
function* read(text, page) {
  if (!strip(text)) return;
  if (!isPics(text)) {
    yield { note: `the PICS label ${quoted(text.slice(0, 80))} is not in the form of PICS` };
    return;
  }
  let parsed;
  try {
    parsed = parsePics(text);
  } catch (fault) {
    if (!(fault instanceof TooMuch)) throw fault;
    yield { blocked: fault.message };
    return;
  }
  if (!parsed.length) yield { note: `the PICS label ${quoted(text.slice(0, 80))} rates nothing` };
  for (const label of parsed) yield saidBy(label, page);
}

function saidBy(label, page) {
  const { scales } = page.data;
  const scale = scales.ofService(label.service);
  if (scale === null) return { note: `the PICS service ${quoted(label.service.slice(0, 80))} is not known` };
  const scope = scopeOf(label, page.url);
  if (label.address !== null && scope === null) {
    return { note: `the PICS label is for ${quoted(label.address.slice(0, 80))}, not for this page` };
  }
  const rated = label.values.filter(([, number]) => number !== null);
  const marks = rated.map(([name, number]) => scales.find(`${name} ${number}`, { scale }));
  const highest = strictest(marks.filter(Boolean));
  if (highest !== null && highest.min_age) return { mark: highest, trust: "C", raw: label.raw, scope };
  if (highest !== null && !marks.includes(null) && marks.length === label.values.length) {
    return { mark: highest, trust: "D", raw: label.raw, scope };
  }
  return { note: `the PICS label says ${quoted(label.raw.slice(-80))}, which is no age` };
}

/** What the label speaks for when that holds this page; null otherwise, and when it names no address. */
function scopeOf(label, url) {
  if (label.address === null || url === null) return null;
  const address = canonical(label.address) ?? canonical(`http://${label.address.replace(/^\/+/, "")}`);
  if (address === null || bareHost(address) !== bareHost(url)) return null;
  if (!label.generic) return address.path === url.path ? "page" : null;
  // REC-PICS-labels, "generic": for every address that begins with this one.
  if (!url.path.startsWith(address.path)) return null;
  return address.path === "/" ? "site" : "page";
}

function bareHost(address) {
  return address.host.replace(/^www\./, "");
}

function isPicsMeta(node) {
  return ["http-equiv", "name"].some((name) => fold(strip(attribute(node, name))) === FIELD);
}
