/**
 * Answers lines of JSON with the add-on's decision, one line for each that asks. The first key says what a line is:
 * `bundle` (its name, and the `value`) is kept; `question` (under the bundle `by`) and `address` are answered.
 */
import { createInterface } from "node:readline";
import { canonical } from "../../addons/browser/decision/address.js";
import { decide } from "../../addons/browser/decision/decide.js";
import { decideWhole } from "../../addons/browser/decision/whole.js";

const bundles = new Map([[null, null]]);

for await (const text of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const line = JSON.parse(text);
  if ("bundle" in line) {
    bundles.set(line.bundle, line.value);
  } else {
    console.log(JSON.stringify("address" in line ? addressOf(line) : answerOf(line)));
  }
}

function answerOf({ question, by }) {
  const bundle = bundles.get(by);
  return { verdict: decide(question, bundle), whole: decideWhole(question, bundle) };
}

function addressOf({ address, base }) {
  try {
    return { gives: canonical(address, base ? canonical(base) : null) };
  } catch (fault) {
    return { refused: fault.name };
  }
}
