/** What browsers call themselves. Chromium has `browser` since 148, so it is asked for by both names. */
export const api = globalThis.browser ?? globalThis.chrome;

/** Whether a listener may wait for an answer inside a request: always in Firefox, in Chromium where a policy installed us. */
export const isFirefox = api.runtime.getURL("").startsWith("moz-extension:");

/** The start of the addresses of the add-on's own pages. */
export const HOME = api.runtime.getURL("");

/**
 * The host of an address that a browser opens over HTTP, as its own address bar has it; null for every other.
 * @param {string | undefined} url
 */
export function hostOf(url) {
  const parsed = url && URL.canParse(url) ? new URL(url) : null;
  return parsed !== null && /^https?:$/.test(parsed.protocol) ? parsed.hostname : null;
}

/** @param {string} page "block" or "check" @param {string} url of the closed page */
export function pageFor(page, url) {
  return `${api.runtime.getURL(`pages/${page}.html`)}#${url}`;
}
