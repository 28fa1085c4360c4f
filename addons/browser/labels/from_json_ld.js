/**
 * Labels in JSON-LD: contentRating, typicalAgeRange and their kin, however deep. See `gateway/labels/from_json_ld.py`.
 */
import { BrokenJson, isObject, named, shown } from "./json_tree.js";
import { entitiesOf, parseScript, typesOf } from "./linked_data.js";
import { PageLinks } from "./page_links.js";
import { limited } from "./part_limit.js";
import { PAUSE, Room, TooMuch } from "./reader.js";
import { Repeats, TooManyDifferent } from "./repeats.js";
import { AUDIENCE, PROPERTIES, readAudience, readProperty, strictestSaid, textsOf } from "./schema_org.js";

const NAME = "json-ld";
const TRACES = [...PROPERTIES.keys(), ...AUDIENCE.keys(), "\\u00"];
const MOST_KEPT = 500; // different ages of audiences
const OWN = new Set(PROPERTIES.values());

/** @type {import("./reader.js").Reader} */
export const jsonLdReader = {
  name: NAME,

  *find(page) {
    const entities = [];
    let number = 0;
    for (const script of page.css('script[type*="ld+json" i]')) {
      number += 1;
      const text = script.textContent;
      const lower = text.toLowerCase();
      if (!TRACES.some((trace) => lower.includes(trace))) continue;
      yield PAUSE;
      try {
        const root = parseScript(text);
        yield PAUSE;
        for (const entity of entitiesOf(root, `script ${number}: `)) {
          entities.push(entity);
          yield PAUSE;
        }
      } catch (fault) {
        if (fault instanceof TooMuch) yield { blocked: `JSON-LD script ${number} ${fault.message}` };
        else if (fault instanceof BrokenJson) yield { note: `JSON-LD script ${number} is not JSON: ${fault.message}` };
        else throw fault;
      }
    }
    try {
      yield* limited(new Statements(page).found(entities));
    } catch (fault) {
      if (fault instanceof TooManyDifferent) yield { blocked: `in JSON-LD, ${fault.message}` };
      else if (fault instanceof TooMuch) yield { blocked: `the JSON-LD ${fault.message}` };
      else throw fault;
    }
  },
};

/** What the entities of one page say. Ratings and links repeat: each is looked up once. */
class Statements {
  #page;
  #links;
  #room = new Room();
  #read;
  #ages = new Map();
  #told = new Map();

  constructor(page) {
    this.#page = page;
    this.#links = new PageLinks(page);
    const { country, data } = page;
    this.#read = new Repeats((name, text, system) => readProperty(name, text, data.scales, { system, country }));
  }

  *found(entities) {
    const sameType = new Map();
    for (const entity of entities) {
      const type = typeOf(entity);
      if (entity.listed === null && !entity.elsewhere) sameType.set(type, (sameType.get(type) ?? 0) + 1);
    }
    for (const entity of entities) {
      yield PAUSE;
      yield* this.#labels(entity, (sameType.get(typeOf(entity)) ?? 0) > 1);
    }
  }

  *#labels(entity, several) {
    const said = [];
    for (const stated of entity.stated) {
      said.push([stated, ...this.#said(entity, stated)]);
      yield PAUSE;
    }
    const tells = entity.elsewhere || said.some(([, what]) => what !== null);
    const part = tells ? this.#partOf(entity, several) : null;
    if (entity.elsewhere && part === null) {
      if (this.#room.take()) yield { note: `${entity.pointer} speaks of something else than this page` };
      return;
    }
    for (const [stated, what, remark] of said) {
      if (what !== null) {
        // An item that cannot be found on the page cannot be masked: Art. 15(3), the oldest category counts.
        const build = () => labelOf(entity, stated, what, part);
        yield { part: { mark: what.mark, trust: what.trust, build, ofPage: part === null } };
        if (what.remark && this.#room.take()) {
          yield { note: `${stated.name} ${named(what.raw)}: ${what.remark}` };
        }
      } else if (this.#room.take()) {
        yield { note: `${stated.name} ${remark.replace("{}", () => named(stated.value))}` };
      }
    }
  }

  /** The place of the item that an entity speaks of; null when it speaks of the page, or is not found. */
  #partOf(entity, several) {
    if (entity.listed === null && !entity.elsewhere && (!several || isMain(entity, this.#page))) return null;
    const address = addressOf(entity.value) || addressOf(entity.listed ?? new Map());
    return address ? this.#links.partLinking(address) : null;
  }

  /** What is said, and what to remark of its value if that is nothing. */
  #said(entity, stated) {
    const name = stated.name.toLowerCase();
    if (OWN.has(stated.name)) {
      const read = [...textsOf(stated.value)].map(([text, system]) => this.#read.answer(name, text, system));
      return [strictestSaid(read), "says {}, which is no label"];
    }
    // Of a product it says who wears it, of an event who may come in.
    if (!this.#isToldByContent(typesOf(entity.value), stated.audience)) {
      return [null, "{} is not said of a work: it may be a buyer's age"];
    }
    return [this.#ageOfAudience(name, stated.value), "says {}, which is no label"];
  }

  #isToldByContent(things, audience) {
    const key = JSON.stringify([things, audience]);
    if (!this.#told.has(key)) this.#told.set(key, this.#page.data.schemaOrg.isToldByContent(things, audience));
    return this.#told.get(key);
  }

  #ageOfAudience(name, value) {
    const key = typeof value === "string" || typeof value === "number" ? `${name} ${typeof value} ${value}` : null;
    if (key !== null && this.#ages.has(key)) return this.#ages.get(key);
    const said = readAudience(name, value, this.#page.data.scales);
    if (key !== null && this.#ages.size < MOST_KEPT) this.#ages.set(key, said);
    return said;
  }
}

function labelOf(entity, stated, said, part) {
  return {
    ...said.mark,
    scope: part === null ? "page" : "part",
    trust: said.trust,
    carrier: NAME,
    raw: `"${stated.key}": ${shown(stated.value)}`,
    place: part ?? entity.pointer + stated.pointer,
    part,
  };
}

function typeOf(entity) {
  return shown(entity.value.get("@type") ?? "");
}

function addressOf(value) {
  const inner = value.get("item");
  for (const place of isObject(inner) ? [value, inner] : [value]) {
    for (const key of ["url", "@id", "item"]) if (typeof place.get(key) === "string") return place.get(key);
  }
  return "";
}

function isMain(entity, page) {
  if (entity.value.has("mainEntityOfPage")) return true;
  return page.url !== null && addressOf(entity.value).split("#")[0] === page.url.href;
}
