"""The verdict on a page out of which nothing can be taken: a picture, a broken tree, a page that was not read."""

from dataclasses import replace

from gateway.decision.decide import decide
from gateway.decision.question import Question
from gateway.decision.verdict import Action, Effect, Verdict
from gateway.labels.label import Reading


def decide_whole(question: Question) -> Verdict:
    """As `decide`, but never MASK. Total: it never raises.

    Art. 15(3): a page whose parts cannot be taken out takes the oldest part's category. What it only mentions stays.
    """
    verdict = decide(question)
    if verdict.action is not Action.MASK:
        return verdict
    record = question.host
    if record is not None:
        record = replace(record, reading=_uncut(record.reading))
    verdict = decide(replace(question, reading=_uncut(question.reading), host=record))
    if verdict.action is Action.MASK:  # a rule of the house wants something taken out
        return replace(verdict, action=Action.BLOCK, effect=Effect.BLOCK)
    return verdict


def _uncut(reading: Reading | None) -> Reading | None:
    if reading is None:
        return None
    return replace(reading, labels=tuple(replace(label, part=None) for label in reading.labels))
