/**
 * What readers know of rating systems, signs, badges and named sites: the JSON that `qorgan addon data` writes.
 *
 * @typedef {object} LabelData
 * @property {import("./scales.js").Scales} scales
 * @property {import("./signs.js").Signs} signs
 * @property {import("./sign_names.js").SignNames} names
 * @property {import("./from_badge.js").Badges} badges
 * @property {import("./schema_org.js").SchemaOrg} schemaOrg
 * @property {import("./recipe.js").Sites} sites
 * @property {object} words
 */
import { Badges } from "./from_badge.js";
import { Sites } from "./recipe.js";
import { Scales } from "./scales.js";
import { SchemaOrg } from "./schema_org.js";
import { SignNames } from "./sign_names.js";
import { Signs } from "./signs.js";

const FORM = 1;

/**
 * The data, compiled once for all pages.
 *
 * @param {object} json
 * @returns {LabelData}
 * @throws {Error} for data of a form that these readers do not know
 */
export function compileData(json) {
  if (json?.form !== FORM) throw new Error(`the label data has the form ${json?.form}, these readers know ${FORM}`);
  return {
    scales: new Scales(json.scales),
    signs: new Signs(json.signs),
    names: new SignNames(json.names),
    badges: new Badges(json.badges),
    schemaOrg: new SchemaOrg(json.schema_org),
    sites: new Sites(json.sites),
    words: json.words,
  };
}
