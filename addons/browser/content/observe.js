/**
 * Sees a page change: what scripts write, where it moves without loading, which shadow trees it opens.
 *
 * A page that never rests is read at most for a twentieth of the time; what smells of a label is read at once, as long as
 * that has a use.
 */
"use strict";
(() => {
  const QUIET = 100; // ms without a change after which the page is read
  const LONGEST_UNREST = 500; // ms after which it is read although it changes
  const SHARE = 20; // the pause after a reading is so many times its length
  const MOST_HOLDS = 8; // in vain, one after another; then a page is read without being held
  const WATCHED = { childList: true, subtree: true, characterData: true, attributes: true };
  const AFTER_LOAD = [300, 1_000, 3_000]; // ms: what no observer tells (styles that come, trees that are attached)

  class Observer {
    #watched = new WeakSet();
    #observer = new MutationObserver((changes) => this.#changed(changes));
    #timer = null;
    #unrestFrom = null;
    #notBefore = 0;
    #address = location.href;
    #vain = 0;

    /**
     * @param {{hold: () => void, isHeld: boolean}} hold
     * @param {object} traces of traces.js
     * @param {{read: () => void, moved: () => void, repaired: () => void}} told `repaired`: covers may have been touched
     */
    constructor(hold, traces, told) {
      this.hold = hold;
      this.traces = traces;
      this.told = told;
    }

    begin() {
      this.#watch([document]); // it is read soon, and its shadow trees are known then
      const moved = () => this.#lookAtAddress();
      for (const name of ["popstate", "hashchange", "pageshow"]) addEventListener(name, moved);
      globalThis.navigation?.addEventListener("currententrychange", moved);
      addEventListener("load", () => AFTER_LOAD.forEach((wait) => setTimeout(() => this.#soon(), wait)), { once: true });
    }

    end() {
      this.#observer.disconnect();
      clearTimeout(this.#timer);
    }

    #watch(roots) {
      for (const root of roots) {
        if (!this.#watched.has(root)) {
          this.#watched.add(root);
          this.#observer.observe(root, WATCHED);
        }
      }
    }

    /**
     * A reading took so long and found something to do, or nothing.
     * @param {number} took ms @param {boolean} isVain @param {(Document | ShadowRoot)[]} roots the trees that were there
     */
    wasRead(took, isVain, roots) {
      this.#vain = isVain ? this.#vain + 1 : 0;
      this.#notBefore = performance.now() + took * SHARE;
      this.#watch(roots);
    }

    /** The address as it was looked at last. */
    moved() {
      this.#lookAtAddress();
    }

    #changed(changes) {
      this.told.repaired(changes);
      this.#lookAtAddress();
      if (!this.hold.isHeld && this.#vain < MOST_HOLDS && qorgan.maySpeakOfAge(changes, this.traces)) {
        this.hold.hold();
        this.#clear();
        this.told.read();
        return;
      }
      this.#soon();
    }

    #lookAtAddress() {
      if (location.href.split("#")[0] !== this.#address.split("#")[0]) {
        this.#address = location.href;
        this.#vain = 0;
        this.told.moved();
      }
    }

    #soon() {
      const now = performance.now();
      this.#unrestFrom ??= now;
      const at = Math.max(Math.min(now + QUIET, this.#unrestFrom + LONGEST_UNREST), this.#notBefore);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#clear();
        this.told.read();
      }, at - now);
    }

    #clear() {
      clearTimeout(this.#timer);
      this.#unrestFrom = null;
    }
  }

  globalThis.qorgan = { ...globalThis.qorgan, Observer };
})();
