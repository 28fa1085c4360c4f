/** Acts of further countries: each is asked by itself, the strictest counts. gateway/decision/countries.py */
import { NO_CLAIMS, topicOf } from "./claim.js";
import { stepOf } from "./codex.js";
import { ageOf, asOldAs, findByPack, overrule } from "./finding.js";
import { isStricter } from "./verdict.js";

/** The provision that takes the host out of the codex (Art. 2). Without evidence there is none. */
export function exemption(record, codex) {
  const exempt = record?.exempt ?? null;
  return exempt === null || exempt.evidence.trim() === "" ? null : codex.exempt.get(exempt.ground) ?? null;
}

/** `finding` is what the first country's acts and the stances say; the others can only add to it. */
export function withOtherCountries(question, claims, finding) {
  const first = question.profile.codex;
  let found = finding;
  for (const codex of first.beside) {
    const heard = spoken(question, claims, codex);
    if (heard === null || heard.action === "allow") {
      continue;
    }
    const category = heard.category === null ? null : stepOf(first, ageOf(heard)).category;
    const said = { ...heard, category };
    if (isStricter(said.action, found.action)) {
      // A category that fits, or one of another act's, is not what keeps the page back.
      found = asOldAs({ ...overrule(found, said), category }, found, first);
    } else if (said.action === found.action && ageOf(said) > ageOf(found)) {
      found = { ...said, grounds: [...said.grounds, ...found.grounds] };
    } else {
      found = { ...asOldAs(found, said, first), grounds: [...found.grounds, ...said.grounds] };
    }
  }
  return found;
}

function spoken(question, claims, codex) {
  const { profile, host } = question;
  if (profile.age >= codex.child_below || exemption(host, codex) !== null) {
    return null;
  }
  // An act without a ladder says nothing of labels; that a label counts all the same, the first country has said.
  const seen = { ...(codex.has_ladder ? claims : NO_CLAIMS), topic: topicOf(host, codex) };
  const found = findByPack({ ...question, profile: { ...profile, codex } }, seen);
  const cited = found === null ? [] : found.grounds.filter((ground) => ground.cites.length > 0);
  return cited.length > 0 ? { ...found, grounds: cited } : null;
}
