/** What a page and its host claim, weighed once for a question. gateway/decision/claim.py */
import { stepOf } from "./codex.js";

const NONE = -1; // below every age

/**
 * The strictest of each sort with its exact minimum age; -1 with null: there is none. `whole` binds the page, `part` a
 * part of it that can be taken out, `sign` the whole resource if a stance says so. `mentions`: what would be a part is
 * only mentioned here (Art. 15(3)), so it never makes the page older.
 */
export const NO_CLAIMS = Object.freeze({
  wholeAge: NONE,
  whole: null,
  partAge: NONE,
  part: null,
  signAge: NONE,
  sign: null,
  topic: null,
  mentions: false,
});

/** The greatest age that counts without a stance: Art. 15(3), and Art. 16(2) for topics with a category. */
export function oldestOf(claims) {
  const rated = claims.topic === null || claims.topic.provision !== null ? NONE : claims.topic.min_age;
  return Math.max(claims.wholeAge, claims.mentions ? NONE : claims.partAge, rated);
}

export function isLabelled(claims) {
  return claims.whole !== null || (claims.part !== null && !claims.mentions);
}

/** The claims of the response and of the host record together; a label of trust D is a hint and counts nowhere. */
export function weigh(question) {
  const { codex } = question.profile;
  const mentions = onlyMentions(question);
  const claims = { ...NO_CLAIMS, topic: topicOf(question.host, codex) };
  const labels = labelsOf(question);
  if (labels.length === 0) {
    return claims;
  }
  claims.mentions = mentions;
  for (const label of labels.filter((each) => each.trust !== "D")) {
    const age = ageOf(label, question);
    if (label.scope === "part" && (mentions || canBeMasked(label, question))) {
      // What is mentioned and cannot be taken out stays: the page is not about it.
      if (age > claims.partAge && (!mentions || canBeMasked(label, question))) {
        Object.assign(claims, { partAge: age, part: label });
      }
    } else if (label.scope === "site" && isSiteSign(label, question, codex)) {
      if (age > claims.signAge) {
        Object.assign(claims, { signAge: age, sign: label });
      }
    } else if (age > claims.wholeAge) {
      Object.assign(claims, { wholeAge: age, whole: label });
    }
  }
  return claims;
}

/** The labels of the parts that can be taken out and are above the person's age, the oldest first. */
export function overAgeParts(question) {
  return labelsOf(question)
    .filter((label) => label.scope === "part" && label.trust !== "D" && canBeMasked(label, question))
    .map((label) => ({ age: ageOf(label, question), label }))
    .filter(({ age }) => age > question.profile.age)
    .sort((a, b) => b.age - a.age)
    .map(({ label }) => label);
}

/** The topic of the host that is for the oldest under `codex`; null when the codex names none of them. */
export function topicOf(record, codex) {
  const topics = record === null ? [] : [...record.topics].sort();
  return topics
    .map((topic) => codex.topics.get(topic))
    .reduce((found, entry) => (entry && (!found || entry.min_age > found.min_age) ? entry : found), undefined) ?? null;
}

function labelsOf({ reading, host }) {
  return [...(reading?.labels ?? []), ...(host?.reading?.labels ?? [])];
}

/** The age at which a label counts by the stance on foreign scales; -1: not at all. */
function ageOf(label, { profile }) {
  const { foreign } = profile.stances;
  if (foreign === "exact" || profile.codex.scales.has(label.scale)) {
    return label.min_age;
  }
  return foreign === "ignore" ? NONE : stepOf(profile.codex, label.min_age).reached;
}

/** Whether what stands on this page is mentioned and not contained: search results, a shop's grid, a schedule. */
function onlyMentions(question) {
  return question.action === "search" || question.profile.codex.parts.listings.has(question.host?.kind);
}

/** Whether the part can be taken out: it has a CSS selector (a JSON pointer begins with "/"), and the page is no film. */
function canBeMasked(label, question) {
  return (
    Boolean(label.part) &&
    !label.part.startsWith("/") &&
    question.channel === "internet" &&
    !question.profile.codex.parts.whole.has(question.host?.kind)
  );
}

function isSiteSign(label, question, codex) {
  const rule = codex.site_sign;
  return rule !== null && rule.kinds.has(question.host?.kind) && rule.scales.has(label.scale);
}
