/**
 * Which pages an hour or a minute is about: all of them, some only, or all but some. gateway/profiles/pages.py
 *
 * @typedef {{hosts: Set<string>, topics: Set<string>, kinds: Set<string>}} Pages
 * @typedef {{only: Pages | null, but: Pages | null}} Subject without both: everything
 */
import { suffixes } from "./hosts.js";

/** @param {{only: object | null, but: object | null}} values @returns {Subject} */
export function subjectOf(values) {
  return { only: pagesOf(values.only), but: pagesOf(values.but) };
}

/** @param {Subject} subject */
export function isEverything(subject) {
  return subject.only === null && subject.but === null;
}

/**
 * @param {Subject} subject
 * @param {string} host
 * @param {import("./question.js").HostRecord | null} record
 */
export function isAbout(subject, host, record) {
  return (subject.only === null || holds(subject.only, host, record)) &&
    (subject.but === null || !holds(subject.but, host, record));
}

/** @returns {Pages | null} */
function pagesOf(values) {
  if (values === null) {
    return null;
  }
  return { hosts: new Set(values.hosts), topics: new Set(values.topics), kinds: new Set(values.kinds) };
}

/** What is not known of a host makes it none of them. */
function holds(pages, host, record) {
  if (record !== null && (pages.kinds.has(record.kind) || record.topics.some((topic) => pages.topics.has(topic)))) {
    return true;
  }
  if (pages.hosts.size === 0) {
    return false;
  }
  for (const name of suffixes(host)) {
    if (pages.hosts.has(name)) {
      return true;
    }
  }
  return false;
}
