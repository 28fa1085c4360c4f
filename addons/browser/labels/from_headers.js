/** Labels in HTTP response headers: `Rating: RTA-5042-1996-1400-1577-RTA`. See `gateway/labels/from_headers.py`. */
import { quoted, strip } from "./characters.js";
import { readRating } from "./rating_words.js";

const MOST_VALUES = 64;
const NAME = "http-header";

/** @type {import("./reader.js").Reader} */
export const headerReader = {
  name: NAME,

  *find(page) {
    for (const [field, shown] of [["rating", "Rating"], ["content-rating", "Content-Rating"]]) {
      const values = page.headers.all(field).flatMap((line) => line.split(","));
      for (const value of values.slice(0, MOST_VALUES)) {
        const read = readRating(value, page.data.scales);
        if (read === null) {
          yield { note: `the header ${shown} says ${quoted(strip(value).slice(0, 80))}, which is no label` };
          continue;
        }
        const trust = field === "rating" ? read.trust : "D";
        const place = `header ${shown}`;
        yield { label: { ...read.mark, scope: page.whole, trust, carrier: NAME, raw: strip(value), place } };
      }
      // A later value might be stricter: passing it over would read less than there is.
      if (values.length > MOST_VALUES) yield { blocked: `the header ${shown} has ${values.length} values` };
    }
  },
};
