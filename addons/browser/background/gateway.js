/**
 * Questions to the family's or school's own gateway, and to nobody else. Each has a deadline; a gateway that did not answer
 * is left alone for a while, so that a device that is away waits for it once and not at every site.
 */
import { api } from "./browser.js";
import { Failed } from "./messages.js";
import { keep, kept } from "./state.js";

const DEADLINE = 1_500; // ms for a question that somebody waits for
const PATIENCE = 10_000; // for what nobody waits for
const LEFT_ALONE = 20_000; // ms after it did not answer, twice as long each time
const LONGEST_ALONE = 10 * 60_000;
const LONGEST = 20_000_000; // characters of an answer

/** Pairs by a code that the gateway showed. Throws `Failed`: address, unreachable, code. */
export async function pair(gateway, code, about) {
  const origin = originOf(gateway);
  const response = await send(origin, "pair", { body: { code, ...about }, patience: PATIENCE });
  if (!response.ok) {
    throw new Failed(response.status >= 500 ? "unreachable" : "code", `The gateway answered ${response.status}.`);
  }
  const told = await response.json();
  if (typeof told.token !== "string" || typeof told.device !== "string" || typeof told.public_key !== "object") {
    throw new Failed("unreachable", "The gateway's answer is not that of a pairing.");
  }
  return { device: told.device, token: told.token, gateway: origin, public_key: told.public_key, person: told.person ?? null };
}

/** @returns {Promise<import("./state.js").Signed | null>} null: nothing is newer than what the ETag names */
export async function fetchBundle(pairing, etag) {
  const response = await answered(pairing, "bundle", { etag, patience: PATIENCE });
  if (response.status === 304) {
    return null;
  }
  const text = await response.text();
  if (text.length > LONGEST) {
    throw new Failed("unreachable", "The bundle is too long.");
  }
  return { text, signature: response.headers.get("Qorgan-Signature") ?? "", etag: response.headers.get("ETag") };
}

/** What the gateway says of an address. Throws `Failed` when it does not say it in time. */
export async function fetchVerdict(pairing, question) {
  const told = await (await answered(pairing, "verdict", { body: question, patience: DEADLINE })).json();
  if (!["allow", "mask", "ask", "block"].includes(told.action) || !Array.isArray(told.grounds)) {
    throw new Failed("unreachable", "The gateway's answer is no verdict.");
  }
  return told;
}

/** Sends one thing of the queue. @param {"labels" | "heartbeat" | "ask"} what */
export async function post(pairing, what, body) {
  await answered(pairing, what, { body, patience: PATIENCE });
}

/** Whether it makes sense to ask now. */
export async function isWorthAsking() {
  const { pairing, contact } = await kept();
  if (pairing === null || contact.failures === 0) {
    return pairing !== null;
  }
  const pause = Math.min(LEFT_ALONE * 2 ** (contact.failures - 1), LONGEST_ALONE);
  return Math.abs(Date.now() - contact.at) > pause;
}

/** An origin that can be talked to. Throws `Failed` with the code address. @param {string} text */
export function originOf(text) {
  const written = String(text).trim();
  const address = /^[a-z]+:\/\//i.test(written) ? written : `http://${written}`;
  const parsed = URL.canParse(address) ? new URL(address) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) {
    throw new Failed("address", "This is not the address of a gateway.");
  }
  return parsed.origin;
}

async function answered(pairing, what, options) {
  const response = await send(pairing.gateway, what, { ...options, token: pairing.token });
  if (response.status === 401 && what !== "bundle") {
    await api.alarms.create("revoked", { when: Date.now() }); // upkeep asks for the bundle, and gives up when that is true
  }
  if (!response.ok && response.status !== 304) {
    throw new Failed(codeOf(response.status), `The gateway answered ${response.status}.`);
  }
  return response;
}

/** 4xx but for those that pass: what was sent is refused now and for ever. */
function codeOf(status) {
  if (status === 401) return "unpaired";
  return status >= 400 && status < 500 && status !== 408 && status !== 429 ? "refused" : "unreachable";
}

async function send(gateway, what, { body, token, etag, patience }) {
  const headers = new Headers();
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (etag) headers.set("If-None-Match", etag);
  if (body) headers.set("Content-Type", "application/json");
  const request = {
    method: body ? "POST" : "GET",
    headers,
    body: body ? JSON.stringify(body) : undefined,
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(patience),
  };
  try {
    const response = await fetch(`${gateway}/addon/v1/${what}`, request);
    await tell(true);
    return response;
  } catch (fault) {
    await tell(false);
    throw new Failed("unreachable", String(fault?.message ?? fault));
  }
}

function tell(isThere) {
  const at = Date.now();
  return keep(({ contact }) => ({
    contact: { at, failures: isThere ? 0 : Math.min(contact.failures + 1, 16), seen: isThere ? at : contact.seen },
  }));
}
