/** Names that show an age: of a picture's file ("18plus.png"), of a class ("age-limit"): policies/signs/names.yaml. */
import { fold } from "./characters.js";
import { pattern } from "./pattern.js";

export const NAME_AGES = [0, 6, 12, 14, 16, 18, 21];
const LONGEST_NAME = 200; // characters of a file name or a class name that are looked at
const WORD = /[a-zа-яё]+|[0-9]+/g;
// What build tools and retina screens add: "18plus.3f2a1b9c.svg", "18plus@2x.png", "18plus-64x64.png".
const ADDED = /@[0-9]x|[\-_][0-9]{1,4}x[0-9]{1,4}|[\-_.](?=[a-z]*[0-9])[0-9a-f]{6,40}(?![0-9a-z])/g;
const EXTENSION = /\.[a-z0-9]{2,5}$/;

export class SignNames {
  #forms;
  #weak;
  #classes;
  #beside;
  #areas;

  /** @param {object} data policies/signs/names.yaml, compiled */
  constructor(data) {
    this.scales = new Set(data.scales);
    /** Words of which one begins every name of a class. */
    this.words = data.words;
    this.#forms = data.forms.map((source) => pattern(() => source, "v"));
    this.#weak = data.weak.map((source) => pattern(() => source, "v"));
    this.#classes = pattern(() => data.classes, "v");
    this.#beside = new Set(data.beside);
    this.#areas = new Set(data.areas);
  }

  /**
   * @param {string} address of a picture
   * @returns {{age: number, isClear: boolean} | null} the age that its last step shows
   */
  ageInFile(address) {
    const [path, fragment] = address.trim().split(/#(.*)/s);
    const last = fragment || path.split("?")[0].replace(/\/+$/, "").split("/").at(-1);
    return this.#ageIn(fold(last.slice(-LONGEST_NAME)).replace(ADDED, "").replace(EXTENSION, ""));
  }

  /** @param {string} name one class name @returns {number | null} the age that it shows clearly */
  ageInClass(name) {
    const found = name.length <= LONGEST_NAME ? this.#ageIn(fold(name)) : null;
    return found?.isClear ? found.age : null;
  }

  /** @param {string} classes @returns {boolean} whether a class attribute says that its element holds an age */
  isLimit(classes) {
    return this.#classes().test(fold(classes.slice(0, 5 * LONGEST_NAME)));
  }

  /** @param {string} classes @returns {boolean} whether it says that its element is where a site shows who it is */
  isArea(classes) {
    return fold(classes.slice(0, 5 * LONGEST_NAME)).split(/\s+/).some((name) => this.#areas.has(name));
  }

  #ageIn(name) {
    for (const [forms, isClear] of [[this.#forms, true], [this.#weak, false]]) {
      for (const form of forms) {
        const match = form().exec(name);
        const rest = match && `${name.slice(0, match.index)} ${name.slice(match.index + match[0].length)}`;
        if (match && (rest.match(WORD) ?? []).every((word) => this.#beside.has(word))) {
          return { age: Number(match.groups.age), isClear };
        }
      }
    }
    return null;
  }
}
