/**
 * The hold of a browser that lets a listener wait inside a request: Firefox, and a Chromium in which a policy installed the
 * add-on. Nothing is sent to a host before the verdict, and a form (POST) is held as well.
 */
import { api, isFirefox, pageFor } from "./browser.js";
import { fieldsOf, headerLabels, note } from "./headers.js";
import { judgeAddress } from "./judge.js";
import { rememberClosed } from "./pages.js";

const FRAMES = { urls: ["http://*/*", "https://*/*"], types: ["main_frame", "sub_frame"] };

/** Listens; at once when a worker starts, or it would not be woken for requests. */
export function listen() {
  if (isFirefox) {
    listenWaiting();
    return;
  }
  api.webRequest.onHeadersReceived.addListener(note, FRAMES, ["responseHeaders"]);
  // Rules are there a moment after the first page of a browser that starts; a listener that may wait is there before it.
  // Only a policy installs what is fetched from an address, so only then it may; to try it otherwise is an error.
  if (api.runtime.getManifest().update_url !== undefined) listenWaiting();
}

function listenWaiting() {
  api.webRequest.onBeforeRequest.addListener(before, FRAMES, ["blocking"]);
  api.webRequest.onHeadersReceived.addListener(received, FRAMES, ["blocking", "responseHeaders"]);
}

async function before({ url, method }) {
  return close(url, await judgeAddress(url));
}

async function received(details) {
  note(details);
  const labels = await headerLabels(details.url, fieldsOf(details));
  return labels.length === 0 ? {} : close(details.url, await judgeAddress(details.url, { labels }));
}

async function close(url, judged) {
  if (!judged.isClosed) {
    return {};
  }
  await rememberClosed(url, judged);
  return { redirectUrl: pageFor("block", url) };
}
