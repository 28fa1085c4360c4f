/** What the schema.org properties about age say: contentRating, typicalAgeRange, isFamilyFriendly and their kin. */
import { fold, SPACE, strip } from "./characters.js";
import { isObject } from "./json_tree.js";
import { strictest } from "./label.js";
import { LONGEST_TEXT } from "./scales.js";

export const PROPERTIES = new Map([
  ["contentrating", "contentRating"],
  ["typicalagerange", "typicalAgeRange"],
  ["isfamilyfriendly", "isFamilyFriendly"],
  ["hasadultconsideration", "hasAdultConsideration"],
]);
/** Of PeopleAudience: who should see a work; but of a product who wears it and of an event who may come in. */
export const AUDIENCE = new Map([
  ["requiredminage", "requiredMinAge"],
  ["suggestedminage", "suggestedMinAge"],
  ["suggestedage", "suggestedAge"],
]);

// The lower bound counts: "7-9", "11-" (eleven and up), "18+", "-5" (up to five). "6-" is six and up, unlike the sign.
const RANGE = new RegExp(
  `^(?:ages?[${SPACE}])?(?:(?<lowest>[0-9]{1,2})[${SPACE}]?(?:[-–—+]|to|до)[${SPACE}]?(?:[0-9]{1,3})?|` +
    `[-–—][${SPACE}]?[0-9]{1,3}|(?<one>[0-9]{1,2}))(?:[${SPACE}]?(?:years?(?: old)?|лет|жас))?$`,
  "i",
);
const FALSE = new Set(["false", "0", "no"]);
// UN/CEFACT Recommendation 20: the years of a QuantitativeValue. Months, weeks and days state no age in years.
const YEARS = new Set(["ann", "year", "years", "yr", "yrs"]);
const WHOLE = new RegExp(`^(?<age>[0-9]{1,2})(?:\\.0{1,4})?[${SPACE}]?\\+?$`);
const GOODS = "the age from which it is sold; its page need not be for adults";
const PREFIXES = ["https://schema.org/", "http://schema.org/", "schema.org/", "schema:"];

/**
 * A value that names an age: the mark, how far to trust it, the text it was, and what a person should know.
 *
 * @typedef {{mark: import("./label.js").Mark, trust: import("./label.js").Trust, raw: string, remark: string}} Said
 */

/** Which types are works, and which audiences are patients: policies/vocabularies/schema-org.yaml. */
export class SchemaOrg {
  #works;
  #patients;

  constructor({ works, patients }) {
    this.#works = new Set(works);
    this.#patients = new Set(patients);
  }

  /**
   * @param {string[]} things types
   * @param {string[]} audience types
   * @returns {boolean} whether the age tells what the thing holds
   */
  isToldByContent(things, audience) {
    if (kinds(audience).some((kind) => this.#patients.has(kind))) return false;
    return kinds(things).some((kind) => this.#works.has(kind));
  }
}

/**
 * The age that one text value of a property (a key of `PROPERTIES`) states.
 *
 * @param {string} name
 * @param {string} text
 * @param {import("./scales.js").Scales} scales
 * @param {{system?: string, country?: string | null}} known who gave the rating, where the page is from
 * @returns {Said | null}
 */
export function readProperty(name, text, scales, { system = "", country = null } = {}) {
  const raw = strip(text);
  if (!raw || raw.length > LONGEST_TEXT) return null;
  const value = withoutPrefix(raw);
  // Only false says something: schema.org's own sample has content="true" beside a visible "No".
  if (name === "isfamilyfriendly") {
    return said(FALSE.has(fold(value)) ? scales.find("not family friendly", { scale: "web" }) : null, "C", raw);
  }
  if (name === "typicalagerange") return said(lowestAge(value, scales), "C", raw);
  if (name === "hasadultconsideration") {
    return said(scales.find(value, { scale: "adult-consideration" }), "B", raw)
      ?? said(scales.find(value, { scale: "restricted-goods" }), "C", raw, GOODS);
  }
  return said(contentRating(value, scales, system, country), "B", raw);
}

/**
 * The age that one property of an audience (a key of `AUDIENCE`) states.
 *
 * @param {string} name
 * @param {unknown} value JSON, or the text of an element
 * @param {import("./scales.js").Scales} scales
 * @returns {Said | null}
 */
export function readAudience(name, value, scales) {
  const values = Array.isArray(value) ? value : [value];
  const read = name === "suggestedage" ? years : whole;
  const ages = values.map(read).filter((age) => age !== null);
  const age = ages.length ? Math.max(...ages) : null;
  if (age === null || age > scales.oldest) return null;
  return said({ scale: "age", mark: `${age}+`, min_age: age }, "C", String(value).slice(0, LONGEST_TEXT));
}

/**
 * Each text in a JSON value of a property, with the system that a Rating object names ("" without one).
 *
 * @param {unknown} value
 * @param {number} [depth]
 * @returns {Iterable<[string, string]>}
 */
export function* textsOf(value, depth = 0) {
  if (typeof value === "string") yield [value, ""];
  else if (typeof value === "boolean") yield [String(value), ""];
  else if (typeof value === "number") yield [isSmall(value) ? String(value) : "", ""];
  else if (Array.isArray(value) && depth < 4) {
    for (const item of value) yield* textsOf(item, depth + 1);
  } else if (isObject(value) && depth < 4) {
    const system = ["author", "ratedBy", "publisher"].flatMap((key) => namesOf(value.get(key)))[0] ?? "";
    for (const key of ["@value", "ratingValue", "name", "alternateName", "value", "@id"]) {
      for (const [text, inner] of textsOf(value.get(key) ?? null, depth + 1)) yield [text, system || inner];
    }
  }
}

/** @param {Iterable<Said | null>} found @returns {Said | null} */
export function strictestSaid(found) {
  const all = [...found].filter(Boolean);
  const mark = strictest(all.map((each) => each.mark));
  return all.find((each) => each.mark === mark) ?? null;
}

function said(mark, trust, raw, remark = "") {
  return mark ? { mark, trust, raw, remark } : null;
}

function isSmall(value) {
  return Number.isInteger(value) && Math.abs(value) < 1_000;
}

/** Types of things without their vocabulary and without case. */
function kinds(types) {
  return types.map((name) => fold(withoutPrefix(name)));
}

function namesOf(value) {
  const items = Array.isArray(value) ? value : [value];
  const names = items.map((item) => (isObject(item) ? item.get("name") : item));
  return names.filter((name) => typeof name === "string").map((name) => name.slice(0, LONGEST_TEXT));
}

function years(value) {
  if (!isObject(value)) return null;
  const fields = new Map([...value].map(([key, each]) => [fold(key.replace(/^schema:/, "")), each]));
  const unit = fields.get("unitcode") || fields.get("unittext");
  // Without a unit it may be the months of a baby's clothes.
  if (typeof unit !== "string" || !YEARS.has(fold(strip(unit)))) return null;
  return whole(fields.has("minvalue") ? fields.get("minvalue") : fields.get("value"));
}

function whole(value) {
  const inner = isObject(value) ? value.get("@value") : value;
  if (typeof inner !== "string" && typeof inner !== "number") return null;
  const match = WHOLE.exec(strip(String(inner).slice(0, LONGEST_TEXT)));
  return match ? Number(match.groups.age) : null;
}

function contentRating(value, scales, system, country) {
  if (!system) return scales.find(value, { country }) ?? scales.find(value, { scale: "web" });
  const known = scales.system(system);
  if (known !== null) return scales.find(value, { scale: known });
  return scales.find(`${system} ${value}`, { country }) ?? scales.find(value, { country });
}

function lowestAge(value, scales) {
  const match = RANGE.exec(value);
  if (match === null) return scales.find(value, { scale: "web" });
  const lowest = Number(match.groups.lowest ?? match.groups.one ?? 0);
  return lowest <= scales.oldest ? { scale: "age", mark: `${lowest}+`, min_age: lowest } : null;
}

function withoutPrefix(value) {
  const lower = fold(value);
  const prefix = PREFIXES.find((each) => lower.startsWith(each));
  return prefix === undefined ? value : value.slice(prefix.length);
}
