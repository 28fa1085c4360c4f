/** The rhombus of an age category (law 169-VI, Art. 15(1)), with the category or a drawing; as gateway/enforce draws it. */
const SVG = "http://www.w3.org/2000/svg";

const CLOCK = "M48 37V49L55 54M48 28a20 20 0 1 0 .1 0Z";
const HOUSE = "M30 49 48 32 66 49M36 46V65H60V46";
const QUESTION = "M39 40a9.5 9.5 0 1 1 13 9q-4 2-4 7M48 66v.5";
const EXCLAMATION = "M48 30V53M48 66v.5";
const DRAWINGS = {
  schedule: CLOCK,
  quota: CLOCK,
  "local-block": HOUSE,
  topic: HOUSE,
  "local-ask": QUESTION,
  unlabelled: QUESTION,
  estimate: QUESTION,
  "no-profile": QUESTION,
};

/** The path drawn for a reason when no category stands in the sign. @param {string} reason */
export function drawingOf(reason) {
  return DRAWINGS[reason] ?? EXCLAMATION;
}

/**
 * @param {Document} page
 * @param {{mark?: string | null, drawing?: string, name?: string | null, size: number}} sign
 */
export function signOf(page, { mark, drawing, name, size }) {
  const svg = element(page, "svg", { viewBox: "0 0 96 96", width: size, height: size });
  if (name) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", name);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  const ink = { stroke: "currentColor", "stroke-width": 5, "stroke-linejoin": "round", fill: "none" };
  svg.append(element(page, "path", { d: "M48 4 92 48 48 92 4 48Z", ...ink }));
  if (mark) {
    const centred = { "text-anchor": "middle", "dominant-baseline": "central", "font-weight": 700, "font-size": 27 };
    const text = element(page, "text", { x: 48, y: 49, fill: "currentColor", "font-family": "system-ui,sans-serif", ...centred });
    text.textContent = mark;
    svg.append(text);
  } else {
    svg.append(element(page, "path", { d: drawing ?? EXCLAMATION, ...ink, "stroke-linecap": "round" }));
  }
  return svg;
}

function element(page, name, attributes) {
  const made = page.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
