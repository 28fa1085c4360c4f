/** Reads every case in a frame of its own and posts the readings: what tests/browser/label_cases.py asks for. */
import { compileData } from "/labels/data.js";
import { read } from "/labels/read.js";
import { elementAt, INTO } from "/labels/selector.js";

const AT_ONCE = 8; // frames
const LONGEST_LOAD = 60_000; // milliseconds
const SETTLED = 100; // milliseconds that a case's own scripts have

/** A frame with the case, visible so that styles are computed. */
async function shown(number) {
  const frame = document.createElement("iframe");
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

async function readCase(number, known, data) {
  const frame = await shown(number);
  if (known.lively) await new Promise((resolve) => setTimeout(resolve, SETTLED));
  let page = null;
  try {
    page = frame.contentDocument;
  } catch {
    // An error page of the browser: it shows no document.
  }
  const reading = await read(page, { ...known, headers: flat(known.headers) }, data);
  for (const label of reading.labels) {
    if (label.scope === "part") label.count = page === null ? 0 : countAt(page, label.place);
  }
  frame.remove();
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
  const { data: json, documents, spellings, sentences } = await (await fetch("/plan.json")).json();
  const data = compileData(json);
  const readings = new Array(documents.length);
  let next = 0;
  const work = async () => {
    for (let number = next++; number < documents.length; number = next++) {
      readings[number] = await readCase(number, documents[number], data);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const marks = spellings.map(({ text, scale, country }) => data.scales.find(text, { scale, country }));
  return { readings, marks, sentences: sentences.map((sentence) => said(sentence, data)) };
}

async function post(result) {
  await fetch("/result", { method: "POST", body: JSON.stringify(result) });
}

main().then(post, (fault) => post({ fault: `${fault}\n${fault.stack}` }));
