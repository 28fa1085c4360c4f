/** The bundle that is in force: checked whenever a worker starts, and only ever replaced by a newer one of this device. */
import { verifyBundle } from "../decision/verify.js";
import { fromBase64url, toBase64url } from "./base64url.js";
import { Failed } from "./messages.js";
import { setBy } from "./moment.js";
import { keep, kept } from "./state.js";

/** @type {{text: string, bundle: Promise<object | null>} | null} */
let checked = null;

/** @returns {Promise<object | null>} null: there is none that the pinned key signed for this device */
export async function bundleInForce() {
  const { signed, pairing } = await kept();
  if (signed === null || pairing === null) {
    return null;
  }
  if (checked?.text !== signed.text) {
    checked = { text: signed.text, bundle: open(signed, pairing) };
  }
  return checked.bundle;
}

/**
 * Takes a bundle that came from the gateway. Throws `Failed` with the code `signature` for one that is not ours, is another
 * device's, or is older than the one in use.
 * @param {import("./state.js").Signed} signed
 * @param {import("./state.js").Pairing} pairing
 */
export async function take(signed, pairing) {
  const bundle = await mustBeOurs(signed, pairing);
  const current = await bundleInForce();
  if (current !== null && Date.parse(bundle.issued) < Date.parse(current.issued)) {
    throw new Failed("signature", "The bundle is older than the one in use.");
  }
  // What the gateway said of hosts held for what was before.
  await keep({ signed, hosts: {} });
}

/** The bundle, if the key of the pairing signed it for this device. Throws `Failed` with the code signature. */
export async function mustBeOurs(signed, pairing) {
  const bundle = await open(signed, pairing);
  if (bundle === null) {
    throw new Failed("signature", "The bundle is not signed by the key that was pinned, or is another device's.");
  }
  await setBy(Date.parse(bundle.issued));
  return bundle;
}

async function open({ text, signature }, pairing) {
  const bundle = await verifyBundle(new TextEncoder().encode(text), fromBase64url(signature), pairing.public_key);
  return bundle !== null && (bundle.device === pairing.device || bundle.device === null) ? bundle : null;
}

/** RFC 7638. @param {JsonWebKey} key */
export async function thumbprint({ crv, kty, x, y }) {
  const text = JSON.stringify({ crv, kty, x, y });
  return toBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}
