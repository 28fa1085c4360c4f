/** Labels as named sites declare them: in elements, in the state of their scripts, in headers. Data: policies/sites. */
import { quoted, strip } from "./characters.js";
import { BrokenJson } from "./json_tree.js";
import { limited } from "./part_limit.js";
import { PAUSE, TooMuch } from "./reader.js";
import { inCode, inElements, JsonPlaces, LONGEST_VALUE } from "./recipe_places.js";
import { ValueReader } from "./value_reader.js";

const NAME = "site-recipe";
const MOST_HEADERS = 20;

/** @type {import("./reader.js").Reader} */
export const siteRecipeReader = {
  name: NAME,

  *find(page) {
    yield* limited(found(page));
  },
};

function* found(page) {
  const json = new JsonPlaces(page);
  const reader = new ValueReader(page.data.scales, page.data.words, page.country);
  for (const declaration of page.data.sites.at(page.url)) {
    yield PAUSE;
    const where = `where the site says ${quoted(declaration.says)}`;
    try {
      yield* once(said(page, json, reader, declaration, where));
    } catch (fault) {
      if (fault instanceof TooMuch) yield { blocked: `${where}, what stands there ${fault.message}` };
      else if (fault instanceof BrokenJson) yield { note: `${where}, it ${fault.message}` };
      else throw fault;
    }
  }
}

/** What is found, without the labels that say the same of the whole page again. */
function* once(all) {
  const told = new Set();
  for (const each of all) {
    const key = each?.label && `${each.label.scale} ${each.label.mark}`;
    if (key && told.has(key)) continue;
    if (key) told.add(key);
    yield each;
  }
}

function* said(page, json, reader, declaration, where) {
  for (const value of values(page, json, declaration)) {
    const mark = declaration.mark ?? reader.read(declaration.form, value.said);
    if (mark === null) {
      if (reader.isSilent(declaration.form, value.said)) continue;
      yield { note: `${where}, it says ${quoted(String(value.said).slice(0, 80))}, which is no label` };
      continue;
    }
    const build = () => labelOf(declaration, value, mark);
    if (declaration.scope === "part") yield { part: { mark, trust: declaration.trust, build, ofPage: false } };
    else yield { label: build() };
  }
}

function* values(page, json, { where, part }) {
  const hasDocument = page.document !== null;
  if (where.kind === "header") {
    const place = `header ${where.name}`;
    for (const text of page.headers.all(where.name).slice(0, MOST_HEADERS)) {
      yield { said: text, raw: text, place, part: null };
    }
  } else if (!hasDocument) {
    return;
  } else if (where.kind === "element") {
    yield* inElements(page, where, part);
  } else if (where.kind === "code") {
    yield* inCode(page, where);
  } else if (where.kind === "address") {
    yield { said: page.url.path, raw: page.url.path, place: "address", part: null };
  } else {
    yield* json.at(where);
  }
}

function labelOf(declaration, value, mark) {
  const part = declaration.scope === "part" ? value.part : null;
  return {
    ...mark,
    scope: declaration.scope,
    trust: declaration.trust,
    carrier: NAME,
    raw: strip(value.raw).slice(0, LONGEST_VALUE),
    place: part ?? value.place,
    part,
  };
}
