/**
 * What holds for an address and for a page: the gateway is asked when it is there, and the bundle decides when it is not.
 *
 * What came over a line that others can speak on only makes stricter; what opens more than the bundle does must have come
 * over TLS or from this machine, or is signed: then the next bundle says it.
 *
 * @typedef {object} Judged
 * @property {import("../decision/verdict.js").Verdict} verdict
 * @property {boolean} alone decided without the gateway
 * @property {boolean} isClosed nothing that the page says can open it
 * @property {boolean} isFree nothing that the page says can close it, so it is not read
 */
import { decide } from "../decision/decide.js";
import { decideWhole } from "../decision/whole.js";
import { isStricter } from "../decision/verdict.js";
import { hostOf } from "./browser.js";
import { bundleInForce } from "./bundle.js";
import { fetchVerdict, isWorthAsking } from "./gateway.js";
import { now } from "./moment.js";
import { kept } from "./state.js";
import { rememberTold, toldOf } from "./told_hosts.js";

const FRESH = 10 * 60_000; // ms for which the gateway's word on a host is not asked for again
// As gateway/decision/sight.py: reasons that rest on the address, the host, the hour; a page can only add to them.
const FINAL = new Set([
  ...["local-block", "local-ask", "label", "site-sign", "topic", "registration", "schedule", "quota"],
  ...["no-profile", "bad-request", "fault"],
]);
const UNSEEN = new Set(["out-of-scope", "help-line"]);
const SILENT = Object.freeze({ status: "unlabelled", labels: [], flags: [] });
const NOBODY = Object.freeze({ action: "allow", effect: "allow", reason: "no-profile", layer: "system", category: null });

/** Whether this browser was ever set up: one that never was guards nobody, and says so. */
export async function guards() {
  const { pairing, guarded } = await kept();
  return pairing !== null || guarded;
}

/**
 * What is known of an address before anything of it is loaded.
 * @param {string} url
 * @param {{labels?: object[], isAsked?: boolean}} [known] labels of the response's headers; whether the gateway may be asked
 * @returns {Promise<Judged>}
 */
export async function judgeAddress(url, { labels = [], isAsked = true } = {}) {
  if (!(await guards()) || (await isGateway(url))) {
    return { verdict: nobody(), alone: true, isClosed: false, isFree: true };
  }
  const bundle = await bundleInForce();
  const reading = labels.length > 0 ? { status: "rated", labels, flags: [] } : null;
  const local = decideWhole(await questionOf(url, reading), bundle);
  const { told, alone } = await hostTold(url, isAsked && labels.length === 0);
  const verdict = await pick(local, told, alone);
  const isFree = UNSEEN.has(verdict.reason) || (verdict.reason === "adult" && !opensAdults(bundle));
  const isClosed = FINAL.has(verdict.reason) && isStricter(verdict.action, "mask");
  return { verdict, alone, isClosed, isFree };
}

/**
 * What holds for a page that was read.
 * @param {string} url
 * @param {import("../decision/question.js").Reading} reading
 * @param {{isWhole?: boolean}} [how] isWhole: nothing can be taken out of the page
 * @returns {Promise<Judged>}
 */
export async function judgePage(url, reading, { isWhole = false } = {}) {
  const bundle = await bundleInForce();
  const question = await questionOf(url, reading);
  const local = isWhole ? decideWhole(question, bundle) : decide(question, bundle);
  // What closes a page may have been lifted at the gateway; and only the gateway knows all lists.
  const told = local.action === "allow" ? await finallyTold(url) : await askGateway({ url, action: "view", reading });
  return ofPage(local, told);
}

/**
 * What holds for a page that says nothing, told before it is read; what must be asked of the gateway is not foreseen.
 * @param {string} url
 * @returns {Promise<Judged | null>} null: not open, or not foreseen
 */
export async function judgeSilence(url) {
  const local = decide(await questionOf(url, SILENT), await bundleInForce());
  const judged = await ofPage(local, await finallyTold(url));
  return local.action === "allow" && judged.verdict.action === "allow" ? judged : null;
}

async function ofPage(local, told) {
  const verdict = await pick(local, told, false);
  return { verdict, alone: told === null, isClosed: isStricter(verdict.action, "mask"), isFree: false };
}

/** What the gateway said of the host, where no page can change it. */
async function finallyTold(url) {
  const { told } = await hostTold(url, false);
  return told !== null && FINAL.has(told.reason) ? told : null;
}

/** A navigation begins: the gateway is asked while the browser still makes the page that will wait for the answer. */
export async function foretell(url) {
  if ((await guards()) && !(await isGateway(url))) await hostTold(url, true);
}

/** Whether the verdict may change without anything new from the page or the gateway. */
export function isLasting(verdict) {
  return verdict.action === "allow" && verdict.until === undefined && verdict.reason !== "grant" && !verdict.expired;
}

async function questionOf(url, reading) {
  const { used, pairing } = await kept();
  const question = { moment: await now(), url, reading, used };
  const known = await toldOf(hostOf(url));
  // The gateway knows more of hosts than a bundle does: long lists, and what it learned by visits.
  const isTold = known !== null && known.host !== undefined && !isOld(known) && pairing !== null && isTrusted(pairing);
  return isTold ? { ...question, host: known.host } : question;
}

function isOld({ at }) {
  return Math.abs(Date.now() - at) >= FRESH;
}

function opensAdults(bundle) {
  return bundle?.stances.adults_opened === true;
}

function nobody() {
  return { ...NOBODY, min_age: null, grounds: [], evidence: [], flags: [], revision: "", detail: "", expired: false, lacks: [] };
}

/** The gateway's own pages (asking, status) are never in its way. */
export async function isGateway(url) {
  const { pairing } = await kept();
  return pairing !== null && URL.canParse(url) && new URL(url).origin === pairing.gateway;
}

/** What the gateway says of the host. Nobody waits when it said something before: then it is asked for the next time. */
async function hostTold(url, isAsked) {
  const host = hostOf(url);
  const known = await toldOf(host);
  if (known !== null && !isOld(known)) {
    return { told: known.verdict, alone: false };
  }
  const asked = isAsked && host !== null ? askOfHost(url, host) : null;
  const told = known === null ? await asked : null;
  return { told: told ?? known?.verdict ?? null, alone: told === null };
}

/** Whoever asks of a host while it is asked waits for the same answer. */
const asking = new Map();

function askOfHost(url, host) {
  if (!asking.has(host)) asking.set(host, askNow(url, host).finally(() => asking.delete(host)));
  return asking.get(host);
}

async function askNow(url, host) {
  const told = await askGateway({ url, action: "view" });
  if (told !== null) {
    const { host: record, ...verdict } = told;
    await rememberTold(host, { verdict, host: record, at: Date.now() });
  }
  return told;
}

async function askGateway(question) {
  const { pairing } = await kept();
  if (!(await isWorthAsking())) {
    return null;
  }
  try {
    return fromGateway(await fetchVerdict(pairing, question));
  } catch {
    return null; // alone
  }
}

/** Only what is asked of a verdict: the notices of a block page are made here. */
function fromGateway({ words: _, final: __, parts: ___, until, ...told }) {
  return { ...nobody(), ...told, ...(until ? { until } : {}) };
}

/** @param {boolean} isStale the gateway said it some time ago: then it only makes stricter */
async function pick(local, told, isStale) {
  if (told === null || local.action === told.action) {
    return local;
  }
  if (isStricter(told.action, local.action)) {
    return told;
  }
  return !isStale && isTrusted((await kept()).pairing) ? told : local;
}

function isTrusted(pairing) {
  const { protocol, hostname } = new URL(pairing.gateway);
  return protocol === "https:" || /^(localhost|127\.[0-9.]+|\[::1\])$/.test(hostname);
}
