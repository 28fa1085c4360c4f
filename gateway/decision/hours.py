"""Step 9 of the decision: the time. Nothing that was allowed so far is open when the time is blocked."""

from gateway.decision.finding import Finding, overrule
from gateway.decision.question import Question
from gateway.decision.verdict import Action, Effect, Ground, Layer
from gateway.hosts.record import HostRecord
from gateway.profiles.spent_time import Blocked


def page_of(question: Question) -> tuple[str, HostRecord | None]:
    """Host and record of the page whose time it is: a part of a page is closed when the page is, and spends its time.

    What is opened by itself is its own page.
    """
    if question.part_of is not None:
        return question.part_of.host, question.part_of
    record = question.host
    known = "" if record is None else record.host
    return (known if question.url is None else question.url.host), record


def with_hours(question: Question, finding: Finding) -> tuple[Finding, tuple[str, ...]]:
    """The finding, or the block by hours or minutes that overrules it; and the flag of time that ends soon.

    With the flag, the finding's `until` is the moment at which it ends, unless it ends earlier by itself.
    """
    timetable, moment = question.profile.timetable, question.moment
    host, record = page_of(question)
    found = timetable.at(moment, host, record)
    if found is None:
        return finding, ()
    if isinstance(found, Blocked):
        ground = Ground(rule=found.rule, where=found.where, says=Action.BLOCK)
        by = Finding(Action.BLOCK, found.reason, Effect.BLOCK, Layer.LOCAL, (ground,), until=found.until)
        return overrule(finding, by), ()
    sooner = finding.until is None or found.until < finding.until
    return finding._replace(until=found.until) if sooner else finding, (found.flag,)
