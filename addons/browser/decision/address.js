/**
 * The one spelling of an address that every part compares; gateway/document/url.py gives the same.
 *
 * @typedef {object} Url
 * @property {string} href the whole of it, without a fragment
 * @property {string} scheme "http", "https", "ws" or "wss"
 * @property {string} host A-label in lower case without a trailing dot, or an IP address (IPv6 without brackets)
 * @property {number} port
 * @property {string} path begins with "/"
 * @property {string} query without "?"
 */

const PORTS = new Map([
  ["http", 80],
  ["ws", 80],
  ["https", 443],
  ["wss", 443],
]);
const LONGEST_URL = 65536;

const CONTROL = /[\x00-\x1f\x7f]/;
const HEAD = /^[^:/\\?#]*:([/\\]*)([^/\\?#]*)([/\\?#]?)/;
const PERCENT = /%([0-9A-Fa-f]{2})?/g;
const UNRESERVED = /^[A-Za-z0-9._~-]$/;
// RFC 4291, section 2.5.5.2: a socket given ::ffff:a.b.c.d connects to a.b.c.d.
const MAPPED = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/;

/**
 * The canonical form of an address. Without `base`, spellings that exist to deceive are refused: control characters,
 * a user name, a backslash before the path. With `base`, `text` is resolved as a browser does (WHATWG URL, 4.4).
 * Throws RangeError when a browser would not open it over HTTP or WebSocket.
 * @param {string} text
 * @param {Url | null} [base]
 * @returns {Url}
 */
export function canonical(text, base = null) {
  if (length(text) > LONGEST_URL) {
    throw new RangeError("the address is too long");
  }
  if (base === null) {
    refuseDeceit(text);
  }
  const parsed = parse(text, base);
  const scheme = parsed.protocol.slice(0, -1);
  const usual = PORTS.get(scheme);
  if (usual === undefined) {
    throw new RangeError("only http, https, ws and wss addresses are read");
  }
  if (parsed.username || parsed.password) {
    throw new RangeError("an address with a user name before the host is refused");
  }
  const host = oneHost(parsed.hostname);
  const port = parsed.port ? Number(parsed.port) : usual;
  if (port === 0) {
    throw new RangeError("port 0 cannot be connected to");
  }
  const path = parsed.pathname.replace(PERCENT, normalOctet);
  const query = parsed.search.slice(1);
  const shown = (host.includes(":") ? `[${host}]` : host) + (port === usual ? "" : `:${port}`);
  const href = `${scheme}://${shown}${path}${query ? `?${query}` : ""}`;
  if (length(href) > LONGEST_URL) {
    throw new RangeError("the address is too long");
  }
  return { href, scheme, host, port, path, query };
}

/** @param {string} text its length in characters */
function length(text) {
  return text.length > LONGEST_URL ? [...text].length : text.length;
}

/** @param {string} text */
function refuseDeceit(text) {
  if (CONTROL.test(text)) {
    throw new RangeError("an address with a control character is refused");
  }
  const head = HEAD.exec(text);
  if (head !== null && (head[1].includes("\\") || head[3] === "\\")) {
    throw new RangeError("an address with a backslash before its path is refused");
  }
  // Checked in the text as well as after parsing, where "http://@host/" has lost its empty user name.
  if (head !== null && head[2].includes("@")) {
    throw new RangeError("an address with a user name before the host is refused");
  }
}

/** @param {string} text @param {Url | null} base */
function parse(text, base) {
  if (!text.isWellFormed?.() && /\p{Surrogate}/u.test(text)) {
    throw new RangeError("this is not an address that a browser would open");
  }
  try {
    return base === null ? new URL(text) : new URL(text, base.href);
  } catch {
    throw new RangeError("this is not an address that a browser would open");
  }
}

/** What is left to do after the WHATWG host parser. @param {string} host */
function oneHost(host) {
  if (host.startsWith("[")) {
    const mapped = MAPPED.exec(host);
    return mapped === null ? host.slice(1, -1) : [...octets(mapped[1]), ...octets(mapped[2])].join(".");
  }
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  if (name.length > 253 || !name.split(".").every((label) => label.length > 0 && label.length <= 63)) {
    throw new RangeError("this is not a host: a name has labels of 1 to 63 characters, 253 in all");
  }
  return name;
}

/** @param {string} group of an IPv6 address */
function octets(group) {
  const number = Number.parseInt(group, 16);
  return [number >> 8, number & 255];
}

/**
 * Needless percent-encoding undone once (RFC 3986, section 6.2.2); a stray sign is encoded, so that it joins nothing.
 * @param {string} found
 * @param {string | undefined} digits
 */
function normalOctet(found, digits) {
  if (digits === undefined) {
    return "%25";
  }
  const letter = String.fromCharCode(Number.parseInt(digits, 16));
  return UNRESERVED.test(letter) ? letter : `%${digits.toUpperCase()}`;
}
