/** Where a label stands, in plain words: the names of texts for the places that labels/place.js and its readers write. */

/** @param {string} place like "html > body > footer:nth-of-type(1)" or "script 1: /contentRating" @returns {string} */
export function placeText(place) {
  if (place.startsWith("header ")) return "place_answer";
  if (place === "address") return "place_address";
  if (place.includes(" >>> ") || /\biframe\b/.test(place)) return "place_inner";
  if (place.startsWith("script ") || /^html > head\b/.test(place)) return "place_hidden";
  if (/(^| )footer\b/.test(place)) return "place_footer";
  if (/(^| )header\b/.test(place)) return "place_header";
  return "place_body";
}
