/** What was seen of pages, until the browser ends: never on a disk, and addresses of pages that were open only as digests. */
import { newest, remember, seen } from "./state.js";

const MOST_CLOSED = 50;
const MOST_OPEN = 2_000;
const MOST_TABS = 100;
const MOST_FRAMES = 100; // of a tab, with covered parts
const DIGEST = 16; // bytes

/** A page was closed; the block page asks why. @param {string} url @param {import("./judge.js").Judged} judged */
export function rememberClosed(url, judged) {
  return remember("closed", {}, ({ [url]: _, ...others }) => newest({ ...others, [url]: judged }, MOST_CLOSED));
}

/** @returns {Promise<import("./judge.js").Judged | null>} */
export async function closedBefore(url) {
  const closed = await seen("closed", {});
  return Object.hasOwn(closed, url) ? closed[url] : null;
}

/** Everything is to be judged again: another policy holds, or something was permitted. */
export async function forgetPages() {
  await remember("closed", {}, () => ({}));
  await remember("open", {}, () => ({}));
}

/** A page was read and is open: by this policy it need not be held the next time. @param {"silent" | "read"} how it was */
export async function rememberOpen(url, revision, how) {
  const key = await keyOf(url, revision);
  await remember("open", {}, ({ [key]: _, ...others }) => newest({ ...others, [key]: how }, MOST_OPEN));
}

/** It was open when a part of it had come, and is not. */
export async function forgetOpen(url, revision) {
  const key = await keyOf(url, revision);
  await remember("open", {}, ({ [key]: _, ...others }) => others);
}

/** @returns {Promise<"silent" | "read" | null>} how it was open: without a label or with one; null: it was not */
export async function openBefore(url, revision) {
  const [open, key] = await Promise.all([seen("open", {}), keyOf(url, revision)]);
  return Object.hasOwn(open, key) ? open[key] : null;
}

/** What the popup shows of a tab. @param {number} tab @param {object} told */
export function rememberTab(tab, told) {
  return remember("tabs", {}, ({ [tab]: _, ...others }) => newest({ ...others, [tab]: told }, MOST_TABS));
}

/** So many parts are covered in a frame of a tab; 0 for the page itself forgets its frames, which are other ones then. */
export function rememberMasked(tab, frame, parts) {
  return remember("masked", {}, ({ [tab]: known, ...others }) => {
    const { [frame]: _, ...rest } = frame === 0 && parts === 0 ? {} : (known ?? {});
    const frames = newest(parts === 0 ? rest : { ...rest, [frame]: parts }, MOST_FRAMES);
    return newest(Object.keys(frames).length === 0 ? others : { ...others, [tab]: frames }, MOST_TABS);
  });
}

/** @returns {Promise<import("./messages.js").PageTold | null>} */
export async function tabTold(tab) {
  const told = (await seen("tabs", {}))[tab];
  if (told === undefined) {
    return null;
  }
  const frames = (await seen("masked", {}))[tab] ?? {};
  return { ...told, masked: Object.values(frames).reduce((sum, parts) => sum + parts, 0) };
}

async function keyOf(url, revision) {
  const bytes = new TextEncoder().encode(`${revision}\n${url.split("#")[0]}`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).slice(0, DIGEST);
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
