/**
 * A document from its beginning to its end: held, judged, shown; read again when it changes, moves or time passes.
 *
 * The document is shown when it was read as a whole. One that takes long to come is shown after FIRST_LOOK as far as it is
 * read by then; what comes later is held again before it is painted if it smells of a label (suspicion.js). Most documents
 * have no trace of a label: for those the readers, which cost more than all the rest, are not even loaded.
 *
 * To the background: `{kind: "start", url}` → `{state: "closed" | "free" | "known" | "read", headers, kind, silence, url}`, and
 * `{kind: "judge", url, reading, isWhole}` → `{action: "allow" | "mask" | "block", url, parts, words, language}`.
 * `silence` is what would be said of a page without a label: "open" (it is shown, and judged meanwhile), "noted" (so it was
 * before, and nobody need be told again), or null (it waits to be judged).
 */
"use strict";
(() => {
  const api = globalThis.browser ?? globalThis.chrome;
  const { Observer, Traces, hasNewRoot, rootsOf, TRACES } = globalThis.qorgan;

  const FIRST_LOOK = 150; // ms after the document began
  const TICK = 25;
  const MOST_READINGS = 8; // one after another, because it changes meanwhile; then a page is shown as it was read last
  const FORESEEN = 3_000; // ms for which holds what was said of a page before it was read
  const OPEN = Object.freeze({ action: "allow" });
  const SILENT = Object.freeze({ status: "unlabelled", labels: [], flags: [] });

  /**
   * @param {{hold: object, ask: (message: object) => Promise<any>, started: Promise<any>, began: number, url: string,
   *   news: {isOld: boolean, receive: (kind: string) => void}}} given
   */
  async function run({ hold, ask, started, began, url, news }) {
    const page = new Page(hold, ask);
    news.receive = (kind) => page.receive(kind);
    // It may have moved while its own work was done: then what was said is about another address.
    const isOld = news.isOld || location.href.split("#")[0] !== url.split("#")[0];
    await page.begin(isOld ? ask({ kind: "start", url: location.href }) : started, began);
  }

  class Page {
    #hold;
    #ask;
    #known = { headers: [], kind: null };
    #readers = null;
    #covers = null; // until there is something to cover
    #traces = new Traces(TRACES);
    #observer;
    #isWatched = false;
    #reading = 0; // which one after another it is; 0: none
    #isWanted = false;
    #judged = null; // what the last reading said, and the answer to it
    #silence = null; // what was said of a page without a label, before it was read
    #silent = null; // of what the last look found no trace: address, what was known, trees, and the elements that may get one

    constructor(hold, ask) {
      this.#hold = hold;
      this.#ask = ask;
      this.#observer = new Observer(hold, this.#traces, {
        read: () => this.#read(),
        isReading: () => this.#reading > 0,
        moved: () => this.#move(),
        repaired: (changes) => this.#covers?.repair(changes),
      });
    }

    async begin(started, began) {
      if (!(await this.#enter(started, began))) return;
      await this.#worthReading(began);
      await this.#read();
      if (document.readyState === "loading") {
        document.addEventListener("DOMContentLoaded", () => this.#read(), { once: true });
      }
    }

    /** From the background: an hour ended or began, another policy holds, the address changed. */
    receive(kind) {
      if (kind === "moved") this.#observer.moved();
      else this.#start();
    }

    /** Takes the answer to `start`, which was asked then. @returns {Promise<boolean>} whether the page is to be read */
    async #enter(asked, then = performance.now()) {
      let told;
      try {
        told = await asked;
      } catch (fault) {
        this.#fail(fault);
        return false;
      }
      if (told.state === "closed") {
        close(this.#hold, told.url);
        return false;
      }
      if (told.state === "free") {
        this.#rest();
        this.#covers?.lift();
        this.#hold.lift();
        return false;
      }
      this.#known = { headers: told.headers, kind: told.kind };
      this.#silence = { said: told.silence, until: then + FORESEEN };
      if (!this.#isWatched) this.#observer.begin();
      this.#isWatched = true;
      if (told.state === "known") this.#hold.lift();
      return true;
    }

    async #start() {
      this.#judged = null;
      if (await this.#enter(this.#ask({ kind: "start", url: location.href }))) await this.#read();
    }

    #move() {
      this.#hold.hold();
      this.#known = { headers: [], kind: this.#known.kind };
      this.#start();
    }

    /** The whole document, or as much of it as came in a first moment. */
    async #worthReading(began) {
      const isSome = () => document.readyState !== "loading" ||
        (performance.now() - began > FIRST_LOOK && /\S/.test(document.body?.textContent ?? ""));
      while (!isSome()) {
        await new Promise((resolve) => {
          document.addEventListener("DOMContentLoaded", resolve, { once: true });
          setTimeout(resolve, TICK);
        });
      }
    }

    /** Reads the page and does what holds for it; once more when it changed meanwhile. */
    async #read() {
      this.#isWanted = true;
      if (this.#reading > 0) return;
      try {
        while (this.#isWanted) {
          this.#isWanted = false;
          this.#reading += 1;
          await this.#readOnce();
        }
      } catch (fault) {
        this.#fail(fault);
      } finally {
        this.#reading = 0;
      }
    }

    async #readOnce() {
      const url = location.href;
      const { reading, took } = await this.#look(url);
      const said = JSON.stringify([url, reading.status, reading.labels, reading.flags]);
      const isNew = said !== this.#judged?.said;
      if (isNew) this.#judged = { said, answer: await this.#judgeSoon(url, reading) };
      this.#observer.wasRead(took, !isNew);
      if (location.href !== url) {
        this.#isWanted = true;
        return;
      }
      this.#apply(this.#judged.answer);
    }

    /** What the page says of itself, with the milliseconds that it took to find out. */
    async #look(url) {
      let began = performance.now();
      let reading = SILENT;
      if (this.#mayTell(url)) {
        this.#readers ??= await loadReaders();
        began = performance.now();
        reading = await this.#readers(document, { url, ...this.#known });
      }
      return { reading, took: performance.now() - began };
    }

    /** Where nothing changed since a look that found nothing, only what no observer sees is looked at. */
    #mayTell(url) {
      const [last, known] = [this.#silent, this.#known];
      const { hasChanged, isOver } = this.#observer.takeChanges();
      const isStill = !hasChanged && last?.url === url && last.known === known && !hasNewRoot(last.bare);
      const bare = isStill ? last.bare : [];
      const roots = isStill ? last.roots : rootsOf(document, bare);
      this.#observer.watch(roots);
      const look = isStill ? "mayTellUnseen" : "mayTell";
      const may = this.#traces[look](document, { url, ...known }, roots);
      this.#silent = may || isOver ? null : { url, known, roots, bare };
      return may;
    }

    /** Where it was foreseen that a page without a label is open, nobody waits. */
    #judgeSoon(url, reading) {
      const { said, until } = this.#silence ?? {};
      this.#silence = null;
      const isForeseen = said && reading === SILENT && performance.now() < until && location.href === url;
      if (isForeseen) this.#apply(OPEN);
      return isForeseen && said === "noted" ? OPEN : this.#judge(url, reading);
    }

    async #judge(url, { status, labels, flags }) {
      const question = { kind: "judge", url, reading: { status, labels, flags } };
      const answer = await this.#ask(question);
      if (answer.action !== "mask") return answer;
      this.#covers ??= await loadCovers();
      const isWhole = !this.#covers.canCover(answer.parts);
      return isWhole ? this.#ask({ ...question, isWhole }) : answer;
    }

    #apply(answer) {
      if (answer.action === "block" || (answer.action === "mask" && !this.#covers.cover(answer))) {
        close(this.#hold, answer.url);
        return;
      }
      if (answer.action === "allow") this.#covers?.lift();
      if (!this.#isWanted || this.#reading >= MOST_READINGS) this.#hold.lift();
    }

    /** What cannot be judged is not shown. What was shown when the add-on was replaced by a newer one stays until it moves. */
    #fail(fault) {
      console.error("Qorgan:", fault);
      if (!this.#hold.isHeld) this.#rest();
      else if (api.runtime?.id) close(this.#hold);
      else location.reload(); // and the newer one judges it
    }

    /** Nobody reads the page until it is to be judged again. */
    #rest() {
      this.#observer.end();
      this.#isWatched = false;
    }
  }

  async function loadReaders() {
    const [{ compileData }, { read }, file] = await Promise.all([
      import(api.runtime.getURL("labels/data.js")),
      import(api.runtime.getURL("labels/read.js")),
      fetch(api.runtime.getURL("labels.json")),
    ]);
    const data = compileData(await file.json());
    return (page, known) => read(page, known, data);
  }

  /** A page that must not be shown. It is held, and stays so if this fails. */
  async function close(hold, url) {
    hold.hold();
    const { close: closeNow } = await import(api.runtime.getURL("content/close.js"));
    closeNow(hold, url);
  }

  async function loadCovers() {
    const { Covers } = await import(api.runtime.getURL("content/cover.js"));
    return new Covers();
  }

  globalThis.qorgan = { ...globalThis.qorgan, run };
})();
