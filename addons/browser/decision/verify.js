/** The signature of a bundle: made with the installation's own key, which was pinned when the device was paired. */
import { FORMAT } from "./bundle.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };

/**
 * The bundle, if the key signed these very bytes and its format is known; null otherwise. It never throws.
 *
 * That a bundle is for this device, and no older than the one in use, its reader looks at: `device`, `issued`.
 * @param {ArrayBuffer | Uint8Array} bytes as they were sent: nothing is parsed before the signature holds
 * @param {ArrayBuffer | Uint8Array} signature 64 bytes, r and s (IEEE P1363)
 * @param {JsonWebKey} publicKeyJwk
 * @returns {Promise<object | null>}
 */
export async function verifyBundle(bytes, signature, publicKeyJwk) {
  try {
    const { kty, crv, x, y } = publicKeyJwk;
    const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, CURVE, false, ["verify"]);
    if (!(await crypto.subtle.verify(SIGNATURE, key, signature, bytes))) {
      return null;
    }
    const bundle = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return bundle !== null && bundle.format === FORMAT ? bundle : null;
  } catch {
    return null;
  }
}
