/** Site recipes: how a named site declares an age, as data (policies/sites). See `gateway/labels/recipe.py`. */
import { escaped, SPACE } from "./characters.js";
import { suffixes } from "./url.js";

/**
 * One way in which a site declares an age. `mark`: it says so by being there; else `form` reads the value.
 *
 * @typedef {object} Declaration
 * @property {string} says
 * @property {object} where
 * @property {"element" | "script" | "state" | "code" | "header" | "address"} where.kind
 * @property {string} [where.css] of an element or a script
 * @property {string | null} [where.attribute] of an element; null for its text
 * @property {string | null} [where.after] what the text begins with
 * @property {string[]} [where.steps] of a pointer into the JSON of a script or a state
 * @property {string} [where.name] of a state or a header
 * @property {string} [where.text] of a code
 * @property {import("./label.js").Mark | null} mark
 * @property {{values: Map<string, import("./label.js").Mark | null>, others: boolean, scale: string | null}} form
 * @property {import("./label.js").Trust} trust
 * @property {import("./label.js").Scope} scope
 * @property {string | null} part a selector: the nearest element around that fits it is the part
 * @property {RegExp[]} paths
 */

/** All recipes, by host. */
export class Sites {
  #hosts;

  /** @param {Record<string, object[]>} data */
  constructor(data) {
    this.#hosts = new Map(Object.entries(data));
  }

  /**
   * @param {import("./url.js").Address | null} url
   * @returns {Declaration[]} by the recipes of its host, or of the nearest above
   */
  at(url) {
    for (const host of url === null ? [] : suffixes(url.host)) {
      const found = this.#hosts.get(host);
      if (found !== undefined) return found.map(compiled).filter((each) => covers(each, url));
    }
    return [];
  }
}

/** @param {string} name @returns {RegExp} finds where the JSON begins that a script assigns to a name */
export function assignmentTo(name) {
  const gap = `[${SPACE}]{0,8}`;
  const assigned = `(?<![\\p{L}\\p{N}_$])${escaped(name)}(?:["']\\])?${gap}=${gap}`;
  return new RegExp(`${assigned}(?:JSON\\.parse\\(${gap})?(?=[\\[\\{"'])`, "gv");
}

function compiled(data) {
  const values = new Map(Object.entries(data.form.values));
  const paths = data.paths.map((source) => new RegExp(`^(?:${source})$`, "v"));
  return { ...data, form: { ...data.form, values }, paths };
}

function covers(declaration, url) {
  return !declaration.paths.length || declaration.paths.some((path) => path.test(url.path));
}
