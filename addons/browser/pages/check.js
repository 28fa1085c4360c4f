/** Where a rule of the browser sends what is not known yet: asks the background, and goes on or to the block page. */
import { pageFor } from "../background/browser.js";
import { ask } from "../background/messages.js";

const url = location.hash.slice(1);
const labels = location.search === "?labelled" ? "header" : undefined;

location.replace((await isOpen()) ? url : pageFor("block", url));

async function isOpen() {
  try {
    return (await ask({ kind: "check", url, labels })).open;
  } catch (fault) {
    console.warn(fault);
    return false;
  }
}
