/** Articles as a lawyer of the language cites them, from the names that verdicts have. The forms are gateway/enforce/notice.py's. */

const NUMBER = "[0-9]{1,3}(?:-[0-9]{1,2})?";
const CITE = new RegExp(
  `^Law (?<law>[0-9]{1,4}-[IVXL]{1,7}) (?:Arts\\. (?<articles>[0-9]{1,3}-[0-9]{1,3})` +
    `|Art\\. (?<article>${NUMBER})(?:\\((?<paragraph>${NUMBER})\\)(?:\\((?<point>${NUMBER})\\))?)?)$`,
);

/**
 * @param {string} cite like "Law 169-VI Art. 16(3)"; one of any other form stays as it is
 * @param {import("../setup/words.js").Words} words
 */
export function cited(cite, words) {
  const { law, articles, article, paragraph, point } = CITE.exec(cite)?.groups ?? {};
  if (law === undefined) return cite;
  if (articles !== undefined) return words.say("cite.articles", { law, article: articles.replace("-", "–") });
  const last = point !== undefined ? "point" : paragraph !== undefined ? "paragraph" : "article";
  return words.say(`cite.${last}`, { law, article, paragraph, point });
}
