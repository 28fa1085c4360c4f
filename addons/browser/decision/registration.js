/** Signing up: what acts on registration say; never of viewing or of signing in. gateway/decision/registration.py */
import { overrule, say } from "./finding.js";
import { RANK, isStricter } from "./verdict.js";

// Whoever of the household opened the place has given the consent that such an act wants.
const CONSENT = new Set(["grant", "local-allow"]);

/** `finding`, unless an act keeps the person from signing up with such a kind. Of several acts the strictest decides. */
export function withRegistration(question, finding, kind) {
  const speaking = question.profile.codex.registration.filter((ban) => speaks(ban, question, finding, kind));
  if (speaking.length === 0) {
    return finding;
  }
  const rank = (ban) => RANK[ban.provision.ground.says];
  const strictest = speaking.reduce((found, ban) => (rank(ban) > rank(found) ? ban : found));
  const others = speaking.filter((ban) => ban !== strictest).map((ban) => ban.provision.ground);
  return overrule(finding, say(strictest.provision, "registration", { min_age: strictest.below }, others));
}

function speaks(ban, { profile }, finding, kind) {
  const { says } = ban.provision.ground;
  return (
    profile.age < ban.below &&
    ban.scopes.get(profile.stances.registration_scope).has(kind) &&
    isStricter(says, finding.action) &&
    !(says === "ask" && CONSENT.has(finding.reason))
  );
}
