/** Questions to the background that a page must not wait for without end: a page that says nothing says that all is well. */
import { Failed, ask } from "../background/messages.js";

const LONGEST_WAIT = 5_000; // ms; a worker that has to start needs less

/** As `ask` of background/messages.js; throws `Failed` with the code fault when nobody answers. @param {{kind: string}} message */
export function askSoon(message) {
  const late = new Promise((_, reject) => setTimeout(reject, LONGEST_WAIT, new Failed("fault", "The background did not answer.")));
  return Promise.race([ask(message), late]);
}
