/**
 * What the school's or organisation's policy gives the add-on (managed_schema.json).
 *
 * Right after a start `storage.managed.get` may hang for seconds, and on Linux the first start after an installation by
 * policy knows nothing of it. So it is asked with a deadline, and what it last said is kept: silence and emptiness take
 * nothing away; only a change that the browser tells does.
 *
 * @typedef {object} Managed texts that are not empty; what the policy does not give is missing
 * @property {string} [gateway]
 * @property {string} [enrolment]
 * @property {string} [name]
 * @property {string} [language]
 */
const api = globalThis.browser ?? globalThis.chrome;

const LONGEST_WAIT = 800; // ms
const LONGEST = 500; // characters of a value
const KEYS = Object.freeze(["gateway", "enrolment", "name", "language"]);
const KEPT = "managed";

/** What the policy says, or last said; `{}` where there is none. Takes 800 ms at most and never throws. @returns {Promise<Managed>} */
export async function readManaged() {
  const waiting = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT, null));
  const told = taken(await Promise.race([askPolicy(), waiting]));
  if (Object.keys(told).length > 0) {
    await keepManaged(told);
    return told;
  }
  return taken((await api.storage.local.get({ [KEPT]: {} }))[KEPT]);
}

/**
 * Tells of each change of the policy. Call it when the script starts, so that a worker is woken up by it.
 * @param {(managed: Managed) => void} listener
 */
export function onManaged(listener) {
  api.storage.onChanged.addListener(async (changes, area) => {
    if (area !== "managed") return;
    const told = taken(await askPolicy());
    await keepManaged(told); // a policy that was taken away leaves nothing
    listener(told);
  });
}

async function askPolicy() {
  try {
    return await api.storage.managed.get(null);
  } catch {
    return null; // no policy: Firefox says so by an error
  }
}

function keepManaged(told) {
  return api.storage.local.set({ [KEPT]: told });
}

/** Of any value the texts that are known and not empty. @returns {Managed} */
function taken(value) {
  const found = Object.entries(value ?? {}).filter(
    ([key, text]) => KEYS.includes(key) && typeof text === "string" && text.trim() !== "" && text.length <= LONGEST,
  );
  return Object.fromEntries(found.map(([key, text]) => [key, text.trim()]));
}
