/** What the household or school itself says of an address: rules and grants. gateway/decision/permission.py */
import { findingOf } from "./finding.js";
import { categoryOf, coversPath, match } from "./rules.js";
import { EFFECTS, RANK } from "./verdict.js";

/**
 * `limits` is the strictest limiting rule, `allows` a grant or an allowing rule; null: there is none.
 * @param {number} oldest the age of what is claimed; -1: nothing is
 */
export function askLocal(question, oldest) {
  const { rules, grants } = question.profile;
  const category = oldest >= 0 ? categoryOf(oldest) : null;
  const hits = match(rules, question.url, question.host, question.action, category);
  const now = hits.filter((hit) => hit.until === null || Date.parse(hit.until) > question.moment);
  const limits = now.find((hit) => RANK[hit.says] > RANK.allow);
  const allows = now.find((hit) => hit.says === "allow");
  const grant = grants.find((each) => holds(each, question));
  return {
    limits: limits === undefined ? null : byRule(limits),
    allows: grant !== undefined ? byGrant(grant) : allows === undefined ? null : byRule(allows),
  };
}

function byRule({ rule, where, says, reason, until }) {
  const grounds = [{ rule, where, says, cites: [] }];
  return findingOf({ action: says, reason, effect: EFFECTS[says], layer: "local", grounds, until });
}

function byGrant(grant) {
  const grounds = [{ rule: `grant.${grant.id}`, where: grant.where, says: "allow", cites: [] }];
  const { until } = grant;
  return findingOf({ action: "allow", reason: "grant", effect: "allow", layer: "local", grounds, until });
}

/** Whether the grant is for this address and this moment; `until` itself is too late. */
function holds(grant, question) {
  return (grant.until === null || question.moment < Date.parse(grant.until)) && covers(grant, question);
}

function covers(grant, { url, host: record }) {
  const host = url === null ? record?.host ?? "" : url.host;
  if (grant.host === "" || (host !== grant.host && !host.endsWith(`.${grant.host}`))) {
    return false;
  }
  return grant.path === null || (url !== null && coversPath(grant.path, url.path));
}
