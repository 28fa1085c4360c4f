/** What is known of a host, by name: the name itself or the nearest one above it. gateway/hosts/index.py */

/**
 * `host` itself, then every name above it; an IP address has none above.
 * @param {string} host
 */
export function* suffixes(host) {
  yield host;
  // The last label of a name is never a number, so such a host is an IPv4 address.
  if (host.includes(":") || /[0-9]$/.test(host)) {
    return;
  }
  for (let at = host.indexOf("."); at >= 0; at = host.indexOf(".", at + 1)) {
    yield host.slice(at + 1);
  }
}

/**
 * @param {Map<string, object>} hosts names, each with all below it
 * @param {Map<string, object>} exact names of which something else holds
 * @param {string} host canonical
 * @returns {import("./question.js").HostRecord | null}
 */
export function hostRecord(hosts, exact, host) {
  const own = exact.get(host);
  if (own !== undefined) {
    return { host, ...own };
  }
  for (const name of suffixes(host)) {
    const known = hosts.get(name);
    if (known !== undefined) {
      return { host: name, ...known };
    }
  }
  return null;
}
