/**
 * Minutes a day: a limit, and what is used of it. gateway/profiles/quota.py
 *
 * @typedef {object} Quota
 * @property {number} minutes
 * @property {string} rule
 * @property {string} where
 * @property {Set<number>} week days of the week, Monday being 0
 * @property {Set<number>} dates
 * @property {boolean} onHolidays
 * @property {import("./pages.js").Subject} subject
 * @property {string} service what is counted, by a name that quotas of one subject share
 *
 * @typedef {Map<string, {day: number, minutes: number}[]>} Used what several counted, by service
 */
import { dayOf, weekdayOf } from "./local_time.js";
import { subjectOf } from "./pages.js";

const AHEAD = 2; // days; a clock that is set back must not give minutes back

/** A quota as a bundle has it. @returns {Quota} */
export function quotaOf(values) {
  return {
    minutes: values.minutes,
    rule: values.rule,
    where: values.where,
    week: new Set(values.week),
    dates: new Set(values.dates.map(dayOf)),
    onHolidays: values.on_holidays,
    subject: subjectOf(values.subject),
    service: values.service,
  };
}

/** @param {Quota} quota @param {number} day @param {Map<number, number>} holidays */
export function appliesOn(quota, day, holidays) {
  return quota.week.has(holidays.get(day) ?? weekdayOf(day)) || quota.dates.has(day) ||
    (quota.onHolidays && holidays.has(day));
}

/** What the gateway and the device counted. @param {Record<string, {day: string, minutes: number}>[]} counts @returns {Used} */
export function usedFrom(counts) {
  const used = new Map();
  for (const [service, { day, minutes }] of counts.flatMap((each) => Object.entries(each))) {
    used.set(service, [...(used.get(service) ?? []), { day: dayOf(day), minutes }]);
  }
  return used;
}

/** Minutes used on `day`; of several counts the most. A count of tomorrow counts today: the clock was set back. */
export function usedOf(used, service, day) {
  const counts = (used.get(service) ?? []).filter((each) => day <= each.day && each.day <= day + AHEAD);
  return Math.max(0, ...counts.map((each) => each.minutes));
}
