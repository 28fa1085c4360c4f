/** Answers for texts that a document repeats: a catalogue states the same few ages for thousands of items. */

const MOST_DIFFERENT = 500;

/** More different texts than any document needs. */
export class TooManyDifferent extends Error {}

/** @template Answer */
export class Repeats {
  #ask;
  #known = new Map();

  /** @param {(...texts: string[]) => Answer} ask is asked once for each combination of texts */
  constructor(ask) {
    this.#ask = ask;
  }

  /** @param {...string} texts @returns {Answer} */
  answer(...texts) {
    const key = texts.join("\u0000");
    if (this.#known.has(key)) return this.#known.get(key);
    if (this.#known.size >= MOST_DIFFERENT) {
      throw new TooManyDifferent(`there are more than ${MOST_DIFFERENT} different ratings`);
    }
    const answer = this.#ask(...texts);
    this.#known.set(key, answer);
    return answer;
  }
}
