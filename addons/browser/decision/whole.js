/** The verdict on a page out of which nothing can be taken. gateway/decision/whole.py */
import { decide } from "./decide.js";

/**
 * As `decide`, but never "mask". It never throws.
 * @param {import("./question.js").Question} question
 * @param {object | null} bundle
 * @returns {import("./verdict.js").Verdict}
 */
export function decideWhole(question, bundle) {
  const verdict = decide(question, bundle);
  if (verdict.action !== "mask") {
    return verdict;
  }
  const host = question.host ? { ...question.host, reading: uncut(question.host.reading) } : question.host;
  const again = decide({ ...question, host, reading: uncut(question.reading) }, bundle);
  // A rule of the house wants something taken out.
  return again.action === "mask" ? { ...again, action: "block", effect: "block" } : again;
}

/** Art. 15(3): a page whose parts cannot be taken out takes the oldest part's category. */
function uncut(reading) {
  return reading ? { ...reading, labels: reading.labels.map((label) => ({ ...label, part: null })) } : null;
}
