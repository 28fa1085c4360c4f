/**
 * The words of the add-on's own pages in one language: those of _locales and those of the gateway's block page, together
 * in words.js, which `qorgan addon build` makes. Names in braces are filled in.
 *
 * `browser.i18n` speaks only the browser's own language, and Chromium has no Kazakh one; so pages choose for themselves.
 */
import { WORDS } from "../words.js";

/** Languages by their names in themselves. */
export const LANGUAGES = Object.freeze({ kk: "Қазақша", ru: "Русский", en: "English" });

const CHOSEN = "language"; // in localStorage: what somebody chose on a page of ours

export class Words {
  #texts;
  #plurals;

  /** @param {"kk" | "ru" | "en"} language */
  constructor(language) {
    this.language = language;
    this.#texts = WORDS[language];
    this.#plurals = new Intl.PluralRules(language);
  }

  /** Whether there is a text of this name. @param {string} key */
  has(key) {
    return Object.hasOwn(this.#texts, key);
  }

  /** @param {string} key @param {Record<string, string | number>} [values] @returns {string} */
  say(key, values = {}) {
    return filled(this.#texts[key], values);
  }

  /** A text with a number, in the form that the number needs. @param {string} key @param {number} count */
  count(key, count) {
    const form = this.#plurals.select(count);
    const forms = this.#texts[key];
    return filled(forms[form] ?? forms.other ?? forms.many, { count });
  }

  /** A moment as people write it. @param {string} moment RFC 3339 */
  moment(moment) {
    // Not every browser has dates in Kazakh; figures are read alike in all three.
    const locale = { kk: "ru", ru: "ru", en: "en-GB" }[this.language];
    return new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" }).format(new Date(moment));
  }

  /** Fills in every element with `data-words` below the document, and says what language it is in. @param {Document} document */
  write(document) {
    document.documentElement.lang = this.language;
    for (const element of document.querySelectorAll("[data-words]")) {
      element.textContent = this.say(element.dataset.words);
    }
    for (const element of document.querySelectorAll("[data-label]")) {
      element.setAttribute("aria-label", this.say(element.dataset.label));
    }
  }
}

/**
 * What was chosen on a page of ours; else the first that is known of `wanted` and of the browser's languages.
 * @param {(string | null | undefined)[]} wanted
 */
export function chooseWords(...wanted) {
  const asked = [localStorage.getItem(CHOSEN), ...wanted, ...navigator.languages];
  const found = asked.map((tag) => String(tag ?? "").split("-")[0].toLowerCase()).find((tag) => Object.hasOwn(LANGUAGES, tag));
  return new Words(found ?? "en");
}

/** Remembers what somebody chose. @param {string} language */
export function rememberLanguage(language) {
  localStorage.setItem(CHOSEN, language);
}

function filled(text, values) {
  return text.replace(/\{([a-z]+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}
