/**
 * What the background knows, kept by the browser: a worker dies after half a minute, and a browser is restarted.
 *
 * `storage.local` keeps what must be known at the very first navigation after a restart; `storage.session`, which is never
 * written to a disk, what was seen of pages. Nothing that matters is only in a variable.
 *
 * @typedef {object} Pairing
 * @property {string} device
 * @property {string} token
 * @property {string} gateway an origin
 * @property {JsonWebKey} public_key pinned when the device was paired
 * @property {string | null} person
 * @property {boolean} managed
 * @property {string | null} enrolment the token of the policy by which it was paired
 *
 * @typedef {object} Signed a bundle as it came
 * @property {string} text
 * @property {string} signature base64url
 * @property {string | null} etag
 *
 * @typedef {object} Kept
 * @property {Pairing | null} pairing
 * @property {Signed | null} signed
 * @property {number} moment the latest that was seen
 * @property {Record<string, {day: string, minutes: number}>} used minutes that were counted, by service
 * @property {string | null} salt of the digests in `hosts`
 * @property {Record<string, string>} hosts what the gateway said of hosts: told_hosts.js reads and writes it
 * @property {{at: number, failures: number, seen: number}} contact the last question to the gateway, and the last that it answered
 * @property {object[]} queue asks and labels that wait
 * @property {boolean} guarded it was set up once: without a pairing it is closed, not open
 */
import { api } from "./browser.js";

/** @type {Kept} */
const EMPTY = Object.freeze({
  pairing: null,
  signed: null,
  moment: 0,
  used: {},
  salt: null,
  hosts: {},
  contact: { at: 0, failures: 0, seen: 0 },
  queue: [],
  guarded: false,
});

let loading = null;
let writing = Promise.resolve();

/** Everything that is kept, as it stands in the storage: look at it and never write into it. @returns {Promise<Kept>} */
export function kept() {
  loading ??= api.storage.local.get(EMPTY);
  return loading;
}

/**
 * Changes values, one change after the other.
 * @param {Partial<Kept> | ((known: Kept) => Partial<Kept> | Promise<Partial<Kept>>)} change
 * @returns {Promise<void>} when they are stored
 */
export function keep(change) {
  const done = writing.then(async () => {
    await api.storage.local.set(typeof change === "function" ? await change(await kept()) : change);
    forgetKept();
  });
  writing = done.catch(() => {});
  return done;
}

/** Something was stored, perhaps by another worker (that of private windows): it is looked up again. */
export function forgetKept() {
  loading = null;
}

/** What is kept until the browser ends. @param {string} name @param {any} otherwise */
export async function seen(name, otherwise) {
  return (await api.storage.session.get({ [name]: otherwise }))[name];
}

let remembering = Promise.resolve();

/** Changes a value of `storage.session`, one change after the other. @param {string} name @param {any} otherwise @param {(value: any) => any} change */
export function remember(name, otherwise, change) {
  const done = remembering.then(async () => api.storage.session.set({ [name]: change(await seen(name, otherwise)) }));
  remembering = done.catch(() => {});
  return done;
}

/** The newest `most` entries of an object; entries are added at its end. */
export function newest(entries, most) {
  const pairs = Object.entries(entries);
  return pairs.length <= most ? entries : Object.fromEntries(pairs.slice(pairs.length - most));
}
