/**
 * The one spelling of an address that every part compares, as `gateway/document/url.py` has it.
 *
 * @typedef {{href: string, host: string, path: string}} Address `href` without a fragment, `host` without a last dot
 */

const SCHEMES = new Set(["http:", "https:", "ws:", "wss:"]);
const LONGEST = 65_536; // characters
const PERCENT = /%([0-9A-Fa-f]{2})?/g;
const UNRESERVED = /[A-Za-z0-9\-._~]/;

/**
 * @param {string} text an address, or with `base` a reference out of a document
 * @param {string} [base]
 * @returns {Address | null} null when a browser would not open it over HTTP or WebSocket
 */
export function canonical(text, base) {
  if (text.length > LONGEST || !URL.canParse(text, base)) return null;
  const parsed = new URL(text, base);
  const hasName = parsed.username !== "" || parsed.password !== "";
  if (!SCHEMES.has(parsed.protocol) || hasName || parsed.port === "0") return null;
  const host = parsed.hostname.replace(/^\[|\]$|\.$/g, "");
  const path = parsed.pathname.replaceAll(PERCENT, plainOctet);
  const shown = host.includes(":") ? `[${host}]` : host;
  const port = parsed.port === "" ? "" : `:${parsed.port}`;
  return { href: `${parsed.protocol}//${shown}${port}${path}${parsed.search}`, host, path };
}

/** @param {string} host @returns {string[]} the host, then every name above it; an address has none above */
export function suffixes(host) {
  if (host.includes(":") || /[0-9]$/.test(host)) return [host];
  const labels = host.split(".");
  return labels.map((_, place) => labels.slice(place).join("."));
}

function plainOctet(all, digits) {
  if (digits === undefined) return "%25";
  const letter = String.fromCharCode(Number.parseInt(digits, 16));
  return UNRESERVED.test(letter) ? letter : `%${digits.toUpperCase()}`;
}
