/** How things stand: what the options page and the popup show. Nothing is shown as protected that is not. */
import { api, isFirefox } from "./browser.js";
import { bundleInForce, thumbprint } from "./bundle.js";
import { now } from "./moment.js";
import { kept } from "./state.js";

const SILENT = 24 * 3_600_000; // ms

/** @returns {Promise<import("./messages.js").Status>} */
export async function status() {
  const { pairing, contact, queue, guarded } = await kept();
  const bundle = await bundleInForce();
  const moment = await now();
  const expired = bundle !== null && Date.parse(bundle.expires) <= moment;
  const incognito = (await api.extension?.isAllowedIncognitoAccess?.()) ?? false;
  const everywhere = await api.permissions.contains({ origins: ["<all_urls>"] });
  const told = {
    paired: pairing !== null,
    guarded,
    managed: pairing?.managed ?? false,
    gateway: pairing?.gateway ?? null,
    contact: contact.at === 0 ? "unknown" : contact.failures === 0 ? "reachable" : "unreachable",
    seen: contact.seen === 0 ? null : new Date(contact.seen).toISOString(),
    person: bundle?.person ?? pairing?.person ?? null,
    device: pairing?.device ?? null,
    language: bundle?.language ?? null,
    thumbprint: pairing === null ? null : await thumbprint(pairing.public_key),
    bundle: bundle === null ? null : { revision: bundle.revision, issued: bundle.issued, expires: bundle.expires, expired },
    hold: isFirefox ? "requests" : "rules",
    incognito,
    everywhere,
    queued: queue.length,
  };
  const gaps = {
    unpaired: pairing === null,
    "no-bundle": pairing !== null && bundle === null,
    expired,
    incognito: !incognito,
    sites: !everywhere,
    "silent-gateway": pairing !== null && moment - contact.seen > SILENT,
  };
  return { ...told, gaps: Object.keys(gaps).filter((gap) => gaps[gap]) };
}
