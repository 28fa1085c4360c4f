/**
 * Where a rule of the browser sends what is not known yet: asks the background, and goes on or to the block page. Every
 * first visit of a host waits for it, so it is no module and stands before the style sheet.
 */
"use strict";
(async () => {
  const url = location.hash.slice(1);
  const labels = location.search === "?labelled" ? "header" : undefined;

  location.replace((await isOpen()) ? url : `block.html#${url}`);

  async function isOpen() {
    try {
      return (await globalThis.qorgan.ask({ kind: "check", url, labels })).open;
    } catch (fault) {
      console.warn(fault);
      return false;
    }
  }
})();
