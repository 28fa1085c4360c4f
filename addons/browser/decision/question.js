/**
 * The question that is asked: all that is known of a page. Words and names are those of gateway/decision/question.py.
 *
 * @typedef {object} Label
 * @property {string} scale
 * @property {string} mark
 * @property {number} min_age completed years
 * @property {"site" | "page" | "part"} scope
 * @property {"A" | "B" | "C" | "D"} trust D is a hint and counts nowhere
 * @property {string} carrier
 * @property {string} raw
 * @property {string} place
 * @property {string | null} [part] CSS selector or JSON pointer of the part
 *
 * @typedef {object} Reading
 * @property {"rated" | "unlabelled" | "unreadable"} status
 * @property {Label[]} labels
 * @property {string[]} [flags]
 *
 * @typedef {object} HostRecord what is known of a host
 * @property {string} host
 * @property {string | null} [kind]
 * @property {string[]} [topics]
 * @property {{ground: string, evidence: string} | null} [exempt]
 * @property {"public" | "limited"} [audience]
 * @property {Reading | null} [reading]
 *
 * @typedef {object} Question
 * @property {string | number} moment RFC 3339, or milliseconds since 1970; must never go back, or hours can be evaded
 * @property {string | null} [url]
 * @property {"view" | "register" | "search"} [action]
 * @property {HostRecord | null} [host] what the gateway told of the host; absent: what the bundle knows; null: nothing
 * @property {Reading | null} [reading] absent or null: not yet read
 * @property {"internet" | "broadcast"} [channel]
 * @property {{min_age: number, confidence: number} | null} [estimate]
 * @property {HostRecord | null} [part_of] the host of the page that loads this; hours are those of the page
 * @property {boolean} [paid_decoder]
 * @property {Record<string, {day: string, minutes: number}>} [used] minutes that the device counted, by service
 */
import { canonical } from "./address.js";
import { hostRecord } from "./hosts.js";

const ASKED = new Set(["view", "register", "search"]);
const CHANNELS = new Set(["internet", "broadcast"]);
const STATUSES = new Set(["rated", "unlabelled", "unreadable"]);
const SCOPES = new Set(["site", "page", "part"]);

/** A question that cannot be understood. Its message may hold an address, so it is shown to nobody. */
export class BadQuestion extends Error {}

/**
 * The moment of a question in milliseconds since 1970. Throws RangeError for what is none.
 * @param {string | number} moment
 */
export function momentOf(moment) {
  const found = typeof moment === "number" ? moment : Date.parse(moment);
  if (!Number.isFinite(found)) {
    throw new RangeError("there is no such moment");
  }
  return found;
}

/**
 * A question with every value in its place. Throws TypeError for values that no reader gives, BadQuestion for an
 * address that nobody opens.
 * @param {Question} question
 * @param {import("./bundle.js").Prepared} bundle
 * @param {import("./bundle.js").Profile} profile
 */
export function asked(question, bundle, profile) {
  const { action = "view", channel = "internet", reading = null, estimate = null, part_of: partOf = null } = question;
  if (!ASKED.has(action) || !CHANNELS.has(channel)) {
    throw new TypeError("an unknown action or channel");
  }
  if (estimate !== null && !(Number.isInteger(estimate.min_age) && typeof estimate.confidence === "number")) {
    throw new TypeError("an estimate without an age or a confidence");
  }
  const url = question.url === undefined || question.url === null ? null : address(question.url);
  const alone = question.host === undefined;
  const host = alone ? (url === null ? null : hostRecord(bundle.hosts, bundle.exact, url.host)) : question.host;
  return {
    profile,
    url,
    moment: momentOf(question.moment),
    action,
    channel,
    host: host === null ? null : record(host),
    reading: reading === null ? null : checked(reading),
    estimate,
    part_of: partOf === null ? null : record(partOf),
    paid_decoder: question.paid_decoder === true,
    lacks: alone ? bundle.lacks : [],
  };
}

/** @param {string} text */
function address(text) {
  try {
    return canonical(text);
  } catch {
    throw new BadQuestion("an address that cannot be used");
  }
}

/** @param {HostRecord} known @returns {HostRecord} */
function record(known) {
  const { host, kind = null, topics = [], exempt = null, audience = "public", reading = null } = known;
  return { host, kind, topics, exempt, audience, reading: reading === null ? null : checked(reading) };
}

/** @param {Reading} reading @returns {Reading} */
function checked(reading) {
  if (!STATUSES.has(reading.status)) {
    throw new TypeError("an unknown status of a reading");
  }
  for (const label of reading.labels) {
    if (!Number.isInteger(label.min_age) || !SCOPES.has(label.scope)) {
      throw new TypeError("a label without an age or a scope");
    }
  }
  return { status: reading.status, labels: reading.labels, flags: reading.flags ?? [] };
}

