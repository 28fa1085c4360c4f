/**
 * The one decision: question and bundle in, verdict out; total and pure, the same as at every edge of the gateway.
 * The order is that of gateway/decision/decide.py.
 */
import { ageAt, forUnlabelled, prepared, profileAt } from "./bundle.js";
import { isLabelled, oldestOf, weigh } from "./claim.js";
import { stepOf } from "./codex.js";
import { exemption, withOtherCountries } from "./countries.js";
import { ageOf, asOldAs, findByPack, overrule, provisionFor, say } from "./finding.js";
import { withHours } from "./hours.js";
import * as house from "./house.js";
import { wallAt } from "./local_time.js";
import { askLocal } from "./permission.js";
import { BadQuestion, asked, momentOf } from "./question.js";
import { withRegistration } from "./registration.js";
import { isStricter } from "./verdict.js";

const ADULT = 18;
const NOT_SEEN = "Decided without seeing the page, by what is known of its host.";
const EXPIRED = "The bundle is out of its time, so the strict stance holds.";

/**
 * The verdict on a question. It never throws: a fault is a block, for minors and for whoever's age is unknown.
 * @param {import("./question.js").Question} question
 * @param {object | null} bundle parsed JSON of a bundle whose signature was checked; null: nobody is known here
 * @returns {import("./verdict.js").Verdict}
 */
export function decide(question, bundle) {
  try {
    if (bundle === null) {
      return closed(house.NO_PROFILE, "no-profile", "There is no bundle for this device.");
    }
    const ready = prepared(bundle);
    const profile = profileAt(ready, momentOf(question.moment), question.used);
    return decided(asked(question, ready, profile));
  } catch (fault) {
    return close(question, bundle, fault);
  }
}

/** Each step says which of its findings is final. */
function decided(question) {
  const { profile, host: record } = question;
  const { codex, stances } = profile;
  const kind = record?.kind ?? null;

  // 1. Out of scope, Art. 1(1): private traffic is not judged at all.
  if (record !== null && (codex.private_kinds.has(kind) || codex.private_audiences.has(record.audience))) {
    return verdictOf(question, say(codex.private, "out-of-scope"));
  }

  const claims = weigh(question);
  const oldest = oldestOf(claims);
  let flags = flagsOf(question, claims, kind);

  // 2. Adults. Their own rules and hours hold only where their own policy asks for it; the pack never does.
  const isAdult = profile.age >= codex.child_below;
  if (isAdult && !stances.adults_opened) {
    return verdictOf(question, adult(codex, oldest), flags);
  }

  // 3. Help lines and reporting pages: no list, label or rule beats it.
  if (kind === house.HELP_LINE_KIND) {
    return verdictOf(question, say(house.HELP_LINE, "help-line"));
  }

  // 4. The local layer: a block is final; whatever else it says is weighed against the rest.
  const local = askLocal(question, oldest);
  if (local.limits !== null && local.limits.action === "block") {
    const finding = local.allows === null ? local.limits : overrule(local.allows, local.limits);
    return verdictOf(question, finding, flags);
  }

  // 5.-7. The pack: Art. 2, labels and lists, what cannot be read, what has no label.
  let finding;
  if (isAdult) {
    finding = adult(codex, oldest);
  } else {
    const exempt = exemption(record, codex);
    finding = exempt === null ? find(question, claims, kind) : exempted(question, claims, exempt);
    flags = exempt === null ? flags : [];
    finding = withOtherCountries(question, claims, finding);
  }
  finding = withLocal(finding, local, stances);

  // 8. Registration packs: signing up, never viewing or signing in.
  if (question.action === "register") {
    finding = withRegistration(question, finding, kind);
  }

  // 9. The time: nothing that was allowed so far is open when the time is blocked.
  if (!profile.timetable.isEmpty && finding.action !== "block") {
    const timed = withHours(question, finding);
    return verdictOf(question, timed.finding, [...flags, ...timed.soon]);
  }
  return verdictOf(question, finding, flags);
}

function adult(codex, oldest) {
  const known = oldest >= 0;
  const category = known ? stepOf(codex, oldest).category : null;
  return say(codex.adult, "adult", { category, min_age: known ? oldest : null });
}

/** Art. 2: the law does not apply, so there is no category; what would have spoken is kept as overruled. */
function exempted(question, claims, exempt) {
  const finding = say(exempt, "exempt");
  const spoken = findByPack(question, claims);
  if (spoken === null || spoken.action === "allow") {
    return finding;
  }
  return overrule({ ...spoken, category: null, min_age: null }, finding);
}

/** Labels, lists and estimates; where they are silent or leave a doubt, the stances. */
function find(question, claims, kind) {
  const finding = findByPack(question, claims);
  let stance;
  if (question.reading?.status === "unreadable") {
    stance = unreadable(question);
  } else if (finding === null || (finding.action === "mask" && claims.whole === null)) {
    // The rest of a page of which only a part has a label is a page without a label.
    stance = unlabelled(question, claims, kind);
  } else {
    return finding;
  }
  if (finding === null) {
    return stance;
  }
  const isEqual = finding.action === stance.action;
  if (isStricter(finding.action, stance.action) || (isEqual && ageOf(finding) >= ageOf(stance))) {
    return asOldAs(finding, stance, question.profile.codex);
  }
  // What a guardian's allow may lift is measured by the older of both.
  const told = ageOf(finding) > ageOf(stance) ? finding : stance;
  return {
    ...stance,
    grounds: [...stance.grounds, ...finding.grounds],
    category: claims.mentions ? null : told.category,
    min_age: told.min_age,
    evidence: finding.evidence,
  };
}

/** As 18+ for everyone under 18; a stance may ask instead of block, and never allow. */
function unreadable(question) {
  const asks = question.profile.stances.unreadable === "ask";
  const minAge = question.profile.codex.child_below;
  const finding = say(asks ? house.UNREADABLE_ASK : house.UNREADABLE, "unreadable", { min_age: minAge });
  return asks ? finding : { ...finding, effect: provisionFor(question, minAge).effect };
}

function unlabelled(question, claims, kind) {
  const { stances, codex, age } = question.profile;
  const isSignMissing = stances.unlabelled_online_publication === "block" && missesSign(question, claims, kind);
  const provision = isSignMissing ? house.SIGN_MISSING : house.UNLABELLED[forUnlabelled(stances, age)];
  const beside = codex.site_sign !== null && claims.signAge > age ? [codex.site_sign.set_aside] : [];
  return say(provision, "unlabelled", { layer: "local" }, beside);
}

/** The local layer's allow lifts what is not above its limit; its ask is a floor for all that is left. */
function withLocal(finding, { limits, allows }, stances) {
  const found = allows === null ? finding : withAllow(finding, allows, stances);
  if (limits === null) {
    return found;
  }
  const granted = allows !== null && allows.reason === "grant";
  return granted || !isStricter(limits.action, found.action) ? overrule(limits, found) : overrule(found, limits);
}

function withAllow(finding, allows, stances) {
  if (finding.action === "allow") {
    const { category, min_age: minAge, evidence } = finding;
    return { ...allows, grounds: [...allows.grounds, ...finding.grounds], category, min_age: minAge, evidence };
  }
  const lifts = finding.min_age === null || finding.min_age <= stances.local_allow_up_to;
  return lifts ? overrule(finding, allows) : overrule(allows, finding);
}

/** Art. 15(2): an online publication that was read and has no sign; any other resource needs none, 15(2)(6). */
function missesSign({ profile, reading }, claims, kind) {
  return (
    profile.codex.signed_kinds.has(kind) &&
    reading !== null &&
    reading.status !== "unreadable" &&
    !isLabelled(claims) &&
    claims.sign === null
  );
}

/** What is to be shown besides the verdict: defects of signs, and the watershed of Art. 17(1). */
function flagsOf(question, claims, kind) {
  const { codex, stances } = question.profile;
  const flags = (question.reading?.flags ?? []).filter((flag) => flag !== house.MISSING_SIGN);
  if (stances.unlabelled_online_publication !== "none" && missesSign(question, claims, kind)) {
    flags.push(house.MISSING_SIGN);
  }
  const { watershed } = codex;
  if (watershed !== null && oldestOf(claims) >= watershed.min_age && !question.paid_decoder) {
    const isSimulcast = watershed.simulcasts.has(kind) && stances.simulcast_is_broadcast;
    if ((isSimulcast || question.channel === "broadcast") && covers(watershed, question.moment)) {
      flags.push(watershed.flag);
    }
  }
  return flags;
}

function covers(watershed, moment) {
  const { passed } = wallAt(watershed.zone, moment);
  return watershed.begins * 1000 <= passed && passed < watershed.ends * 1000;
}

function verdictOf(question, finding, flags = []) {
  const { codex, revision, expired } = question.profile;
  const flagged = flags.filter((flag) => codex.flags.has(flag)).map((flag) => codex.flags.get(flag));
  const { until, ...found } = finding;
  const verdict = {
    ...found,
    grounds: [...finding.grounds, ...flagged],
    flags,
    revision,
    detail: detailOf(question, finding),
    expired,
    lacks: question.lacks,
  };
  return until === null ? verdict : { ...verdict, until };
}

function detailOf({ reading, host, profile }, finding) {
  const told = [profile.expired ? EXPIRED : "", reading === null ? NOT_SEEN : ""];
  if (finding.reason === "exempt" && host?.exempt) {
    told.push(`Exempt as ${host.exempt.ground} by this evidence: ${host.exempt.evidence}.`);
  }
  return told.filter((sentence) => sentence !== "").join(" ");
}

/** The verdict when the decision itself failed. Only somebody known to be an adult passes. */
function close(question, bundle, fault) {
  const detail = `The decision failed: ${fault?.name ?? "a fault"}.`;
  if (isKnownAdult(question, bundle)) {
    return closed(house.ADULT, "adult", detail);
  }
  return fault instanceof BadQuestion
    ? closed(house.BAD_REQUEST, "bad-request", "The address cannot be used.")
    : closed(house.FAULT, "fault", detail);
}

function isKnownAdult(question, bundle) {
  try {
    return ageAt(prepared(bundle), momentOf(question.moment)) >= ADULT;
  } catch {
    return false; // an age that cannot be read is unknown
  }
}

function closed(provision, reason, detail) {
  const { until, ...told } = say(provision, reason);
  return { ...told, flags: [], revision: "", detail, expired: false, lacks: [] };
}
