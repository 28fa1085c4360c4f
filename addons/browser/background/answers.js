/** The answers to messages: of content scripts about their own page only, of the add-on's pages everything else. */
import { HOME, api, hostOf, isFirefox } from "./browser.js";
import { bundleInForce } from "./bundle.js";
import { headerLabels, noted } from "./headers.js";
import { open } from "./hold_by_rules.js";
import { guards, isLasting, judgeAddress, judgePage, judgeSilence } from "./judge.js";
import { Failed } from "./messages.js";
import { closedBefore, forgetOpen, openBefore, rememberClosed, rememberMasked, rememberOpen, rememberTab, tabTold } from "./pages.js";
import { pairByCode } from "./pairing.js";
import { askFor, flush, tellLabels } from "./queue.js";
import { kept } from "./state.js";
import { status } from "./status.js";
import { toldOf } from "./told_hosts.js";
import { applyNew, refresh } from "./upkeep.js";

const LONGEST_URL = 65_536;
// The add-on's own labels for a header whose value only the browser saw: see HEADER_VALUES of hold_by_rules.js.
const LABELLED = [["rating", "RTA-5042-1996-1400-1577-RTA"]];

const OF_SCRIPTS = { start, judge };
const OF_PAGES = {
  status,
  async pair({ gateway, code }) {
    await pairByCode(gateway, code);
    await applyNew();
    return status();
  },
  async refresh() {
    await refresh();
    await flush();
    return status();
  },
  page: ({ tab }) => tabTold(tab),
  ask: async ({ host, reason }) => ({ sent: await askFor(hostname(host), String(reason ?? "")) }),
  check,
  blocked,
};

/**
 * @param {{kind: string}} message @param {chrome.runtime.MessageSender} sender
 * @returns {Promise<object>}
 */
export async function answer(message, sender) {
  try {
    if (sender.id !== api.runtime.id || typeof message?.kind !== "string") {
      throw new Failed("fault", "A message of somebody else.");
    }
    const known = isOwnPage(sender) ? OF_PAGES : sender.tab !== undefined ? OF_SCRIPTS : {};
    if (!Object.hasOwn(known, message.kind)) {
      throw new Failed("fault", `Nobody may send ${message.kind} from there.`);
    }
    return await known[message.kind](message, sender);
  } catch (fault) {
    return { fault: { code: fault instanceof Failed ? fault.code : "fault", detail: String(fault?.message ?? fault) } };
  }
}

/** A page of ours, also one in a frame; a page of a site never has such an address. */
function isOwnPage({ url }) {
  return typeof url === "string" && url.startsWith(HOME);
}

/**
 * A document begins, or a page changed its address: may it be shown unread, must it be read, or is it closed?
 * `{url}` → `{state: "closed" | "free" | "known" | "read", headers, kind, silence, url}`
 */
async function start({ url }, sender) {
  const { address, isOwn } = addressOf(url, sender);
  if (address === null) {
    return { state: "free" };
  }
  const headers = noted(sender.tab.id, sender.frameId, address);
  const labels = await headerLabels(address, headers);
  const judged = await judgeAddress(address, { labels });
  if (judged.isClosed) {
    await rememberClosed(address, judged);
    return { state: "closed", url: address };
  }
  tellMasked(sender, []);
  if (judged.isFree) {
    tellTab(sender, { url: address, status: null, labels: [], ...judged });
    return { state: "free" };
  }
  const before = isOwn ? await openBefore(address, await revisionInForce()) : null;
  // Of a host that the gateway is just being asked about nothing is foreseen: its answer may close the page.
  const silent = judged.alone || labels.length > 0 ? null : await judgeSilence(address);
  const isNoted = before === "silent" && silent !== null && isLasting(silent.verdict);
  tellTab(sender, { url: address, labels: [], ...(isNoted ? { status: "unlabelled", ...silent } : { status: null, ...judged }) });
  const kind = (await toldOf(hostOf(address)))?.host?.kind ?? null;
  const silence = isNoted ? "noted" : silent === null ? null : "open";
  return { state: before === null ? "read" : "known", headers, kind, silence };
}

/** A page was read. `{url, reading, isWhole}` → `{action, url, parts, words, language}`; parts are to be covered. */
async function judge({ url, reading, isWhole }, sender) {
  const { address, isOwn } = addressOf(url, sender);
  if (address === null) {
    throw new Failed("address");
  }
  const judged = await judgePage(address, reading, { isWhole: isWhole === true });
  const { verdict } = judged;
  const parts = partsOf(verdict);
  tellTab(sender, { url: address, status: reading.status, labels: reading.labels, ...judged });
  tellMasked(sender, parts);
  if (reading.status === "rated" && verdict.action !== "allow") {
    tellLabels(address, reading).catch(() => {});
  }
  if (isOwn) {
    const how = reading.status === "unlabelled" ? "silent" : "read";
    await (isLasting(verdict) ? rememberOpen : forgetOpen)(address, await revisionInForce(), how);
  }
  if (verdict.action === "block" || verdict.action === "ask") {
    await rememberClosed(address, judged);
  }
  if (verdict.action !== "mask") {
    return { action: verdict.action === "allow" ? "allow" : "block", url: address };
  }
  const bundle = await bundleInForce();
  return { action: "mask", parts, category: verdict.category, words: bundle?.words ?? null, language: bundle?.language ?? null };
}

/** The check page holds an address: is it open? */
async function check({ url, labels }, sender) {
  if (hostOf(url) === null || url.length > LONGEST_URL) {
    return { open: false };
  }
  const headers = labels === "header" ? await headerLabels(url, LABELLED) : [];
  const judged = await judgeAddress(url, { labels: headers });
  if (judged.isClosed) {
    await rememberClosed(url, judged);
    return { open: false };
  }
  if (!isFirefox) await open(url, headers.length > 0);
  return { open: true };
}

/** Why the address is closed; what closes it no more is open again. */
async function blocked({ url }) {
  if (hostOf(url) === null || url.length > LONGEST_URL) {
    throw new Failed("address");
  }
  const judged = (await closedBefore(url)) ?? (await judgeAddress(url));
  if (!judged.isClosed) {
    if (!isFirefox) await open(url, false);
    return { open: true };
  }
  const bundle = await bundleInForce();
  return {
    url,
    host: hostOf(url),
    verdict: judged.verdict,
    words: bundle?.words ?? null,
    language: bundle?.language ?? null,
    alone: judged.alone,
    paired: (await kept()).pairing !== null,
  };
}

/**
 * The address of a script's document: what it says, where that is of the same origin as what the browser says. A frame
 * that its page wrote (about:srcdoc) has none of its own and is judged under the page's.
 */
function addressOf(url, { url: known, tab }) {
  const isOwn = hostOf(known) !== null;
  const browsers = isOwn ? known : tab.url;
  if (hostOf(browsers) === null) {
    return { address: null, isOwn };
  }
  const isSaid = isOwn && typeof url === "string" && url.length <= LONGEST_URL && hostOf(url) !== null;
  const told = isSaid && new URL(url).origin === new URL(known).origin ? url : browsers;
  return { address: told.split("#")[0], isOwn };
}

function tellTab(sender, { url, status: read, labels, verdict, alone }) {
  if (sender.frameId === 0) {
    rememberTab(sender.tab.id, { url, status: read, labels, verdict, alone }).catch(() => {});
  }
}

function tellMasked(sender, parts) {
  const covered = new Set(parts.map(({ place }) => place)).size;
  rememberMasked(sender.tab.id, sender.frameId, covered).catch(() => {});
}

/** What is to be covered: content/cover.js covers these and no others. */
function partsOf({ action, evidence }) {
  const parts = action === "mask" ? evidence.filter(({ scope, part }) => scope === "part" && part) : [];
  return parts.map(({ part, min_age }) => ({ place: part, min_age }));
}

async function revisionInForce() {
  const bundle = await bundleInForce();
  return (await guards()) ? `${bundle?.revision} ${bundle?.issued}` : "";
}

function hostname(host) {
  const found = hostOf(`https://${host}/`);
  if (found === null) {
    throw new Failed("address");
  }
  return found;
}

