/** The background: which events wake it. Listeners are there at once, or the browser would not wake it for them. */
import { onManaged } from "../setup/managed.js";
import { answer } from "./answers.js";
import { api, isFirefox } from "./browser.js";
import { listen } from "./hold_by_requests.js";
import { foretell } from "./judge.js";
import { forgetKept } from "./state.js";
import { holdByBundle, keepUp, ring, wind } from "./upkeep.js";

listen();

api.runtime.onMessage.addListener((message, sender, respond) => {
  answer(message, sender).then(respond);
  return true; // the answer comes later
});
api.alarms.onAlarm.addListener(({ name }) => ring(name));
api.runtime.onInstalled.addListener(begin);
api.runtime.onStartup.addListener(begin);
api.storage.onChanged.addListener((_, area) => {
  if (area === "local") forgetKept();
});
onManaged(keepUp);
// A navigation begins: the worker is awake before its document is. In Firefox a listener waits in the request itself.
api.webNavigation.onBeforeNavigate.addListener(({ url }) => {
  if (!isFirefox) foretell(url).catch((fault) => console.warn(fault));
});
api.webNavigation.onHistoryStateUpdated.addListener(({ tabId, frameId }) => {
  api.tabs.sendMessage(tabId, { kind: "moved" }, { frameId }).catch(() => {});
});

async function begin() {
  await holdByBundle();
  await wind();
  await keepUp();
}
