/**
 * Moments by the clock on the wall, exact where it is put forward or back. gateway/profiles/local_time.py
 *
 * A moment is milliseconds since 1970, a day the number of days since 1970-01-01.
 *
 * @typedef {{starts: number[], offsets: number[]}} Zone from which moment on which offset (milliseconds) holds
 */

export const MINUTE = 60_000;
export const DAY = 1440; // minutes
const ONE_DAY = DAY * MINUTE;

/** @param {{offsets: {from: string, seconds: number}[]}} values @returns {Zone} */
export function zoneOf(values) {
  return {
    starts: values.offsets.map((each) => Date.parse(each.from)),
    offsets: values.offsets.map((each) => each.seconds * 1000),
  };
}

/** @param {string} text "2026-11-23" */
export function dayOf(text) {
  return Date.parse(`${text}T00:00:00Z`) / ONE_DAY;
}

/** The day of the week, Monday being 0. @param {number} day */
export function weekdayOf(day) {
  return (((day + 3) % 7) + 7) % 7; // the first day of 1970 was a Thursday
}

/** @param {Zone} zone @param {number} moment */
export function offsetAt(zone, moment) {
  let at = zone.starts.length - 1;
  while (at > 0 && moment < zone.starts[at]) {
    at -= 1;
  }
  return zone.offsets[at];
}

/** The local day, its minute and the milliseconds since its begin. @param {Zone} zone @param {number} moment */
export function wallAt(zone, moment) {
  const wall = moment + offsetAt(zone, moment);
  const day = Math.floor(wall / ONE_DAY);
  const passed = wall - day * ONE_DAY;
  return { day, minute: Math.floor(passed / MINUTE), passed };
}

/** So many minutes after the local minute of `moment`, counted as they pass. */
export function later(zone, moment, minutes) {
  const offset = offsetAt(zone, moment);
  return Math.floor((moment + offset) / MINUTE) * MINUTE - offset + minutes * MINUTE;
}

/**
 * The first moment at which the wall shows minute `minute` (0 to 1440) of `day`, or would if it were not left out
 * (Python's PEP 495 with fold 0).
 */
export function momentAt(zone, day, minute) {
  const wall = day * ONE_DAY + minute * MINUTE;
  let at = zone.starts.length - 1;
  while (at > 0 && wall < zone.starts[at] + Math.max(zone.offsets[at - 1], zone.offsets[at])) {
    at -= 1;
  }
  return wall - zone.offsets[at];
}

/** The first moment of the next local day. */
export function midnightAfter(zone, moment) {
  return momentAt(zone, wallAt(zone, moment).day + 1, 0);
}

/** The first moment of (`after`, `before`] with another offset than `after`; null when both have the same. */
export function clockChange(zone, after, before) {
  const offset = offsetAt(zone, after);
  if (offsetAt(zone, before) === offset) {
    return null;
  }
  const at = zone.starts.findIndex((start, index) => start > after && zone.offsets[index] !== offset);
  return zone.starts[at];
}

/** RFC 3339 with the zone's offset, as Python's isoformat writes it. @param {Zone} zone @param {number} moment */
export function textOf(zone, moment) {
  const offset = offsetAt(zone, moment);
  const wall = new Date(moment + offset).toISOString().slice(0, -1);
  const [seconds, fraction] = wall.split(".");
  const minutes = Math.floor(Math.abs(offset) / MINUTE);
  const rest = (Math.abs(offset) % MINUTE) / 1000;
  const ahead = [Math.floor(minutes / 60), minutes % 60, ...(rest ? [rest] : [])];
  const shown = ahead.map((each) => String(each).padStart(2, "0")).join(":");
  return `${seconds}${fraction === "000" ? "" : `.${fraction}000`}${offset < 0 ? "-" : "+"}${shown}`;
}
