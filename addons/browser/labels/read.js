/**
 * A live page → its reading: every reader of labels asked once, the strictest of what they find counts.
 *
 * The same as `gateway/labels/read.py` for what a document can show; what only bytes tell is the page tier's.
 */
import { categoryOf } from "./category.js";
import { compileData } from "./data.js";
import { framesOf, inFrame } from "./frames.js";
import { badgeReader } from "./from_badge.js";
import { headerReader } from "./from_headers.js";
import { jsonLdReader } from "./from_json_ld.js";
import { metaReader } from "./from_meta.js";
import { microdataReader } from "./from_microdata.js";
import { picsReader } from "./from_pics.js";
import { powderReader } from "./from_powder.js";
import { rdfaReader } from "./from_rdfa.js";
import { siteRecipeReader } from "./from_site_recipe.js";
import { visibleSignReader } from "./from_visible_sign.js";
import { bounded, counts } from "./label.js";
import { Page } from "./page.js";
import { MOST_NOTES, PAUSE } from "./reader.js";
import { INTO } from "./selector.js";

const READERS = [
  headerReader, metaReader, picsReader, jsonLdReader, microdataReader, rdfaReader, badgeReader, powderReader,
  visibleSignReader, siteRecipeReader,
];
const MOST_LABELS = 3_000;
const MOST_FRAMES_DEEP = 2; // a frame in a frame is read, one in that is not
const SLICE = 8; // milliseconds after which the page has its turn

/**
 * @typedef {object} Reading
 * @property {"rated" | "unlabelled" | "unreadable"} status
 * @property {number | null} min_age the strictest of the labels that count, parts too; null when there is none
 * @property {string | null} category that age in the categories of law 169-VI, rounded up
 * @property {import("./label.js").Label[]} labels
 * @property {string[]} flags
 * @property {string[]} notes sentences for a person
 *
 * @typedef {object} Known what is known of a page beside its document
 * @property {string} [url] its address; the document's own when it is missing
 * @property {Headers | Record<string, string | string[]> | null} [headers] of the response
 * @property {string | null} [kind] what is known of the host: "online-publication"
 */

/**
 * The reading of a page, with its open shadow trees and the frames that it writes itself. Gives the main thread back
 * every few milliseconds. Never rejects: a fault of our own makes the reading unreadable, so that no page passes by it.
 *
 * @param {Document | null} document null when a browser shows none: then only the headers are read
 * @param {Known} known
 * @param {object} data the JSON of `qorgan addon data`, or what `compileData` made of it
 * @returns {Promise<Reading>}
 */
export async function read(document, known, data) {
  const steps = reading(document, known, data);
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - began < SLICE) continue;
    await turn();
    began = performance.now();
  }
}

/**
 * The same in one go, for tests and for those who cut it into slices themselves.
 *
 * @returns {Generator<null, Reading>} yields where the page may have its turn
 */
export function* reading(document, known, data) {
  const gathered = new Gathered();
  if (document === null) gathered.take({ blocked: "there is no document" });
  try {
    let page = new Page(document, known ?? {}, compiled(data));
    if (document !== null && page.url === null) {
      // What a label speaks for, and in which country, is told by the address.
      gathered.take({ blocked: "the address is not one that a browser would open" });
      page = new Page(null, known ?? {}, page.data);
    }
    yield* readPage(page, gathered, MOST_FRAMES_DEEP);
  } catch (fault) {
    gathered.fail("page", fault);
  }
  return gathered.reading();
}

function* readPage(page, gathered, frames) {
  for (const reader of READERS) {
    try {
      for (const found of reader.find(page)) {
        if (found !== PAUSE) gathered.take(found);
        yield PAUSE;
      }
    } catch (fault) {
      gathered.fail(reader.name, fault);
    }
  }
  if (frames === 0) return;
  for (const frame of framesOf(page)) {
    const inner = new Page(frame.document, { url: page.url?.href, kind: page.kind }, page.data);
    yield* readPage(inner, gathered.inside(frame.place), frames - 1);
  }
}

const kept = new WeakMap();

function compiled(data) {
  if (data.form === undefined) return data;
  if (!kept.has(data)) kept.set(data, compileData(data));
  return kept.get(data);
}

/** What the readers found so far. A reader that fails is a note and makes the reading unreadable. */
class Gathered {
  #labels = [];
  #flags = new Set();
  #notes = [];
  #isBlocked = false;

  take({ label, note, flag, blocked }) {
    if (label !== undefined) this.#keep(label);
    if (flag !== undefined) this.#flags.add(flag);
    if (note !== undefined && this.#notes.length < MOST_NOTES) this.#notes.push(note);
    if (blocked !== undefined) {
      this.#isBlocked = true;
      // For reasons there is room beside all notes.
      if (this.#notes.length < 2 * MOST_NOTES && !this.#notes.includes(blocked)) this.#notes.push(blocked);
    }
  }

  fail(name, fault) {
    this.take({ blocked: `the reader ${name} failed: ${fault?.name ?? "fault"}: ${fault?.message ?? ""}` });
  }

  /** The same for what a frame says: its labels are those of a part, its flags are not the page's. */
  inside(place) {
    const take = ({ label, blocked }) => {
      if (label !== undefined) this.take({ label: inFrame(label, place) });
      if (blocked !== undefined) this.take({ blocked });
    };
    const fail = (name, fault) => this.fail(name, fault);
    return { take, fail, inside: (inner) => this.inside(place + INTO + inner) };
  }

  reading() {
    const ages = this.#labels.filter((label) => counts(label.trust)).map((label) => label.min_age);
    const minAge = ages.length ? Math.max(...ages) : null;
    return {
      status: this.#isBlocked ? "unreadable" : ages.length ? "rated" : "unlabelled",
      min_age: minAge,
      category: minAge === null ? null : categoryOf(minAge),
      labels: this.#labels,
      flags: [...this.#flags],
      notes: this.#notes,
    };
  }

  #keep(label) {
    if (this.#labels.length < MOST_LABELS) this.#labels.push(bounded({ part: null, ...label }));
    else this.take({ blocked: `there are more than ${MOST_LABELS} labels` });
  }
}

/** A turn for the page: what waits in its queue runs first. */
function turn() {
  if (globalThis.scheduler?.yield) return globalThis.scheduler.yield();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
