/**
 * What waits for the gateway: asks of the child, and labels of pages that were closed. Bounded; asks go first and are
 * never given up for labels. Private windows send asks only.
 */
import { api } from "./browser.js";
import { isWorthAsking, post } from "./gateway.js";
import { Failed } from "./messages.js";
import { keep, kept } from "./state.js";

const MOST_ASKS = 20;
const MOST_LABELS = 50; // pages
const MOST_OF_A_PAGE = 64; // labels
const A_FLUSH = 20; // sent in one go; the rest waits for the next
const LONGEST_REASON = 200; // characters

/**
 * Asks the guardian, now or when the gateway is there. Throws `Failed`: unpaired, full (too many questions are open).
 * @param {string} host @param {string} reason @returns {Promise<boolean>} whether the gateway has it
 */
export async function askFor(host, reason = "") {
  const { pairing } = await kept();
  if (pairing === null) {
    throw new Failed("unpaired");
  }
  const body = { host, ...(reason ? { reason: reason.slice(0, LONGEST_REASON) } : {}) };
  if (await isWorthAsking()) {
    try {
      await post(pairing, "ask", body);
      return true;
    } catch (fault) {
      if (fault.code === "refused") throw new Failed("full", fault.message);
    }
  }
  await keep(({ queue }) => {
    const others = queue.filter((item) => item.what !== "ask" || item.body.host !== host);
    if (others.filter(({ what }) => what === "ask").length >= MOST_ASKS) throw new Failed("full");
    return { queue: [{ what: "ask", body, id: crypto.randomUUID() }, ...others] };
  });
  return false;
}

/** Labels of a page that closed it or a part of it: what was allowed is told to nobody. */
export async function tellLabels(url, { labels, flags }) {
  const { pairing } = await kept();
  if (pairing === null || api.extension?.inIncognitoContext) {
    return;
  }
  const sent = labels.filter(({ trust }) => trust !== "D").slice(0, MOST_OF_A_PAGE);
  const body = { url: url.split("#")[0], labels: sent, flags: [...(flags ?? [])].slice(0, 32) };
  await keep(({ queue }) => {
    const asks = queue.filter(({ what }) => what === "ask");
    const others = queue.filter((item) => item.what === "labels" && item.body.url !== body.url);
    return { queue: [...asks, ...others.slice(1 - MOST_LABELS), { what: "labels", body, id: crypto.randomUUID() }] };
  });
  await flush();
}

let flushing = Promise.resolve();

/** Sends what waits, one after the other. */
export function flush() {
  flushing = flushing.then(flushNow, flushNow);
  return flushing;
}

async function flushNow() {
  for (let left = A_FLUSH; left > 0 && (await isWorthAsking()); left -= 1) {
    const { queue, pairing } = await kept();
    const [item] = queue;
    if (item === undefined) {
      return;
    }
    try {
      await post(pairing, item.what, item.body);
    } catch (fault) {
      if (fault.code !== "refused") return; // not there: it waits
    }
    await keep(({ queue: now }) => ({ queue: now.filter(({ id }) => id !== item.id) }));
  }
}
