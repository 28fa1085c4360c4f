/** The options page: how things stand, and connecting to a gateway. It shows what the background says, and no more. */
import { api, isFirefox } from "../background/browser.js";
import { ask } from "../background/messages.js";
import { offerLanguages } from "../setup/languages.js";
import { readManaged } from "../setup/managed.js";
import { foreign, make, rows } from "../setup/markup.js";
import { readPairingLink } from "../setup/pairing_link.js";
import { chooseWords } from "../setup/words.js";
import { gapsOf, stateOf } from "./state.js";

const EVERYWHERE = Object.freeze({ origins: ["<all_urls>"] });
const EXTENSIONS = `chrome://extensions/?id=${api.runtime.id}`;

/** @param {string} id */
const at = (id) => document.getElementById(id);

let status = null;
let managed = {};
let words = null;
let told = { pair: null, refresh: null }; // names of texts, so that they can be said again in another language
let found = null; // the pairing page that is open in a tab

async function begin() {
  [managed, found] = await Promise.all([readManaged(), findPairingPage()]);
  await look();
  if (found !== null && !status?.managed) {
    at("gateway").value = found.gateway;
    at("code").value = found.code;
    at("pair-again").open = true;
  }
  at("pair-form").addEventListener("submit", connect);
  at("gateway").addEventListener("input", split);
  at("refresh").addEventListener("click", refresh);
  api.storage.onChanged.addListener(look);
}

/** Asks the background how things stand, and shows it. */
async function look() {
  try {
    status = await ask({ kind: "status" });
  } catch {
    status = null;
  }
  write();
}

function write() {
  words = chooseWords(status?.language, managed.language);
  words.write(document);
  document.title = words.say("options_title");
  offerLanguages(at("languages"), words.language, write);
  writeState();
  writePairing();
  writeFacts();
  writeLimits();
}

function writeState() {
  const state = status === null ? "fault" : stateOf(status);
  at("state").className = state;
  at("state-title").textContent = words.say(`state_${state}`);
  const whom = status?.person ? `${words.say("fact_person")}: ${status.person}` : "";
  at("state-whom").textContent = whom;
  at("state-whom").hidden = whom === "";
  at("managed").hidden = !status?.managed;
  const gaps = status === null ? [{ text: "state_fault_why", mend: null }] : gapsOf(status, isFirefox);
  at("gaps").replaceChildren(...gaps.map(gapAsItem));
}

function gapAsItem({ text, mend }) {
  const expires = status?.bundle?.expires;
  const said = words.say(text, { when: expires ? words.moment(expires) : "" });
  if (mend === "sites") {
    return make("li", {}, said, make("br"), make("button", { type: "button", onclick: allowSites }, words.say("mend_sites")));
  }
  return make("li", {}, said, mend === null ? null : ` ${words.say(mend, { place: EXTENSIONS })}`);
}

/** A question of the browser's to the person, which it only asks while a button is pressed. */
async function allowSites() {
  await api.permissions.request(EVERYWHERE).catch(() => false);
  await look();
}

function writePairing() {
  const paired = status?.paired ?? false;
  const wasOpen = at("pair-again").classList.contains("open");
  at("pairing").hidden = status === null || status.managed;
  at("pair-title").textContent = words.say(paired ? "pair_again_title" : "pair_title");
  at("pair-how").textContent = words.say(paired ? "pair_again_how" : "pair_how");
  if (at("pair-again").classList.toggle("open", !paired) !== wasOpen) at("pair-again").open = !paired;
  at("pair-found").hidden = found === null;
  at("pair-found").textContent = found === null ? "" : words.say("pair_found", { gateway: found.gateway });
  at("undo").hidden = !paired || status.managed;
  at("pair-told").textContent = told.pair === null ? "" : words.say(told.pair);
  at("refresh-told").textContent = told.refresh === null ? "" : words.say(told.refresh);
}

function writeFacts() {
  at("facts-section").hidden = !status?.paired;
  if (!status?.paired) return;
  const { bundle, seen } = status;
  const heard = seen === null ? "" : ` (${words.say("contact_seen", { when: words.moment(seen) })})`;
  const facts = [
    ["fact_person", status.person],
    ["fact_device", status.device],
    ["fact_gateway", foreign(status.gateway)],
    ["fact_contact", words.say(`contact_${status.contact}`) + heard],
    ["fact_issued", bundle && words.moment(bundle.issued)],
    ["fact_expires", bundle && words.moment(bundle.expires)],
    ["fact_revision", bundle && foreign(bundle.revision)],
    ["fact_thumbprint", status.thumbprint && foreign(status.thumbprint)],
    ["fact_private", words.say(status.incognito ? "private_on" : "private_off")],
    ["fact_sites", words.say(status.everywhere ? "sites_on" : "sites_off")],
    ["fact_hold", words.say(`hold_${status.hold}`)],
    ["fact_queued", status.queued > 0 ? String(status.queued) : null],
    ["fact_version", api.runtime.getManifest().version],
  ];
  at("facts").replaceChildren(...rows(facts.map(([name, value]) => [words.say(name), value])));
}

function writeLimits() {
  const limits = [status?.managed ? "limit_admin" : "limit_removable", "limit_others", "limit_labels", "limit_away"];
  at("limits").replaceChildren(...limits.map((limit) => make("li", {}, words.say(limit))));
}

/** A whole link in the field for the address fills both fields. */
function split() {
  const link = readPairingLink(at("gateway").value);
  if (link !== null) {
    at("gateway").value = link.gateway;
    if (link.code !== "") at("code").value = link.code;
  }
}

async function connect(event) {
  event.preventDefault();
  const button = event.submitter ?? at("pair-form").querySelector("button");
  button.disabled = true;
  tell("pair", "pair_busy");
  try {
    status = await ask({ kind: "pair", gateway: at("gateway").value.trim(), code: at("code").value.trim() });
    at("pair-form").reset();
    found = null;
    told.pair = "pair_done";
    write();
  } catch (fault) {
    tell("pair", faultText(fault));
  } finally {
    button.disabled = false;
  }
}

async function refresh() {
  at("refresh").disabled = true;
  tell("refresh", "pair_busy");
  try {
    status = await ask({ kind: "refresh" });
    told.refresh = "refreshed";
    write();
  } catch (fault) {
    tell("refresh", faultText(fault));
  } finally {
    at("refresh").disabled = false;
  }
}

function tell(place, text) {
  told[place] = text;
  at(`${place}-told`).textContent = words.say(text);
}

function faultText(fault) {
  const text = `fault_${String(fault.code ?? "fault").replaceAll("-", "_")}`;
  return words.has(text) ? text : "fault_fault";
}

/** A page for pairing that somebody opened in this browser, by its QR code for instance. */
async function findPairingPage() {
  const tabs = await api.tabs.query({});
  return tabs.map((tab) => readPairingLink(tab.url ?? "")).find((link) => link !== null && link.code !== "") ?? null;
}

begin();
