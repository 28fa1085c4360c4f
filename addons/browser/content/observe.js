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
  const LAST = AFTER_LOAD.at(-1);

  class Observer {
    #watched = new WeakSet();
    #observer = new MutationObserver((changes) => this.#changed(changes));
    #timer = null;
    #unrestFrom = null;
    #notBefore = 0;
    #address = location.href;
    #vain = 0;
    #hasTold = false; // something since the last reading smells of a label
    #hasChanged = true; // since the last look
    #isOver = false; // the next look is the last one after the load, or comes later
    #looksAfterLoad = [];
    #moved = () => this.#lookAtAddress();
    #loaded = () => {
      this.#looksAfterLoad = AFTER_LOAD.map((wait) => setTimeout(() => this.#lookAgain(wait), wait));
    };

    /**
     * @param {{hold: () => void, isHeld: boolean, unseen: (write: () => void) => void}} hold
     * @param {object} traces of traces.js
     * @param {{read: () => void, isReading: () => boolean, moved: () => void, repaired: () => void}} told `read` once more,
     *   when a reading is under way; `repaired`: covers may have been touched
     */
    constructor(hold, traces, told) {
      this.hold = hold;
      this.traces = traces;
      this.told = told;
    }

    /** Also once more, after an end. */
    begin() {
      this.#isOver = false;
      this.watch([document]); // it is read soon, and its shadow trees are known then
      this.hold.unseen = (write) => this.#overlook(write);
      for (const name of ["popstate", "hashchange", "pageshow"]) addEventListener(name, this.#moved);
      globalThis.navigation?.addEventListener("currententrychange", this.#moved);
      if (document.readyState === "complete") this.#loaded();
      else addEventListener("load", this.#loaded, { once: true });
    }

    /** Nobody reads the page any more; where it moves is still told. */
    end() {
      this.#observer.disconnect();
      this.#watched = new WeakSet();
      this.#clear();
      removeEventListener("load", this.#loaded);
      this.#looksAfterLoad.forEach((each) => clearTimeout(each));
    }

    /** @param {(Document | ShadowRoot)[]} roots the trees that are looked at now */
    watch(roots) {
      for (const root of roots) {
        if (!this.#watched.has(root)) {
          this.#watched.add(root);
          this.#observer.observe(root, WATCHED);
        }
      }
    }

    /**
     * A look begins, which sees whatever changed before.
     * @returns {{hasChanged: boolean, isOver: boolean}} whether anything that an observer sees has changed since the last
     *   one; whether none follows of those after the load
     */
    takeChanges() {
      const changes = this.#observer.takeRecords();
      if (changes.length > 0) {
        this.#note(changes);
        if (!this.hold.isHeld && this.#isTelling(changes)) this.#holdAgain();
      }
      this.#clear();
      const hasChanged = this.#hasChanged;
      this.#hasChanged = false;
      return { hasChanged, isOver: this.#isOver };
    }

    /** A reading took so long and found something to do, or nothing. @param {number} took ms @param {boolean} isVain */
    wasRead(took, isVain) {
      if (!isVain) this.#vain = 0;
      else if (this.#hasTold) this.#vain += 1;
      this.#hasTold = false;
      this.#notBefore = performance.now() + took * SHARE;
    }

    /** The address as it was looked at last. */
    moved() {
      this.#lookAtAddress();
    }

    /** What the hold writes is no change of the page; what the page changed just before is. */
    #overlook(write) {
      const changes = this.#observer.takeRecords();
      write();
      this.#observer.takeRecords();
      if (changes.length > 0) queueMicrotask(() => this.#changed(changes));
    }

    #changed(changes) {
      this.#note(changes);
      // Of a page that is held and waits for its reading all is read anyway; a reading that is under way may have missed it.
      if ((!this.hold.isHeld || this.told.isReading()) && this.#isTelling(changes)) {
        this.#holdAgain();
        this.#clear();
        this.told.read();
        return;
      }
      this.#soon();
    }

    #holdAgain() {
      this.#hasTold = true;
      this.hold.hold();
    }

    #note(changes) {
      this.#hasChanged = true;
      this.told.repaired(changes);
      this.#lookAtAddress();
    }

    #isTelling(changes) {
      return this.#vain < MOST_HOLDS && qorgan.maySpeakOfAge(changes, this.traces);
    }

    #lookAtAddress() {
      if (location.href.split("#")[0] !== this.#address.split("#")[0]) {
        this.#address = location.href;
        this.#vain = 0;
        this.told.moved();
      }
    }

    /** At once where the page rests: one more timer costs as much as the look itself. */
    #lookAgain(wait) {
      this.#isOver ||= wait === LAST;
      if (this.#timer === null && performance.now() >= this.#notBefore) this.told.read();
      else this.#soon();
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
      this.#timer = this.#unrestFrom = null;
    }
  }

  globalThis.qorgan = { ...globalThis.qorgan, Observer };
})();
