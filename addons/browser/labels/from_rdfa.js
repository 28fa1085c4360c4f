/**
 * Labels in RDFa: property="contentRating" and its kin, in the vocabulary of schema.org. See
 * `gateway/labels/from_rdfa.py`.
 */
import { fold, pieces, strip } from "./characters.js";
import { ItemWalk } from "./items.js";
import { AUDIENCE, PROPERTIES } from "./schema_org.js";
import { ancestors, attribute, hasAttribute, own } from "./tree.js";

const SCHEMA_ORG = /^https?:\/\/(?:www\.)?schema\.org\/?#?/i;
const MOST_PREFIX = 2_000; // characters of one attribute
const MOST_PREFIXES = 100;
const MOST_NAMES = 16; // of one element
const TRACES = [...PROPERTIES.keys(), ...AUDIENCE.keys()];

/** @type {import("./reader.js").Reader} */
export const rdfaReader = {
  name: "rdfa",

  *find(page) {
    const nodes = page.css("[property]");
    if (!nodes.some((node) => TRACES.some((trace) => fold(attribute(node, "property")).includes(trace)))) return;
    const vocabulary = new Vocabulary();
    const names = (node) => vocabulary.names(node);
    const dialect = { carrier: "rdfa", item: "typeof", types: "typeof", property: "property", names };
    yield* new ItemWalk(page, dialect).labels(nodes);
  },
};

/** Resolves the names of one page; what was found out about an element is kept for those inside it. */
class Vocabulary {
  #known = new Map();

  /** The schema.org names that an element's `property` holds, without case. */
  names(node) {
    const names = pieces(attribute(node, "property")).slice(0, MOST_NAMES);
    return new Set(names.map((name) => this.#localName(name, node)).filter(Boolean));
  }

  /** The name within schema.org; null when it is of another vocabulary or of none. */
  #localName(name, node) {
    const full = SCHEMA_ORG.exec(name);
    if (full) return fold(name.slice(full[0].length)) || null;
    const colon = name.indexOf(":");
    const { vocabulary, prefixes } = this.#context(node);
    const address = colon < 0 ? vocabulary : prefixes.get(fold(name.slice(0, colon))) ?? "";
    const found = SCHEMA_ORG.exec(address);
    return found && found[0].length === address.length ? fold(name.slice(colon + 1)) : null;
  }

  #context(node) {
    const unknown = [];
    let context = { vocabulary: "", prefixes: new Map([["schema", "http://schema.org/"]]) };
    for (const here of ancestors(node)) {
      if (this.#known.has(here)) {
        context = this.#known.get(here);
        break;
      }
      unknown.push(here);
    }
    for (const here of unknown.reverse()) {
      context = within(context, here);
      this.#known.set(here, context);
    }
    return context;
  }
}

/** What terms and prefixes mean within an element. */
function within(outer, node) {
  const vocabulary = hasAttribute(node, "vocab") ? strip(attribute(node, "vocab")) : outer.vocabulary;
  const pairs = pieces(attribute(node, "prefix").slice(0, MOST_PREFIX));
  const declared = [];
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    if (pairs[at].endsWith(":")) declared.push([fold(pairs[at].slice(0, -1)), pairs[at + 1]]);
  }
  const ofXhtml = own(node, "getAttributeNames").call(node).filter((name) => name.startsWith("xmlns:"));
  if (!declared.length && !ofXhtml.length) return vocabulary === outer.vocabulary ? outer : { ...outer, vocabulary };
  if (outer.prefixes.size + declared.length + ofXhtml.length > MOST_PREFIXES) return { ...outer, vocabulary };
  const written = ofXhtml.map((name) => [name.slice(6), strip(attribute(node, name))]);
  return { vocabulary, prefixes: new Map([...outer.prefixes, ...written, ...declared]) };
}
