/**
 * The contract between the background and the add-on's own pages (options, popup, check and block page) and content scripts.
 *
 * THIS FILE IS THE CONTRACT: whoever writes a page of the add-on sends these messages with `ask(…)` and relies on nothing
 * else of the background. A message is `{kind, …}`; its answer is the value below, or `{fault: {code, detail}}`.
 * `code` is a closed list (FAULTS), for which a page has words; `detail` is a plain English sentence for a developer.
 *
 * From pages of the add-on only (the background looks at the sender's address):
 *
 * | kind | sends | answers |
 * |---|---|---|
 * | `status` | | `Status` |
 * | `pair` | `{gateway: "http://box:8099", code: "ABCD-EFGH"}` | `Status` after it; faults: `address`, `unreachable`, `code`, `managed`, `other-gateway`, `signature` |
 * | `refresh` | | `Status` after the gateway was asked for its bundle; faults: `unpaired`, `unreachable`, `signature` |
 * | `page` | `{tab: id}` | `PageTold` of the tab's page, null for one of which nothing is known |
 * | `ask` | `{host, reason?: text of at most 200 characters}` | `{sent: boolean}`: false means kept, to be sent when the gateway is there; faults: `unpaired`, `full` |
 * | `check` | `{url, labels?: "header"}` (the check page) | `{open: boolean}` |
 * | `blocked` | `{url}` (the block page) | `Blocked`, or `{open: true}` when nothing closes it any more |
 *
 * Of content scripts: `start` and `judge`, see content/page.js. The background sends `{kind: "again"}` to
 * them when what was decided may hold no more.
 *
 * @typedef {object} Status
 * @property {boolean} paired
 * @property {boolean} guarded it was set up once: without a pairing pages are closed
 * @property {boolean} managed the pairing was given by the school's policy (storage.managed); nobody can undo it here
 * @property {string | null} gateway its address
 * @property {"reachable" | "unreachable" | "unknown"} contact what the last question to it showed
 * @property {string | null} seen RFC 3339: when it last answered
 * @property {string | null} person for whom this browser is set up
 * @property {string | null} device its name at the gateway
 * @property {string | null} language preferred of the person: "kk", "ru", "en"
 * @property {string | null} thumbprint RFC 7638, of the key that was pinned: people compare it with the gateway's
 * @property {{revision: string, issued: string, expires: string, expired: boolean} | null} bundle null: there is none
 * @property {"rules" | "requests"} hold how unknown hosts are held: by the check page, or inside the request
 * @property {boolean} incognito whether the add-on is allowed in private windows
 * @property {boolean} everywhere whether it may see all sites (host permissions can be taken back)
 * @property {number} queued asks and labels that wait for the gateway
 * @property {string[]} gaps what is not protected now, of GAPS
 *
 * @typedef {object} PageTold what the popup shows
 * @property {string} url
 * @property {"rated" | "unlabelled" | "unreadable" | null} status null: not yet read
 * @property {import("../decision/question.js").Label[]} labels
 * @property {import("../decision/verdict.js").Verdict} verdict action, reason, layer, category, grounds, until
 * @property {string} why the reason in the person's language, as the block page says it
 * @property {boolean} alone decided without the gateway
 * @property {number} masked how many parts of the page and its frames are covered
 *
 * @typedef {object} Blocked
 * @property {string} url
 * @property {string} host
 * @property {import("../decision/verdict.js").Verdict} verdict
 * @property {Record<string, Record<string, string | Record<string, string>>> | null} words of the bundle, by language
 * @property {string | null} language preferred of the person
 * @property {boolean} alone
 * @property {boolean} paired without a gateway nobody can be asked
 */

import { api } from "./browser.js";

/** @typedef {{fault: {code: string, detail: string}}} Fault */

export const FAULTS = Object.freeze(["address", "unreachable", "code", "managed", "other-gateway", "unpaired", "signature", "full", "refused", "fault"]);

/**
 * What is not protected: not set up; no bundle yet; the bundle is out of its time (strict); private windows are open
 * without the add-on; sites are not visible to it; the gateway has not answered for a day.
 */
export const GAPS = Object.freeze(["unpaired", "no-bundle", "expired", "incognito", "sites", "silent-gateway"]);

/** What went wrong for a reason that a page has words for. */
export class Failed extends Error {
  /** @param {string} code of FAULTS @param {string} [detail] */
  constructor(code, detail = "") {
    super(detail);
    this.code = code;
  }
}

const LONGEST_WAIT = 4_000; // ms: the background itself waits less for the gateway
const TRIES = 3; // a worker that was just started may lose a message
// These wait for the gateway, and are not sent twice: a code for pairing is good once.
const ONCE = new Set(["pair", "refresh", "ask"]);
const LONGEST_ONCE = 30_000;

/**
 * The background's answer to a message. Throws `Failed` for a fault, and when there is no answer.
 * @param {{kind: string}} message
 */
export async function ask(message) {
  const isOnce = ONCE.has(message.kind);
  for (let left = isOnce ? 1 : TRIES; left > 0; left -= 1) {
    const waiting = new Promise((resolve) => setTimeout(resolve, isOnce ? LONGEST_ONCE : LONGEST_WAIT));
    const answer = await Promise.race([api.runtime.sendMessage(message).catch(() => undefined), waiting]);
    if (answer?.fault) {
      throw new Failed(answer.fault.code, answer.fault.detail);
    }
    if (answer !== undefined) {
      return answer;
    }
  }
  throw new Failed("fault", "The background does not answer.");
}
