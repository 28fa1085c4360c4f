/** Minutes that this device counts: those of the page in front, for the quotas that it is part of. */
import { prepared, profileAt } from "../decision/bundle.js";
import { hostRecord } from "../decision/hosts.js";
import { DAY, MINUTE, wallAt } from "../decision/local_time.js";
import { isAbout } from "../decision/pages.js";
import { api, hostOf } from "./browser.js";
import { keep, kept } from "./state.js";

/** Whether time can close anything: then each minute matters. */
export function hasHours(bundle) {
  return [bundle.child, bundle.adult].some((limits) => limits !== null && limits.layers.length + limits.quotas.length > 0);
}

/** Counts one minute of the page in front. @param {object} bundle @param {number} moment */
export async function countMinute(bundle, moment) {
  const host = await hostInFront();
  if (host === null) {
    return;
  }
  const ready = prepared(bundle);
  const { used } = await kept();
  const record = hostRecord(ready.hosts, ready.exact, host);
  const day = dateOf(wallAt(ready.zone, moment).day);
  const counted = { ...used };
  const services = profileAt(ready, moment, used)
    .timetable.quotas.filter(({ subject }) => isAbout(subject, host, record))
    .map(({ service }) => service);
  for (const service of new Set(services)) {
    const known = [used[service], bundle.used[service]].filter((each) => each?.day === day);
    counted[service] = { day, minutes: 1 + Math.max(0, ...known.map(({ minutes }) => minutes)) };
  }
  await keep({ used: counted });
}

/** "2026-11-23" of a day. */
function dateOf(day) {
  return new Date(day * DAY * MINUTE).toISOString().slice(0, 10);
}

async function hostInFront() {
  const window = await api.windows.getLastFocused({ populate: true }).catch(() => null);
  return window?.focused ? hostOf(window.tabs?.find(({ active }) => active)?.url) : null;
}
