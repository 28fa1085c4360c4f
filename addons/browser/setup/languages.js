/** The three buttons with which somebody chooses the language of a page of ours. */
import { make } from "./markup.js";
import { LANGUAGES, rememberLanguage } from "./words.js";

/**
 * Fills `place` with a button for each language, and has the page written again when one is pressed.
 * @param {Element} place @param {string} chosen @param {() => void} again
 */
export function offerLanguages(place, chosen, again) {
  const had = place.contains(document.activeElement);
  const buttons = Object.entries(LANGUAGES).map(([language, name]) => {
    const choose = () => {
      rememberLanguage(language);
      again();
    };
    return make("button", { type: "button", lang: language, "aria-pressed": String(language === chosen), onclick: choose }, name);
  });
  place.replaceChildren(...buttons);
  if (had) place.querySelector("[aria-pressed=true]").focus();
}
