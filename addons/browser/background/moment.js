/** The moment that is judged by: it never goes back, or a clock that is set back would evade hours. */
import { keep, kept } from "./state.js";

const STEP = 60_000; // so often the latest moment is written down
const AHEAD = 24 * 3_600_000; // a clock that once was a year ahead must not close everything for a year

/** Milliseconds since 1970. */
export async function now() {
  const { moment } = await kept();
  const clock = Date.now();
  if (clock > moment + STEP) {
    keep({ moment: clock });
  }
  return Math.max(clock, moment);
}

/**
 * A bundle that was signed just now tells the time better than a clock that stood far ahead once.
 * @param {number} issued milliseconds since 1970
 */
export async function setBy(issued) {
  const { moment } = await kept();
  if (moment > issued + AHEAD) {
    await keep({ moment: Math.max(issued, Math.min(Date.now(), issued + AHEAD)) });
  }
}
