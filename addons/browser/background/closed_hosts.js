/** Hosts that a bundle closes whatever they show: nothing of them is loaded, not as a part of other sites either. */
import { decide } from "../decision/decide.js";
import { suffixes } from "../decision/hosts.js";

const LISTED = new Set(["topic", "local-block"]); // not hours, which end, nor labels, which a page may outdate
const MOST = 20_000;

/**
 * @param {object} bundle
 * @param {number} moment milliseconds since 1970
 * @returns {{names: string[], but: string[]}} names with all below them, but for those in `but`
 */
export function closedHosts(bundle, moment) {
  const known = [...new Set([...Object.keys(bundle.hosts), ...Object.keys(bundle.exact)])].slice(0, MOST);
  const names = new Set(known.filter((name) => /[a-z]/.test(name) && isClosed(name, bundle, moment)));
  const but = known.filter((name) => !names.has(name) && [...suffixes(name)].some((above) => names.has(above)));
  return { names: [...names], but };
}

function isClosed(name, bundle, moment) {
  const verdict = decide({ moment, url: `https://${name}/` }, bundle);
  return verdict.action === "block" && LISTED.has(verdict.reason);
}
