/** Patterns that are compiled when something may fit them: most pages have nothing that does. */

/**
 * @param {() => string} source
 * @param {string} flags
 * @returns {() => RegExp} the pattern, compiled at the first call
 */
export function pattern(source, flags) {
  let compiled = null;
  return () => (compiled ??= new RegExp(source(), flags));
}
