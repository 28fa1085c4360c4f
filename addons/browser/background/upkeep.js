/** What happens without anybody asking: bundles are fetched, the gateway is told that we are there, hours are looked after. */
import { api, isFirefox } from "./browser.js";
import { bundleInForce, take } from "./bundle.js";
import { fetchBundle, post } from "./gateway.js";
import { forget, hold, release } from "./hold_by_rules.js";
import { guards } from "./judge.js";
import { Failed } from "./messages.js";
import { countMinute, hasHours } from "./minutes.js";
import { now } from "./moment.js";
import { forgetPages } from "./pages.js";
import { about, pairByPolicy } from "./pairing.js";
import { flush } from "./queue.js";
import { keep, kept } from "./state.js";

const EVERY_FEW_MINUTES = 5;
const ALARMS = { upkeep: EVERY_FEW_MINUTES, minute: 1 };

/** Sees to it that the alarms are set: browsers forget them now and then. */
export async function wind() {
  for (const [name, periodInMinutes] of Object.entries(ALARMS)) {
    const alarm = await api.alarms.get(name);
    if (alarm?.periodInMinutes !== periodInMinutes) {
      await api.alarms.create(name, { periodInMinutes });
    }
  }
}

/** @param {string} name of an alarm: of ALARMS, or "revoked" (gateway.js) */
export async function ring(name) {
  await (name === "minute" ? minute() : keepUp());
}

/** The start of the browser, a pairing, another policy: everything is brought up to date. */
export async function keepUp() {
  const isNew = await pairByPolicy().catch((fault) => console.warn("pairing by policy:", fault));
  if (isNew) await applyNew();
  await refresh().catch((fault) => console.info("bundle:", fault));
  await heartbeat().catch(() => {});
  await flush();
}

/**
 * Asks the gateway for a newer bundle. Throws `Failed`: unpaired, unreachable, signature.
 * @returns {Promise<boolean>} whether there was one
 */
export async function refresh() {
  const { pairing, signed } = await kept();
  if (pairing === null) {
    throw new Failed("unpaired");
  }
  const fresh = await fetchBundle(pairing, signed?.etag ?? null).catch(async (fault) => {
    if (fault.code === "unpaired") await giveUp();
    throw fault;
  });
  if (fresh !== null) {
    await take(fresh, pairing);
    await applyNew();
  }
  return fresh !== null;
}

/** The gateway took this device's rights away: nothing is open until it is paired again. */
async function giveUp() {
  await keep({ pairing: null, signed: null, hosts: {}, queue: [] });
  await applyNew();
}

/** The rules of the browser by the bundle in force; pages are judged again. */
export async function applyNew() {
  await holdByBundle();
  if (!isFirefox) await forget();
  await forgetPages();
  await judgeAgain();
}

/** Only Chromium needs rules; where nobody was ever set up, it holds nothing. */
export async function holdByBundle() {
  if (isFirefox) {
    return;
  }
  await ((await guards()) ? hold(await bundleInForce(), await now()) : release());
}

/** Open pages ask whether they still may be. */
async function judgeAgain() {
  for (const { id } of await api.tabs.query({})) {
    api.tabs.sendMessage(id, { kind: "again" }).catch(() => {}); // a tab without our script
  }
}

async function heartbeat() {
  const { pairing, signed } = await kept();
  if (pairing === null) {
    return;
  }
  const bundle = await bundleInForce();
  const isAllowed = (await api.extension?.isAllowedIncognitoAccess?.()) ?? null;
  const state = bundle === null ? "no-bundle" : Date.parse(bundle.expires) <= (await now()) ? "strict" : "on";
  await post(pairing, "heartbeat", {
    ...about(),
    incognito: isFirefox ? null : isAllowed,
    private_browsing: isFirefox ? isAllowed : null,
    bundle: signed?.etag ?? null,
    state,
  });
}

async function minute() {
  const bundle = await bundleInForce();
  if (bundle !== null && hasHours(bundle)) {
    await countMinute(bundle, await now());
    await judgeAgain();
  }
  if ((await kept()).queue.length > 0) {
    await flush();
  }
}
