/** Reads every case in a frame of its own and posts the readings: what tests/browser/label_cases.py asks for. */
import { compileData } from "/labels/data.js";
import { read } from "/labels/read.js";
import { elementAt, INTO } from "/labels/selector.js";

const AT_ONCE = 8; // frames
const LONGEST_LOAD = 60_000; // milliseconds
const SETTLED = 100; // milliseconds that a case's own scripts have

let traces;

/** A frame with the case, visible so that styles are computed; a costly page is only parsed, its layout takes seconds. */
async function shown(number, { costly }) {
  const frame = document.createElement("iframe");
  frame.hidden = costly;
  Object.assign(frame.style, { width: "1200px", height: "800px", position: "fixed", left: "-2000px", top: "0" });
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
    setTimeout(resolve, LONGEST_LOAD);
  });
  frame.src = `/case/${number}`;
  document.body.append(frame);
  await loaded;
  return frame;
}

/** Reads a page that needs no response of its own: it is written into a frame. */
async function readWritten(frame, known, data) {
  frame.contentDocument.open();
  frame.contentDocument.write(known.body);
  frame.contentDocument.close();
  return readDocument(frame.contentDocument, known, data);
}

async function readAllWritten(pages, data) {
  const frame = document.createElement("iframe");
  Object.assign(frame.style, { width: "1200px", height: "800px" });
  document.body.append(frame);
  const readings = [];
  for (const known of pages) readings.push(await readWritten(frame, known, data));
  frame.remove();
  return readings;
}

async function readCase(number, known, data) {
  const frame = await shown(number, known);
  if (known.lively) await new Promise((resolve) => setTimeout(resolve, SETTLED));
  let page = null;
  try {
    page = frame.contentDocument;
  } catch {
    // An error page of the browser: it shows no document.
  }
  const reading = await readDocument(page, known, data);
  frame.remove();
  return reading;
}

async function readDocument(page, { url, headers, kind }, data) {
  const known = { url, kind, headers: flat(headers) };
  const hasTraces = page === null || traces.mayTell(page, known);
  const reading = { ...(await read(page, known, data)), hasTraces };
  for (const label of reading.labels) {
    if (label.scope === "part") label.count = page === null ? 0 : countAt(page, label.place);
  }
  return reading;
}

function flat(headers) {
  return Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
}

/** How many elements a place leads to. */
function countAt(page, place) {
  const element = elementAt(page, place);
  if (element === null) return 0;
  if (place.includes(INTO)) return 1;
  const found = page.querySelectorAll(place);
  return found[0] === element ? found.length : -1;
}

/** What tests/browser/sentences.py says of a sentence. */
function said(sentence, { scales, signs }) {
  const mark = scales.find(sentence);
  return {
    signs: signs.read(sentence).map((sign) => [
      sign.mark, sign.min_age, sentence.slice(sign.start, sign.end), sign.fit, sign.language,
      sign.warning, sign.rhombus, sign.led, sign.inYears,
    ]),
    mark: mark === null ? null : [mark.scale, mark.mark, mark.min_age],
    title: signs.languageOfTitle(sentence),
    guard: signs.isGuarded(sentence),
    imprint: signs.isImprint(sentence),
    everyone: scales.meansEveryone(sentence),
  };
}

async function main() {
  const { data: json, traces: words, documents, spellings, pages, honest, sentences } = await (await fetch("/plan.json")).json();
  const data = compileData(json);
  traces = new globalThis.qorgan.Traces(words);
  const served = [...documents.keys()].filter((number) => documents[number].body === null);
  const readings = new Array(documents.length);
  const work = async () => {
    for (let number = served.shift(); number !== undefined; number = served.shift()) {
      readings[number] = await readCase(number, documents[number], data);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const written = [...documents.keys()].filter((number) => documents[number].body !== null);
  const found = await readAllWritten(written.map((number) => documents[number]), data);
  written.forEach((number, at) => {
    readings[number] = found[at];
  });
  const marks = spellings.map(({ text, scale, country }) => data.scales.find(text, { scale, country }));
  const ofPages = await readAllWritten(pages, data);
  const ofHonest = await readAllWritten(honest, data);
  return { readings, marks, pages: ofPages, honest: ofHonest, sentences: sentences.map((sentence) => said(sentence, data)) };
}

async function post(result) {
  await fetch("/result", { method: "POST", body: JSON.stringify(result) });
}

main().then(post, (fault) => post({ fault: `${fault}\n${fault.stack}` }));
