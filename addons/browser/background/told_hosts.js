/**
 * What the gateway said of hosts, kept over a restart, so that its first page is judged. It lies on the disk, so it must
 * tell nobody who looks there which sites were visited: each entry stands under a salted digest of the host's name, and is
 * encrypted with the other half of that digest. Only who knows a name, or guesses it, finds and reads its entry.
 */
import { fromBase64url, toBase64url } from "./base64url.js";
import { keep, kept, newest } from "./state.js";

const MOST = 1_000;
const SALT = 16; // bytes
const NAME = 16; // bytes of the digest that name an entry
const MOST_LATELY = 50;
const VECTOR = 12; // bytes before what is encrypted (NIST SP 800-38D, 8.2.2)

/**
 * @typedef {object} HostVerdict what the gateway said of a host
 * @property {import("../decision/verdict.js").Verdict} verdict
 * @property {import("../decision/question.js").HostRecord | null | undefined} host what it knows of it
 * @property {number} at milliseconds since 1970
 */

/**
 * What was opened last. One document asks five times of its host, and each opening waits for other threads three times:
 * that long its page would be held.
 */
const lately = new Map();

/** @param {string | null} host @returns {Promise<HostVerdict | null>} null: nothing is known */
export async function toldOf(host) {
  const { hosts, salt } = await kept();
  if (host === null || salt === null) {
    return null;
  }
  const last = lately.get(host);
  if (last !== undefined && last.salt === salt && last.sealed === sealedIn(hosts, last.name)) {
    return last.told;
  }
  const { name, key } = await secretOf(host, salt);
  const sealed = sealedIn(hosts, name);
  const told = sealed === null ? null : await unseal(sealed, key);
  lately.delete(host);
  lately.set(host, { salt, name, sealed, told });
  if (lately.size > MOST_LATELY) lately.delete(lately.keys().next().value);
  return told;
}

function sealedIn(hosts, name) {
  return Object.hasOwn(hosts, name) ? hosts[name] : null;
}

/** @param {string} host @param {HostVerdict} told */
export function rememberTold(host, told) {
  return keep(async ({ hosts, salt }) => {
    const used = salt ?? toBase64url(crypto.getRandomValues(new Uint8Array(SALT)));
    const { name, key } = await secretOf(host, used);
    const { [name]: _, ...others } = hosts;
    return { salt: used, hosts: newest({ ...others, [name]: await seal(told, key) }, MOST) };
  });
}

async function secretOf(host, salt) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", new TextEncoder().encode(`${salt}\n${host}`)));
  const key = await crypto.subtle.importKey("raw", digest.slice(32), "AES-GCM", false, ["encrypt", "decrypt"]);
  return { name: toBase64url(digest.slice(0, NAME)), key };
}

async function seal(told, key) {
  const iv = crypto.getRandomValues(new Uint8Array(VECTOR));
  const text = new TextEncoder().encode(JSON.stringify(told));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text));
  return toBase64url(Uint8Array.from([...iv, ...sealed]));
}

/** Null for what somebody wrote there who is not us. */
async function unseal(text, key) {
  const bytes = fromBase64url(String(text));
  try {
    const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(0, VECTOR) }, key, bytes.slice(VECTOR));
    return JSON.parse(new TextDecoder().decode(opened));
  } catch {
    return null;
  }
}
