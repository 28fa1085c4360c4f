"""`qorgan decide --jsonl`: a question as a JSON object in, its verdict as a JSON object out."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.decision.decide import decide
from gateway.decision.from_line import question_of
from gateway.decision.line import BadLine
from gateway.decision.sources import Sources
from gateway.decision.verdict import Action, Effect, Ground, Layer, Reason, Verdict
from gateway.problems import Problem

_NOT_UNDERSTOOD: Final = "house.bad-request"


def answer(line: object, sources: Sources) -> dict[str, Any]:
    """The verdict on one line. A line that cannot be understood is answered with a block, never passed over."""
    return judge(line, sources)[0]


def judge(line: object, sources: Sources, file: str = "-", number: int = 1) -> tuple[dict[str, Any], Problem | None]:
    """The answer to one parsed line, and what is wrong with the line, if anything."""
    name = line.get("id") if isinstance(line, Mapping) else None
    try:
        verdict = decide(question_of(line, sources))
    except BadLine as bad:
        return to_line(name, _refuse(str(bad))), Problem(file, number, 1, str(bad), bad.hint)
    return to_line(name, verdict), None


def to_line(name: object, verdict: Verdict) -> dict[str, Any]:
    """A verdict as the line that answers the question called `name`."""
    line: dict[str, Any] = {
        "id": name,
        "action": verdict.action.word,
        "effect": verdict.effect.value,
        "reason": verdict.reason.value,
        "category": verdict.category,
        "flags": list(verdict.flags),
        "grounds": [_ground(ground) for ground in verdict.grounds],
    }
    if verdict.until is not None:
        line["until"] = verdict.until.isoformat()
    return line


def _ground(ground: Ground) -> dict[str, Any]:
    told = {"rule": ground.rule, "cites": list(ground.cites), "says": ground.says.word, "where": ground.where}
    return told if ground.overruled_by is None else {**told, "overruled_by": ground.overruled_by}


def _refuse(detail: str) -> Verdict:
    ground = Ground(rule=_NOT_UNDERSTOOD, where=detail, says=Action.BLOCK)
    return Verdict(
        action=Action.BLOCK,
        reason=Reason.BAD_REQUEST,
        effect=Effect.BLOCK,
        layer=Layer.SYSTEM,
        grounds=(ground,),
        detail=detail,
    )
