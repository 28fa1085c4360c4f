/**
 * Answers lines of JSON with the add-on's decision, one line for each that asks. A line with a `bundle` is kept, under
 * its `name`, for the questions to come; a line with a `question`, an `address` or `bytes` is answered.
 */
import { createInterface } from "node:readline";
import { canonical } from "../../../addons/browser/decision/address.js";
import { decide } from "../../../addons/browser/decision/decide.js";
import { verifyBundle } from "../../../addons/browser/decision/verify.js";
import { decideWhole } from "../../../addons/browser/decision/whole.js";

const bundles = new Map();

for await (const text of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const line = JSON.parse(text);
  if ("bundle" in line) {
    bundles.set(line.name, line.bundle);
  } else {
    console.log(JSON.stringify(await answerOf(line)));
  }
}

async function answerOf(line) {
  if ("address" in line) {
    return addressOf(line);
  }
  if ("bytes" in line) {
    return verifyBundle(Buffer.from(line.bytes, "base64"), Buffer.from(line.signature, "base64"), line.key);
  }
  const bundle = bundles.get(line.by);
  return { verdict: decide(line.question, bundle), whole: decideWhole(line.question, bundle) };
}

function addressOf({ address, base }) {
  try {
    return { gives: canonical(address, base ? canonical(base) : null) };
  } catch (fault) {
    return { refused: fault.name };
  }
}
