"""Step 9 of the decision: the time. Nothing that was allowed so far is open when the time is blocked."""

from gateway.decision.finding import Finding, overrule
from gateway.decision.question import Question
from gateway.decision.verdict import Action, Effect, Ground, Layer


def with_hours(question: Question, finding: Finding) -> tuple[Finding, tuple[str, ...]]:
    """The finding, or the block by hours or minutes that overrules it; and the flag of time that ends soon.

    With the flag, the finding's `until` is the moment at which it ends, unless it ends earlier by itself.
    """
    timetable, record, moment = question.profile.timetable, question.host, question.moment
    known = "" if record is None else record.host
    host = known if question.url is None else question.url.host
    blocked = timetable.block_at(moment, host, record)
    if blocked is not None:
        ground = Ground(rule=blocked.rule, where=blocked.where, says=Action.BLOCK)
        by = Finding(Action.BLOCK, blocked.reason, Effect.BLOCK, Layer.LOCAL, (ground,), until=blocked.until)
        return overrule(finding, by), ()
    ending = timetable.ending_at(moment, host, record)
    if ending is None:
        return finding, ()
    sooner = finding.until is None or ending.until < finding.until
    return finding._replace(until=ending.until) if sooner else finding, (ending.flag,)
