/** What holds whatever the packs say: the gateway's own grounds. They cite no law. gateway/law/house.py */

export const HELP_LINE_KIND = "help-line";
export const MISSING_SIGN = "missing-sign"; // the one flag that the decision itself can see

/**
 * @param {string} rule @param {import("./verdict.js").Action} says @param {string} effect
 * @returns {import("./verdict.js").Provision}
 */
function provision(rule, says, effect) {
  const where = rule.startsWith("stance.") ? "stances" : "gateway";
  return Object.freeze({ ground: Object.freeze({ rule, where, says, cites: [] }), effect });
}

export const ADULT = provision("house.adult", "allow", "allow");
export const HELP_LINE = provision("house.help-line", "allow", "allow");
export const FAULT = provision("house.fault", "block", "block");
export const BAD_REQUEST = provision("house.bad-request", "block", "block");
export const NO_PROFILE = provision("house.no-profile", "block", "block");
export const UNREADABLE = provision("stance.unreadable", "block", "restrict");
export const UNREADABLE_ASK = provision("stance.unreadable", "ask", "restrict");
export const SIGN_MISSING = provision("stance.unlabelled-online-publication", "block", "block");

/** The stance for pages without a label; nothing is known of them that could be masked. */
export const UNLABELLED = Object.freeze({
  allow: provision("stance.unlabelled", "allow", "allow"),
  mask: provision("stance.unlabelled", "block", "block"),
  ask: provision("stance.unlabelled", "ask", "restrict"),
  block: provision("stance.unlabelled", "block", "block"),
});

/** Who speaks: a draft is no law; where it speaks, it does so because the household or school chose it. */
export function layerOf({ ground }) {
  if (ground.cites.length === 0) {
    return "system";
  }
  return ground.draft ? "local" : "law";
}
