/** The address that a QR code of the gateway leads to: its page for pairing, with the code as the fragment. */

const PATH = "/addon/pair";

/**
 * @param {string} text a whole link, or anything else
 * @returns {{gateway: string, code: string} | null} null: it is no such link
 */
export function readPairingLink(text) {
  const link = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (link === null || !/^https?:$/.test(link.protocol) || link.pathname !== PATH || link.username || link.password) {
    return null;
  }
  return { gateway: link.origin, code: decoded(link.hash.slice(1)) };
}

/** A code in a fragment. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
