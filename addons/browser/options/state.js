/** What a status means, in one word, and what it says of gaps: no state is called better than it is. */

/** Gaps that close pages, and those that let something past. */
const CLOSING = Object.freeze(["no-bundle"]);

/**
 * off: nothing is filtered; closed: nothing is open; strict: rules of long ago; partial: something gets past; on.
 *
 * @param {import("../background/messages.js").Status} status
 * @returns {"off" | "closed" | "strict" | "partial" | "on"}
 */
export function stateOf(status) {
  if (!status.paired) return status.guarded ? "closed" : "off";
  if (status.gaps.some((gap) => CLOSING.includes(gap))) return "closed";
  if (status.gaps.includes("expired")) return "strict";
  return status.gaps.length > 0 ? "partial" : "on";
}

/**
 * The gaps as names of texts, and how each is mended: `null`, the name of a text, or "sites" for a button.
 *
 * @param {import("../background/messages.js").Status} status
 * @param {boolean} isFirefox
 * @returns {{text: string, mend: string | null}[]}
 */
export function gapsOf(status, isFirefox) {
  return status.gaps.map((gap) => {
    const text = gap === "unpaired" && status.guarded ? "gap_removed" : `gap_${gap.replaceAll("-", "_")}`;
    return { text, mend: mendingOf(gap, status, isFirefox) };
  });
}

function mendingOf(gap, status, isFirefox) {
  if (gap === "sites") return "sites";
  if (gap !== "incognito") return null;
  if (status.managed) return "mend_incognito_managed";
  return isFirefox ? "mend_incognito_firefox" : "mend_incognito_chromium";
}
