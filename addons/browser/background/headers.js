/** Labels in the headers of a response: read when it comes, and told to the content script of its document. */
import { compileData } from "../labels/data.js";
import { read } from "../labels/read.js";
import { api } from "./browser.js";

const FIELDS = new Set(["rating", "content-rating", "pics-label", "link"]);
const MOST = 200;

let data = null;
/** Between a response and the start of its document are milliseconds: this need not outlive the worker. */
const last = new Map();

/** The label data that is built into the add-on. */
export function labelData() {
  data ??= fetch(api.runtime.getURL("labels.json")).then(async (response) => compileData(await response.json()));
  return data;
}

/**
 * The labels of a response's headers.
 * @param {string} url @param {[string, string][]} headers
 */
export async function headerLabels(url, headers) {
  const telling = headers.filter(([name]) => FIELDS.has(name.toLowerCase()));
  if (telling.length === 0) {
    return [];
  }
  const { labels } = await read(null, { url, headers: telling }, await labelData());
  return labels.filter(({ trust }) => trust !== "D");
}

/** @param {chrome.webRequest.WebResponseHeadersDetails} details @returns {[string, string][]} */
export function fieldsOf({ responseHeaders = [] }) {
  return responseHeaders.map(({ name, value }) => [name, value ?? ""]);
}

/** Keeps the telling headers of a frame's response. */
export function note(details) {
  const fields = fieldsOf(details).filter(([name]) => FIELDS.has(name.toLowerCase()));
  last.set(`${details.tabId} ${details.frameId}`, { url: details.url, fields });
  if (last.size > MOST) {
    last.delete(last.keys().next().value);
  }
}

/** @param {number} tabId @param {number} frameId @param {string} url @returns {[string, string][]} */
export function noted(tabId, frameId, url) {
  const found = last.get(`${tabId} ${frameId}`);
  return found !== undefined && found.url === url.split("#")[0] ? found.fields : [];
}
