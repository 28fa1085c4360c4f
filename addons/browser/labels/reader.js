/**
 * What a reader of labels is: a name, and what it finds on a page.
 *
 * A new carrier is a module `from_….js` that exports such an object, and its line in `read.js`. `find` is a generator:
 * it yields what it finds, and `PAUSE` wherever the page may have its turn.
 *
 * @typedef {{label: import("./label.js").Label}} FoundLabel
 * @typedef {{note: string}} Note a sentence for a person: what was seen and not taken for a label
 * @typedef {{flag: string}} Flag a finding about the labels themselves: "sign-form", "sign-language"
 * @typedef {{blocked: string}} Blocked a structure that must not be guessed at: the reading becomes unreadable
 * @typedef {FoundLabel | Note | Flag | Blocked | null} Found null is `PAUSE`
 * @typedef {{name: string, find: (page: import("./page.js").Page) => Iterable<Found>}} Reader
 */

/** Here the main thread may be given back. */
export const PAUSE = null;
/** So many notes of a response are kept. */
export const MOST_NOTES = 50;

/** More of something than any page needs; the message is a sentence or a clause. */
export class TooMuch extends Error {}

/** How many more notes somebody reads: a reader that may have thousands asks before it writes the next. */
export class Room {
  #left = MOST_NOTES;

  /** @returns {boolean} whether there is room for one more, which is then used */
  take() {
    this.#left -= 1;
    return this.#left >= 0;
  }
}
