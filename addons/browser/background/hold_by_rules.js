/**
 * The hold of a Chromium that lets nobody wait inside a request: rules of declarativeNetRequest, which the browser keeps
 * over a restart and obeys before this worker runs. Every frame of every host goes to the check page, which asks; what was
 * found open has a rule of its own until the browser ends.
 *
 * A form that is sent (POST) to a host of which nothing is known is not redirected, because its content would be lost;
 * what it answers is held by the content script.
 */
import { api, pageFor } from "./browser.js";
import { closedHosts } from "./closed_hosts.js";
import { kept } from "./state.js";

const EVERY = "^https?://.*";
const FRAMES = ["main_frame", "sub_frame"];
const OTHERS = ["image", "media", "object", "script", "stylesheet", "font", "xmlhttprequest", "websocket", "other"];
const [HOLD, CLOSED, CLOSED_PARTS, GATEWAY, HEADER] = [1, 2, 3, 4, 5]; // ids of the rules that outlive the browser
// Priorities: what is open beats what is held or closed; a label in the headers beats what is open, unless it was judged.
const [HELD, SHUT, OPEN, LABELLED, OPEN_LABELLED] = [1, 2, 5, 6, 7];
const MOST_OPEN = 1_000; // hosts; each has two rules, and a browser takes 5,000
// Labels in headers that close a page for every minor, whatever else it says: RTA, and the words of the same field.
const HEADER_VALUES = ["*RTA-5042-1996-1400-1577-RTA*", "adult", "mature", "restricted"];

let working = Promise.resolve();

/** Holds everything, by what the bundle says. Called whenever a bundle came, and when the browser starts. */
export function hold(bundle, moment) {
  return inTurn(() => holdNow(bundle, moment));
}

/** Holds nothing: this browser is not set up. */
export function release() {
  return inTurn(async () => {
    const rules = await api.declarativeNetRequest.getDynamicRules();
    await api.declarativeNetRequest.updateDynamicRules({ removeRuleIds: rules.map(({ id }) => id) });
    await forgetNow();
  });
}

/** A host was found open. @param {string} url @param {boolean} isLabelled its headers carry a label that was judged */
export function open(url, isLabelled) {
  return inTurn(async () => {
    const known = await api.declarativeNetRequest.getSessionRules();
    const priority = isLabelled ? OPEN_LABELLED : OPEN;
    const { hostname } = new URL(url);
    const filters = [`|http://${hostname}^`, `|https://${hostname}^`];
    const same = known.filter(({ condition }) => filters.includes(condition.urlFilter));
    if (same.some((rule) => rule.priority >= priority)) {
      return;
    }
    const last = Math.max(0, ...known.map(({ id }) => id));
    const old = known.map(({ id }) => id).sort((a, b) => a - b).slice(0, Math.max(0, known.length + 2 - 2 * MOST_OPEN));
    await api.declarativeNetRequest.updateSessionRules({
      removeRuleIds: [...same.map(({ id }) => id), ...old],
      addRules: filters.map((urlFilter, at) => ({
        id: last + 1 + at,
        priority,
        action: { type: "allow" },
        condition: { urlFilter, resourceTypes: [...FRAMES, ...OTHERS] },
      })),
    });
  });
}

/** Every host is unknown again: another policy holds, or the clock closed something. */
export function forget() {
  return inTurn(forgetNow);
}

async function forgetNow() {
  const rules = await api.declarativeNetRequest.getSessionRules();
  await api.declarativeNetRequest.updateSessionRules({ removeRuleIds: rules.map(({ id }) => id) });
}

async function holdNow(bundle, moment) {
  const { names, but } = bundle === null ? { names: [], but: [] } : closedHosts(bundle, moment);
  const addRules = [
    {
      id: HOLD,
      priority: HELD,
      action: redirectTo("check"),
      condition: { regexFilter: EVERY, resourceTypes: FRAMES, excludedRequestMethods: ["post"] },
    },
  ];
  if (names.length > 0) {
    const hosts = { requestDomains: names, excludedRequestDomains: but };
    addRules.push(
      { id: CLOSED, priority: SHUT, action: redirectTo("block"), condition: { regexFilter: EVERY, resourceTypes: FRAMES, ...hosts } },
      { id: CLOSED_PARTS, priority: SHUT, action: { type: "block" }, condition: { resourceTypes: OTHERS, ...hosts } },
    );
  }
  const { pairing } = await kept();
  if (pairing !== null) {
    const condition = { urlFilter: `|${pairing.gateway}/`, resourceTypes: [...FRAMES, ...OTHERS] };
    addRules.push({ id: GATEWAY, priority: OPEN_LABELLED, action: { type: "allow" }, condition });
  }
  await api.declarativeNetRequest.updateDynamicRules({
    removeRuleIds: [HOLD, CLOSED, CLOSED_PARTS, GATEWAY],
    addRules,
  });
  await holdByHeaders();
}

/** Chromium 128 has conditions on headers; an older one leaves them to the content script, which is told of them. */
async function holdByHeaders() {
  const condition = {
    regexFilter: EVERY,
    resourceTypes: FRAMES,
    responseHeaders: [{ header: "rating", values: HEADER_VALUES }],
  };
  const rule = { id: HEADER, priority: LABELLED, action: redirectTo("check", "?labelled"), condition };
  try {
    await api.declarativeNetRequest.updateDynamicRules({ removeRuleIds: [HEADER], addRules: [rule] });
  } catch (fault) {
    console.info("no conditions on headers:", fault);
  }
}

function redirectTo(page, query = "") {
  return { type: "redirect", redirect: { regexSubstitution: pageFor(page, "\\0").replace("#", `${query}#`) } };
}

function inTurn(work) {
  const done = working.then(work);
  working = done.catch((fault) => console.error(fault));
  return done;
}
