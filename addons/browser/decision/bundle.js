/**
 * A bundle, made ready for questions: sets and maps instead of lists. Its keys are described in ../README.md.
 *
 * @typedef {ReturnType<typeof prepared>} Prepared
 * @typedef {ReturnType<typeof profileAt>} Profile
 */
import { codexOf } from "./codex.js";
import { dayOf, wallAt, zoneOf } from "./local_time.js";
import { quotaOf, usedFrom } from "./quota.js";
import { rulesOf } from "./rules.js";
import { Timetable, dayMapOf, extraOf, layerOf, planOf } from "./timetable.js";

export const FORMAT = 1;
const ADULT = 18; // Law 345-II on the rights of the child, Art. 1(2): a child is under eighteen
const AHEAD = 24 * 3_600_000; // a clock may be wrong by hours; what was issued further ahead is not in force

/** @type {WeakMap<object, object>} */
const known = new WeakMap();

/** The bundle (parsed JSON, unchanged from now on) made ready; once for each. Throws for what is no bundle. */
export function prepared(bundle) {
  const found = known.get(bundle);
  if (found !== undefined) {
    return /** @type {ReturnType<typeof prepare>} */ (found);
  }
  const made = prepare(bundle);
  known.set(bundle, made);
  return made;
}

function prepare(bundle) {
  if (bundle.format !== FORMAT) {
    throw new TypeError("a bundle of another format");
  }
  const zone = zoneOf(bundle.zone);
  const maps = bundle.maps.map(dayMapOf);
  return {
    issued: Date.parse(bundle.issued),
    expires: Date.parse(bundle.expires),
    revision: bundle.revision,
    zone,
    age: bundle.age,
    steps: bundle.steps.map(({ on, age }) => ({ day: dayOf(on), age })),
    codex: codexOf(bundle.codex),
    stances: bundle.stances,
    strict: bundle.strict,
    child: limitsOf(bundle.child, zone, maps),
    adult: limitsOf(bundle.adult, zone, maps),
    grants: bundle.grants,
    extras: bundle.grants.map(extraOf).filter((extra) => extra !== null),
    used: bundle.used,
    hosts: new Map(Object.entries(bundle.hosts)),
    exact: new Map(Object.entries(bundle.exact)),
    lacks: bundle.lacks.map(({ name }) => name),
  };
}

function limitsOf(limits, zone, maps) {
  if (limits === null) {
    return null;
  }
  const holidays = Object.entries(limits.holidays).map(([date, weekday]) => [dayOf(date), weekday]);
  const layers = limits.layers.map((layer) => layerOf(layer, maps));
  return {
    rules: rulesOf(limits.rules),
    plan: planOf(zone, layers, limits.quotas.map(quotaOf), new Map(holidays)),
  };
}

/**
 * The age, rules and hours that hold at `moment`. Out of its time a bundle is strict: grants hold no more, and its
 * strict stances speak. Throws for a bundle that has nothing for somebody of that age.
 * @param {Prepared} bundle
 * @param {number} moment milliseconds since 1970
 * @param {Record<string, {day: string, minutes: number}>} used minutes that the device counted
 */
export function profileAt(bundle, moment, used = {}) {
  const age = ageAt(bundle, moment);
  const expired = !isInForce(bundle, moment);
  const { rules, plan } = age >= ADULT ? bundle.adult : bundle.child;
  return {
    age,
    expired,
    codex: bundle.codex,
    rules,
    stances: expired ? bundle.strict : bundle.stances,
    timetable: new Timetable(plan, expired ? [] : bundle.extras, usedFrom([bundle.used, used])),
    grants: expired ? [] : bundle.grants,
    revision: bundle.revision,
  };
}

/**
 * Completed years by the day in the policy's zone. Out of the bundle's time it is the youngest age of that time: a clock
 * that is put forward makes nobody older.
 */
export function ageAt(bundle, moment) {
  if (!isInForce(bundle, moment)) {
    return bundle.age;
  }
  const { day } = wallAt(bundle.zone, moment);
  return bundle.steps.reduce((age, step) => (day >= step.day ? step.age : age), bundle.age);
}

function isInForce(bundle, moment) {
  return bundle.issued - AHEAD <= moment && moment < bundle.expires;
}

/** The action for a page without a label, for somebody of `age` completed years. gateway/policy/stances.py */
export function forUnlabelled(stances, age) {
  return stances.unlabelled.reduce((found, [lower, action]) => (age >= lower ? action : found), "block");
}
