/** The six age categories of law 169-VI, Art. 9(3), and the step that an exact minimum age belongs to. */

const CATEGORIES = [["6-", 0], ["6+", 6], ["12+", 12], ["14+", 14], ["16+", 16], ["18+", 18]];

/**
 * The category whose age is `minAge`, or the next one up: a 12+ group holds twelve-year-olds, so 13 is not 12+.
 *
 * @param {number} minAge completed years
 * @returns {string}
 */
export function categoryOf(minAge) {
  return (CATEGORIES.find(([, age]) => minAge <= age) ?? CATEGORIES.at(-1))[0];
}
