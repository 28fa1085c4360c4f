/**
 * The first thing in every document, before anything of it is parsed: nothing is painted until the page was judged.
 * The readers are loaded as modules, which a content script itself cannot be, and only where there is something to read.
 */
"use strict";
(() => {
  const api = globalThis.browser ?? globalThis.chrome;
  const { ask } = globalThis.qorgan;
  // No property that is inherited: for those the style of every element would be worked out anew, twice.
  const HIDDEN = {
    opacity: "0",
    // A body's background is the canvas's as long as the root has none; the canvas is painted whatever the root's opacity is.
    "background-color": "Canvas",
    "background-image": "none",
    // The longhands that do it: of the shorthands the browser would write seventeen, at each hold.
    "transition-property": "none",
    "animation-name": "none",
  };
  const HIDDEN_TEXT = Object.entries(HIDDEN).map(([name, value]) => `${name}: ${value} !important`).join("; ");
  const LONGEST_IDLE = 1_000; // ms after which a page that works all the time is read all the same

  /** Holds the document: it is laid out, so that its scripts measure what they expect, and nothing of it is painted. */
  class Hold {
    #before = null;
    #unrendered = null; // what keeps a document that is still parsed from being rendered
    #observer = new MutationObserver(() => this.unseen(() => this.#hide()));

    /** Who watches the document (observe.js) puts here how to write without being told. @param {() => void} write */
    unseen = (write) => write();

    get isHeld() {
      return this.#before !== null;
    }

    hold() {
      if (this.isHeld) return;
      this.#before = new Map();
      this.unseen(() => {
        this.#hide();
        this.#stopRendering();
      });
    }

    lift() {
      if (!this.isHeld) return;
      this.#observer.disconnect();
      this.#render();
      // What the page wrote itself could not be looked at while it was hidden: that it is there again is a change.
      const isPages = [...this.#before.values()].some((values) => Object.values(values).some(([value]) => value !== ""));
      if (isPages) this.#giveBack();
      else this.unseen(() => this.#giveBack());
      this.#before = null;
    }

    #giveBack() {
      for (const [root, values] of this.#before) {
        for (const [name, [value, priority]] of Object.entries(values)) {
          if (value) root.style.setProperty(name, value, priority);
          else root.style.removeProperty(name);
        }
        if (root.getAttribute("style") === "") root.removeAttribute("style");
      }
    }

    /**
     * To lay out frames that nobody sees, of a document that grows, is the dearest part of holding it. Chromium renders none
     * while it waits for an element that another one names, at the longest until the document was parsed; what scripts
     * measure is laid out for them all the same. Other browsers do not know it: they render what they hide.
     */
    #stopRendering() {
      const root = document.documentElement;
      if (document.body !== null || !(root instanceof HTMLHtmlElement) || !("blocking" in HTMLLinkElement.prototype)) return;
      const link = document.createElement("link");
      Object.assign(link, { rel: "expect", blocking: "render", href: "#qorgan-shows-it" });
      root.append(link);
      this.#unrendered = link;
      document.addEventListener("DOMContentLoaded", this.#render, { once: true });
    }

    #render = () => {
      if (this.#unrendered === null) return;
      document.removeEventListener("DOMContentLoaded", this.#render);
      this.unseen(() => this.#unrendered.remove());
      this.#unrendered = null;
    };

    /** A page may replace its root or write its style anew: before it is painted, this runs. */
    #hide() {
      const root = document.documentElement;
      if (!root?.style || this.#before === null) return;
      this.#observer.disconnect();
      const values = this.#before.get(root) ?? {};
      if (root.style.length === 0) {
        // Most roots have no style, and one writing is faster than five.
        root.style.cssText = HIDDEN_TEXT;
        for (const name of Object.keys(HIDDEN)) values[name] = ["", ""];
      } else {
        this.#hideBeside(root.style, values);
      }
      this.#before.set(root, values);
      this.#observer.observe(document, { childList: true });
      this.#observer.observe(root, { attributes: true, attributeFilter: ["style"] });
    }

    /** Hides where the page has written a style of its own. */
    #hideBeside(style, values) {
      for (const [name, value] of Object.entries(HIDDEN)) {
        const [now, priority] = [style.getPropertyValue(name), style.getPropertyPriority(name)];
        if (now.toLowerCase() === value.toLowerCase() && priority === "important") continue;
        values[name] = [now, priority];
        style.setProperty(name, value, "important");
      }
    }
  }

  const began = performance.now();
  const hold = new Hold();
  hold.hold();
  const url = location.href;
  const started = ask({ kind: "start", url });
  started.catch(() => {}); // whoever awaits it is told
  // Until the page takes its messages itself, a word that all is to be judged again only makes that answer an old one.
  const news = { isOld: false, receive: (kind) => (news.isOld ||= kind === "again") };
  api.runtime.onMessage.addListener(({ kind }, { id }) => {
    if (id === api.runtime.id && (kind === "again" || kind === "moved")) news.receive(kind);
  });
  // A page that comes back as it was left was told nothing meanwhile.
  addEventListener("pageshow", ({ persisted }) => persisted && news.receive("again"));

  worthReading()
    .then(() => globalThis.qorgan.run({ hold, ask, started, began, url, news }))
    .catch((fault) => console.error("Qorgan:", fault)); // and the document stays held

  /**
   * What is read is read at once where the document waits for it; what is known is shown, and read when its own work is
   * done; what nobody reads is let go, until other rules hold.
   */
  async function worthReading() {
    await written();
    const told = await started.then(({ state }) => state, () => "read");
    if (told === "free" || told === "known") hold.lift();
    if (told === "known") await idle();
    if (told === "free") await otherRules();
  }

  function otherRules() {
    return new Promise((resolve) => {
      const { receive } = news;
      news.receive = (kind) => {
        receive(kind);
        if (news.isOld) resolve();
      };
      if (news.isOld) resolve();
    });
  }

  function idle() {
    return new Promise((resolve) => {
      const soon = () => requestIdleCallback(resolve, { timeout: LONGEST_IDLE });
      if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", soon, { once: true });
      else soon();
    });
  }

  /** Frames that are empty stand in many pages: nothing is loaded for them until somebody writes into them. */
  async function written() {
    if (location.href !== "about:blank") return;
    while (!document.body?.hasChildNodes()) {
      await new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          resolve();
        });
        observer.observe(document, { childList: true, subtree: true });
      });
    }
  }
})();
