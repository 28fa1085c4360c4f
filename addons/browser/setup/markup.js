/** Elements made in a script: text stays text, whatever a page or a gateway wrote. */

/**
 * @param {string} name of the element
 * @param {Record<string, string | boolean | ((event: Event) => void) | null>} attributes; `on…` are listeners, null and false leave out
 * @param {...(Node | string | null)} children
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Rows of a description list; those without a value are left out. @param {[string, Node | string | null][]} rows */
export function rows(rows) {
  return rows
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)));
}

/** Foreign text in one line, cut where it is too long; what has no glyph cannot reorder what is around it. */
export function foreign(text, longest = 200) {
  const line = String(text).slice(0, longest * 8).replace(/\s+/g, " ").trim();
  const visible = line.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd");
  const letters = [...visible];
  return make("code", { dir: "auto" }, letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : visible);
}
