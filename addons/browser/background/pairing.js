/** For whom this browser is set up: by a code at home, by a policy (storage.managed) at school. */
import { readManaged } from "../setup/managed.js";
import { api } from "./browser.js";
import { fetchBundle, originOf, pair } from "./gateway.js";
import { mustBeOurs, thumbprint } from "./bundle.js";
import { Failed } from "./messages.js";
import { forgetPages } from "./pages.js";
import { keep, kept } from "./state.js";

const OURS = /Firefox\/([0-9]+)|Chrom(?:e|ium)\/([0-9]+)/;

/** What the gateway is told of this browser. */
export function about() {
  const found = OURS.exec(navigator.userAgent);
  const browser = found === null ? "browser" : `${found[1] ? "Firefox" : "Chromium"} ${found[1] ?? found[2]}`;
  return { browser, version: api.runtime.getManifest().version };
}

/**
 * Pairs by a code that a guardian was shown. While this browser is paired, only with the same gateway: a pupil could run one
 * of his own. That gateway ends a pairing, by answering 401 (upkeep.js); no button here does.
 * Throws `Failed`: managed, other-gateway, and those of `pair` and of its first bundle.
 */
export async function pairByCode(gateway, code) {
  const { pairing } = await kept();
  const policy = await readManaged();
  if (pairing?.managed || (policy.gateway !== undefined && policy.enrolment !== undefined)) {
    throw new Failed("managed", "A policy sets this browser up.");
  }
  const origin = originOf(gateway);
  if (pairing !== null && origin !== pairing.gateway) {
    throw new Failed("other-gateway", `The browser is paired with ${pairing.gateway}.`);
  }
  await pairWith(origin, String(code).trim(), { managed: false, pinned: pairing?.public_key ?? null });
}

/**
 * Pairs by what a policy gave, when it is not done yet. The first start after an installation by policy knows nothing of
 * it on some systems; then the change of storage.managed comes later.
 * @returns {Promise<boolean>} whether it was paired just now
 */
export async function pairByPolicy() {
  const { gateway, enrolment, name } = await readManaged();
  if (gateway === undefined || enrolment === undefined) {
    return false;
  }
  const { pairing } = await kept();
  const origin = originOf(gateway);
  if (pairing?.managed && pairing.enrolment === enrolment && pairing.gateway === origin) {
    return false;
  }
  await keep({ guarded: true }); // from now on it is closed until it is paired
  await pairWith(origin, enrolment, { managed: true, enrolment, name });
  return true;
}

async function pairWith(origin, code, { managed: isManaged, enrolment = null, name, pinned = null }) {
  const called = about();
  const told = await pair(origin, code, { name: name || called.browser, ...called });
  if (pinned !== null && (await thumbprint(told.public_key)) !== (await thumbprint(pinned))) {
    throw new Failed("other-gateway", "The gateway at this address has another key than the one that was pinned.");
  }
  const pairing = { ...told, managed: isManaged, enrolment };
  const signed = await fetchBundle(pairing, null);
  await mustBeOurs(signed, pairing);
  await keep({ pairing, signed, hosts: {}, guarded: true });
  await forgetPages();
}
