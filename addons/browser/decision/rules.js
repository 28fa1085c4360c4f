/** The local rules of one person: what a household or school blocks, asks about or allows. gateway/policy/rules.py */
import { suffixes } from "./hosts.js";
import { RANK } from "./verdict.js";

/** The six categories of law 169-VI, Art. 9(3), by which a household writes its rules. gateway/labels/category.py */
const CATEGORIES = new Map([
  ["6-", 0],
  ["6+", 6],
  ["12+", 12],
  ["14+", 14],
  ["16+", 16],
  ["18+", 18],
]);

/** The category of `minAge` completed years, or the next one up. @param {number} minAge */
export function categoryOf(minAge) {
  for (const [sign, age] of CATEGORIES) {
    if (minAge <= age) {
      return sign;
    }
  }
  return "18+";
}

/** Rules by host, and those that name no host. @param {object[]} values */
export function rulesOf(values) {
  const byHost = new Map();
  const hostless = [];
  for (const rule of values.map(ruleOf)) {
    if (rule.host === "") {
      hostless.push(rule);
    } else {
      byHost.set(rule.host, [...(byHost.get(rule.host) ?? []), rule]);
    }
  }
  return { byHost, hostless, isEmpty: values.length === 0 };
}

function ruleOf(values) {
  const { rule, where, says, reason, until = null } = values;
  return {
    hit: { rule, where, says, reason, until },
    host: values.host ?? "",
    path: values.path ?? "",
    topics: new Set(values.topics),
    kinds: new Set(values.kinds),
    category: values.category ?? null,
    asked: values.asked ?? null,
  };
}

/** Every rule that speaks, the strictest first and then as written. `category`: of what was read; null: nothing was. */
export function match(rules, url, record, action, category) {
  const host = url !== null ? url.host : record !== null ? record.host : "";
  return about(rules, host)
    .filter((rule) => speaks(rule, url, record, action, category))
    .map((rule) => rule.hit)
    .sort((a, b) => RANK[b.says] - RANK[a.says]);
}

/** Whether `path` covers the visited one: "/a" covers "/a" and "/a/b", not "/ab". */
export function coversPath(path, visited) {
  return visited === path || visited.startsWith(`${path.replace(/\/+$/, "")}/`);
}

function about(rules, host) {
  const found = [];
  if (rules.byHost.size > 0) {
    for (const name of suffixes(host)) {
      found.push(...(rules.byHost.get(name) ?? []));
    }
  }
  return [...found, ...rules.hostless];
}

/** Whether every condition but the host holds; what is not known does not fulfil a condition. */
function speaks(rule, url, record, action, category) {
  return (
    (rule.asked === null || rule.asked === action) &&
    (rule.kinds.size === 0 || (record !== null && rule.kinds.has(record.kind))) &&
    (rule.topics.size === 0 || (record !== null && record.topics.some((topic) => rule.topics.has(topic)))) &&
    (rule.path === "" || (url !== null && coversPath(rule.path, url.path))) &&
    (rule.category === null || (category !== null && coversCategory(rule, category)))
  );
}

/** A rule that blocks or asks covers its category and the older ones, one that allows it and the younger. */
function coversCategory(rule, category) {
  const own = CATEGORIES.get(rule.category);
  const seen = CATEGORIES.get(category);
  return rule.hit.says === "allow" ? seen <= own : seen >= own;
}
