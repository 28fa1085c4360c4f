"""A verdict in plain words for a terminal: what, why, on what evidence, and what would change it."""

from collections.abc import Iterable
from typing import Final

from gateway.decision.otherwise.asking import Counterfactual
from gateway.decision.question import Question
from gateway.decision.verdict import Action, Ground, Layer, Reason, Verdict
from gateway.labels.label import Label, Scope

_ACTIONS: Final = {
    Action.ALLOW: "allowed",
    Action.MASK: "shown without the parts for older people",
    Action.ASK: "a guardian must be asked",
    Action.BLOCK: "blocked",
}
_LAYERS: Final = {
    Layer.LAW: "the law",
    Layer.LOCAL: "the household or school",
    Layer.SYSTEM: "the gateway itself, not the law",
}
_SCOPES: Final = {Scope.SITE: "the whole site", Scope.PAGE: "the page", Scope.PART: "a part of the page"}
_REASONS: Final = {
    Reason.OUT_OF_SCOPE: "private traffic, of which the law does not speak",
    Reason.ADULT: "the person is an adult",
    Reason.HELP_LINE: "a help line or reporting page, which is never blocked",
    Reason.LOCAL_BLOCK: "a rule of the house blocks it",
    Reason.LOCAL_ASK: "a rule of the house wants it to be asked about",
    Reason.LOCAL_ALLOW: "a rule of the house allows it",
    Reason.GRANT: "a guardian has granted it",
    Reason.EXEMPT: "the law does not apply to it (Art. 2)",
    Reason.LABEL: "its age label is above the person's age",
    Reason.LABEL_FITS: "its age label fits the person's age",
    Reason.SITE_SIGN: "the sign of the whole site is above the person's age, and a stance makes it binding",
    Reason.TOPIC: "its host is listed under a topic that is not for the person",
    Reason.ESTIMATE: "its content was estimated to be for older people; nobody labelled it so",
    Reason.UNREADABLE: "it cannot be read, so it counts as 18+",
    Reason.UNLABELLED: "it has no age label, and the stance for such pages says so",
    Reason.REGISTRATION: "signing up there is not for the person's age",
    Reason.SCHEDULE: "this is not the time for it",
    Reason.QUOTA: "today's time is used up",
    Reason.NO_PROFILE: "nobody is known here",
    Reason.BAD_REQUEST: "the request cannot be judged",
    Reason.FAULT: "the gateway failed, and fails closed",
}


def explain(question: Question, verdict: Verdict, otherwise: Iterable[Counterfactual] = ()) -> str:
    """Lines of text. `verdict` is the answer of `decide` to `question`, `otherwise` what would make another one."""
    lines = [f"{_ACTIONS[verdict.action]}: {_subject(question)} for {_asker(question)}"]
    lines.append(f"  because   {_REASONS[verdict.reason]} ({verdict.reason.value})")
    lines.append(f"  says      {_LAYERS[verdict.layer]}{_act(question, verdict)}")
    if verdict.category is not None:
        exact = "" if verdict.min_age is None else f", from the age of {verdict.min_age}"
        lines.append(f"  category  {verdict.category}{exact}")
    elif verdict.min_age is not None:
        lines.append(f"  age       from {verdict.min_age}; this is no category of the law")
    lines += [f"  label     {_label(label)}" for label in verdict.evidence]
    lines += [f"  ground    {_ground(ground)}" for ground in verdict.grounds if ground.overruled_by is None]
    lines += [f"  overruled {_ground(ground)}" for ground in verdict.grounds if ground.overruled_by is not None]
    if verdict.flags:
        lines.append(f"  flags     {', '.join(verdict.flags)}")
    if verdict.until is not None:
        lines.append(f"  until     {verdict.until.isoformat()}")
    if verdict.detail:
        lines.append(f"  note      {verdict.detail}")
    for other in otherwise:
        lines.append(f"  otherwise {other.change}: {told(other.verdict)}")
        lines += [f"            | {written}" for written in other.write.splitlines()]
    lines.append(f"  revision  {verdict.revision or 'none'}")
    return "\n".join(lines)


def _act(question: Question, verdict: Verdict) -> str:
    """Where acts of several countries hold, the one that decides."""
    codex = question.profile.codex
    if not codex.beside or verdict.layer is not Layer.LAW or not verdict.grounds:
        return ""
    decides = (pack for pack in codex.packs if verdict.grounds[0].where.startswith(f"law/{pack.id}.yaml:"))
    countries = list(dict.fromkeys(pack.act.jurisdiction for pack in codex.packs))
    return "".join(f": {pack.id}; the acts of {', '.join(countries)} were asked" for pack in decides)


def _subject(question: Question) -> str:
    if question.url is not None:
        return question.url.href
    return question.host.host if question.host is not None and question.host.host else "what was asked about"


def _asker(question: Question) -> str:
    return f"{question.profile.person} (age {question.profile.age})"


def _label(label: Label) -> str:
    return (
        f"{label.mark} of the scale {label.scale}, for those of {label.min_age} and over; speaks for "
        f"{_SCOPES[label.scope]}; read as {label.raw!r} in {label.carrier}, {label.place}"
    )


def _ground(ground: Ground) -> str:
    cites = f"; {', '.join(ground.cites)}" if ground.cites else ""
    by = f"; by {ground.overruled_by}" if ground.overruled_by is not None else ""
    return f"{ground.rule} says {ground.says.word}{cites}; {ground.where}{by}"


def told(verdict: Verdict) -> str:
    """A verdict in one half sentence: what happens, and why."""
    return f"{_ACTIONS[verdict.action]}, because {_REASONS[verdict.reason]}"
