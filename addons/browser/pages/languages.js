/** Which of the three languages of what is shown stands first; gateway/enforce/languages.py. */
const LANGUAGES = ["kk", "ru", "en"];

/**
 * All three, the person's own first, then the browser's in its order.
 * @param {string | null} own @param {readonly string[]} browsers
 */
export function orderOf(own, browsers = navigator.languages) {
  const wanted = [own, ...browsers.map((each) => each.toLowerCase().split("-")[0])].filter((each) => LANGUAGES.includes(each));
  return [...new Set([...wanted, ...LANGUAGES])];
}
