/** A link to a POWDER description (W3C, REC-powder-dr): it may hold an age, and is not fetched, so it is a note. */
import { fold, quoted, strip } from "./characters.js";
import { attribute } from "./tree.js";

const POWDER = "application/powder+xml";
const RDF = "application/rdf+xml";
const MOST_LINKS = 20;
const MOST_HEADER = 8_192; // characters of one header
// RFC 8288, section 3: the target in angle brackets, then parameters up to the next comma outside quotes.
const LINK = /<(?<target>[^<>]{0,2000})>(?<rest>(?:[^",<]|"[^"]*")*)/g;

/** @type {import("./reader.js").Reader} */
export const powderReader = {
  name: "powder",

  *find(page) {
    for (const line of page.headers.all("link")) {
      for (const { groups } of line.slice(0, MOST_HEADER).matchAll(LINK)) {
        const rest = fold(groups.rest);
        if (rest.includes(POWDER) && rest.includes("describedby")) yield noteOf(groups.target);
      }
    }
    for (const node of page.css('link[type*="powder+xml" i], link[type*="rdf+xml" i]').slice(0, MOST_LINKS)) {
      const kind = fold(strip(attribute(node, "type")));
      const isOfIcra = kind === RDF && fold(attribute(node, "title")).includes("icra labels");
      if (kind === POWDER || isOfIcra) yield noteOf(attribute(node, "href"));
    }
  },
};

function noteOf(target) {
  const said = "describes the page, perhaps with an age; such descriptions are not fetched";
  return { note: `${quoted(target.slice(0, 200))} ${said}` };
}
