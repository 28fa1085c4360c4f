/** Labels in microdata: elements with itemprop contentRating and its kin (WHATWG HTML, section 5.2; schema.org). */
import { fold, pieces } from "./characters.js";
import { ItemWalk } from "./items.js";
import { attribute } from "./tree.js";

const DIALECT = { carrier: "microdata", item: "itemscope", types: "itemtype", property: "itemprop", names };

/** @type {import("./reader.js").Reader} */
export const microdataReader = {
  name: "microdata",

  *find(page) {
    const nodes = page.css("[itemprop]");
    if (nodes.length) yield* new ItemWalk(page, DIALECT).labels(nodes);
  },
};

/** The property names of an element, without case and without their vocabulary. */
function names(node) {
  return new Set(pieces(attribute(node, "itemprop")).map((name) => fold(name.split("/").at(-1))));
}
