/** Questions to the background, of content scripts and of the check page: no module, because those take longer to load. */
"use strict";
(() => {
  const api = globalThis.browser ?? globalThis.chrome;
  const FIRST_WAIT = 50; // ms before a worker that did not answer is asked again, twice as long each time
  const MOST_TRIES = 6;
  const LONGEST_WAIT = 4_000; // ms: the background itself waits less for the gateway

  /** The background's answer; a worker that just started may not listen yet. */
  async function ask(message) {
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await inTime(api.runtime.sendMessage(message));
        if (answer !== undefined && !answer.fault) return answer;
        if (tries === MOST_TRIES) throw new Error(answer?.fault?.detail ?? "no answer");
      } catch (fault) {
        // A page that is older than the add-on has nobody to ask any more.
        if (tries === MOST_TRIES || !api.runtime?.id) throw fault;
      }
      await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT * 2 ** tries));
    }
  }

  /** What is asked, or undefined when it takes too long. A timer that nobody stops would still wake the page. */
  function inTime(asked) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, LONGEST_WAIT);
      asked.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  globalThis.qorgan = { ...globalThis.qorgan, ask };
})();
