/** The time: nothing that was allowed so far is open when the time is blocked. gateway/decision/hours.py */
import { findingOf, overrule } from "./finding.js";
import { textOf } from "./local_time.js";

/** The finding, or the block by hours or minutes that overrules it; and the flags of time that ends soon. */
export function withHours(question, finding) {
  const { timetable } = question.profile;
  const { host, record } = pageOf(question);
  const found = timetable.at(question.moment, host, record);
  if (found === null) {
    return { finding, soon: [] };
  }
  const until = found.until === null ? null : textOf(timetable.zone, found.until);
  if (found.blocked) {
    const { rule, where, reason } = found;
    const grounds = [{ rule, where, says: "block", cites: [] }];
    const by = findingOf({ action: "block", reason, effect: "block", layer: "local", grounds, until });
    return { finding: overrule(finding, by), soon: [] };
  }
  const sooner = finding.until === null || found.until < Date.parse(finding.until);
  return { finding: sooner ? { ...finding, until } : finding, soon: [found.flag] };
}

/** A part of a page is closed when the page is; what is opened by itself is its own page. */
function pageOf({ url, host, part_of: partOf }) {
  if (partOf !== null) {
    return { host: partOf.host, record: partOf };
  }
  return { host: url === null ? host?.host ?? "" : url.host, record: host };
}
