/** What one layer says of a question, before the order of the decision makes a verdict. gateway/decision/finding.py */
import { overAgeParts } from "./claim.js";
import { stepOf } from "./codex.js";
import { layerOf } from "./house.js";

/** A verdict in the making; the fields are those of a verdict. */
const FINDING = Object.freeze({ category: null, min_age: null, evidence: [], until: null });

/** @param {object} said action, reason, effect, layer, grounds, and whatever else is known */
export function findingOf(said) {
  return { ...FINDING, ...said };
}

/** What the provision says; `more` replaces fields, `beside` are grounds that spoke as well. */
export function say(provision, reason, more = {}, beside = []) {
  const { ground, effect } = provision;
  const layer = layerOf(provision);
  return findingOf({ action: ground.says, reason, effect, layer, grounds: [ground, ...beside], ...more });
}

/** `by` decides instead of `finding`, whose grounds and evidence are kept as overruled. */
export function overrule(finding, by) {
  const rule = by.grounds[0].rule;
  const kept = finding.grounds.map((ground) => (ground.overruled_by ? ground : { ...ground, overruled_by: rule }));
  return {
    ...by,
    grounds: [...by.grounds, ...kept],
    // The category of a part that would have been taken out is not the page's.
    category: by.category || (finding.action === "mask" ? null : finding.category),
    min_age: by.min_age === null ? finding.min_age : by.min_age,
    evidence: by.evidence.length > 0 ? by.evidence : finding.evidence,
  };
}

/** The exact age behind a finding; -1: there is none. */
export function ageOf(finding) {
  return finding.min_age === null ? -1 : finding.min_age;
}

/** `finding` with the age of `other` where that is greater: an allow is measured by the older of both. */
export function asOldAs(finding, other, codex) {
  if (ageOf(other) <= ageOf(finding)) {
    return finding;
  }
  const category = finding.category === null ? null : stepOf(codex, ageOf(other)).category;
  return { ...finding, min_age: other.min_age, category };
}

/** What labels, lists and estimates say under the packs in force; null when nothing speaks of this page. */
export function findByPack(question, claims) {
  const { codex, age, stances } = question.profile;
  const bound = claims.sign !== null && stances.site_sign_binds;
  const over = overAge(question, claims, bound);
  let finding;
  if (over.length > 0) {
    finding = strictest(over);
  } else if (claims.partAge > age) {
    finding = findMasked(question, claims);
  } else {
    finding = findFitting(question, claims, bound);
    if (finding === null) {
      return null;
    }
  }
  if (claims.signAge > age && !bound && codex.site_sign !== null) {
    return { ...finding, grounds: [...finding.grounds, codex.site_sign.set_aside] };
  }
  return finding;
}

/** The label with the greatest age, which fits; null without any. */
function findFitting(question, claims, bound) {
  let [oldest, label] = [claims.wholeAge, claims.whole];
  if (claims.partAge > oldest && !claims.mentions) {
    [oldest, label] = [claims.partAge, claims.part];
  }
  if (bound && claims.signAge > oldest) {
    [oldest, label] = [claims.signAge, claims.sign];
  }
  if (label === null) {
    return null;
  }
  const { fits, category } = stepOf(question.profile.codex, oldest);
  const told = { category, min_age: oldest, evidence: [label] };
  return findingOf({
    action: "allow",
    reason: "label-fits",
    effect: "allow",
    layer: layerOf(fits),
    grounds: [fits.ground],
    ...told,
  });
}

/** Everything that is above the person's age and speaks of the whole page. */
function overAge(question, claims, bound) {
  const { codex, age } = question.profile;
  const over = [];
  if (claims.wholeAge > age && claims.whole !== null) {
    over.push(block(question, provisionFor(question, claims.wholeAge), "label", claims.wholeAge, claims.whole));
  }
  if (bound && claims.signAge > age && codex.site_sign !== null) {
    over.push(block(question, codex.site_sign.provision, "site-sign", claims.signAge, claims.sign));
  }
  if (claims.topic !== null && claims.topic.min_age > age) {
    over.push(byTopic(question, claims.topic));
  }
  if (question.estimate !== null) {
    over.push(...findByEstimate(question, question.estimate, claims.whole !== null));
  }
  if (over.length > 0 && claims.partAge > age && claims.part !== null && !claims.mentions) {
    // The page is kept back whole: then its category is that of its oldest part (Art. 15(3)).
    over.push(block(question, provisionFor(question, claims.partAge), "label", claims.partAge, claims.part));
  }
  return over;
}

/** Among equal ages the one found first decides: a label before a list, a list before an estimate. */
function strictest(over) {
  if (over.length === 1) {
    return over[0];
  }
  const sorted = [...over].sort((a, b) => (b.min_age ?? 0) - (a.min_age ?? 0));
  return {
    ...sorted[0],
    grounds: distinct(sorted.flatMap((finding) => finding.grounds)),
    evidence: distinct(sorted.flatMap((finding) => finding.evidence)),
  };
}

function distinct(values) {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}

function keyOf(value) {
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The provision that keeps back what is for `minAge` and above: a film mark, Art. 16(3), or the ladder. */
export function provisionFor(question, minAge) {
  const { codex } = question.profile;
  const step = stepOf(codex, minAge);
  if (question.channel !== "internet") {
    return step.broadcast;
  }
  if (codex.film !== null && minAge >= codex.film.min_age && codex.film.kinds.has(question.host?.kind)) {
    return codex.film.provision;
  }
  return step.internet;
}

function block(question, provision, reason, minAge, label = null) {
  const { codex } = question.profile;
  const grounds = [provision.ground];
  if (label !== null && label.scope === "part") {
    grounds.push({ ...codex.parts.ground, says: "block" });
  }
  return findingOf({
    action: "block",
    reason,
    effect: provision.effect,
    layer: layerOf(provision),
    grounds,
    category: stepOf(codex, minAge).category,
    min_age: minAge,
    evidence: label === null ? [] : [label],
  });
}

/** A topic that makes its host 18+ is kept back as 18+ is; one that an act only keeps back has no category. */
function byTopic(question, topic) {
  if (topic.provision !== null) {
    return { ...block(question, topic.provision, "topic", topic.min_age), category: null };
  }
  const finding = block(question, provisionFor(question, topic.min_age), "topic", topic.min_age);
  return { ...finding, grounds: [...finding.grounds, topic.ground] };
}

/** An estimate never carries a category of the law and never speaks in the legal layer. */
function findByEstimate(question, estimate, rated) {
  const { codex, age, stances } = question.profile;
  const minAge = Math.min(estimate.min_age, codex.oldest);
  if (!(minAge > age) || !(estimate.confidence >= stances.estimate_from)) {
    return [];
  }
  return codex.estimates
    .filter((each) => each.above < minAge && minAge <= each.up_to && (each.beats_labels || !rated))
    .map((each) => ({ ...block(question, each.provision, "estimate", minAge), layer: "system", category: null }));
}

/** Only parts are over age: each of them is evidence, so that it can be taken out. */
function findMasked(question, claims) {
  const { codex } = question.profile;
  const provision = provisionFor(question, claims.partAge);
  return findingOf({
    action: "mask",
    reason: "label",
    effect: "block-item",
    layer: layerOf(provision),
    grounds: [{ ...provision.ground, says: "mask" }, codex.parts.ground],
    category: stepOf(codex, claims.partAge).category,
    min_age: claims.partAge,
    evidence: overAgeParts(question),
  });
}
