/** Times readings of pages and posts the figures: what tests/bench/bench_addon.py asks for. */
import { compileData } from "/labels/data.js";
import { reading } from "/labels/read.js";

const TIMES = 25; // readings of each page
const SLICE = 8; // milliseconds, as in read.js
const KNOWN = { url: "https://bench.test/page" };

async function shown(number) {
  const frame = document.createElement("iframe");
  Object.assign(frame.style, { width: "1200px", height: "800px" });
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
  });
  frame.src = `/page/${number}`;
  document.body.append(frame);
  await loaded;
  frame.contentDocument.body.getBoundingClientRect(); // the layout is the page's own cost
  return frame;
}

/** One reading: its time, and the longest slice if it gave the thread back after each SLICE. */
function time(page, data) {
  const began = performance.now();
  const steps = reading(page, KNOWN, data);
  let slice = 0;
  let from = began;
  for (;;) {
    const step = steps.next();
    const now = performance.now();
    if (step.done) return { whole: now - began, slice: Math.max(slice, now - from), said: step.value };
    if (now - from >= SLICE) {
      slice = Math.max(slice, now - from);
      from = now;
    }
  }
}

/** One look for traces. */
function timeLook(page, traces) {
  const began = performance.now();
  traces.mayTell(page, KNOWN);
  return performance.now() - began;
}

function median(numbers) {
  return numbers.sort((one, other) => one - other)[numbers.length >> 1];
}

async function main() {
  const { data: json, traces: words, pages } = await (await fetch("/plan.json")).json();
  const text = JSON.stringify(json);
  const began = performance.now();
  const data = compileData(JSON.parse(text));
  const compiling = performance.now() - began;
  const traces = new globalThis.qorgan.Traces(words);
  const found = [];
  for (let number = 0; number < pages; number += 1) {
    const frame = await shown(number);
    const firstLook = timeLook(frame.contentDocument, traces);
    const look = median(Array.from({ length: TIMES }, () => timeLook(frame.contentDocument, traces)));
    const cold = time(frame.contentDocument, data);
    const warm = Array.from({ length: TIMES }, () => time(frame.contentDocument, data));
    const { status, category } = cold.said;
    const slice = median(warm.map((each) => each.slice));
    found.push({ firstLook, look, cold: cold.whole, whole: median(warm.map((each) => each.whole)), slice, status, category });
    frame.remove();
  }
  return { compiling, pages: found };
}

async function post(result) {
  await fetch("/result", { method: "POST", body: JSON.stringify(result) });
}

main().then(post, (fault) => post({ fault: `${fault}\n${fault.stack}` }));
