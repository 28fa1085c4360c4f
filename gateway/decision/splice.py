"""Whether a connection may pass unread, and why: the question at ClientHello with all that is known of its host.

`sight` knows the question alone. Here stands what else can make a page's content unimportant: an allow that no label
beats, a host that was learned from traffic, an app that takes no certificate but its own. The rule is one for all: a
minor's connection passes only when `decide` allows whatever the page may be, for everything the person may do there,
and when nothing of what the gateway does at an opened connection would be missed.

`Prefer: safe` is missed, and that is taken into account: it is a wish to the site, not a verdict.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.decision.decide import decide
from gateway.decision.question import Asked, Question
from gateway.decision.sight import Sight, sight_with
from gateway.decision.verdict import Action, Reason, Verdict
from gateway.hosts.pinning import Pinned
from gateway.hosts.traffic import Learned
from gateway.labels.label import Label, Reading, Scope, Status, Trust


class Why(StrEnum):
    """Why a connection was passed, looked into or refused; each has its sentence in gateway.edge.opened."""

    PRIVATE = "private"
    ADULT = "adult"
    HELP_LINE = "help-line"
    ALLOWED = "allowed"
    PARTS_ONLY = "parts-only"
    ONE_LABEL = "one-label"
    PINNED = "pinned"
    LABELS = "labels"
    WANTED = "wanted"
    SAMPLED = "sampled"
    NAMES = "names"
    ASKED = "asked"
    BLOCKED = "blocked"
    NOBODY = "nobody"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Seen:
    sight: Sight
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known besides the question. `special`: requests are changed here, or judged by their addresses."""

    learned: Learned | None = None
    pinned: Pinned | None = None  # of this client
    special: bool = False


_PASSED: Final = {
    Reason.OUT_OF_SCOPE: Why.PRIVATE,
    Reason.ADULT: Why.ADULT,
    Reason.HELP_LINE: Why.HELP_LINE,
}
_WAYS: Final = tuple(Asked)
_UNLABELLED: Final = Reading(status=Status.UNLABELLED)
_OLDEST: Final = 21


def see(question: Question, verdict: Verdict, known: Known) -> Seen:
    """What to do with the connection of `question` (host tier, unread), on which `verdict` is the decision.

    Never raises: a fault refuses.
    """
    try:
        return _see(question, verdict, known)
    except Exception:  # noqa: BLE001 - fail closed
        return Seen(Sight.REFUSE, Why.BLOCKED)


def _may_pass(question: Question, readings: Iterable[Reading]) -> bool:
    """Whether `decide` allows each of `readings`, viewed, searched and signed up with."""
    for reading in readings:
        for action in _WAYS:
            if decide(question.of_page(reading, action)).action is not Action.ALLOW:
                return False
    return True


def _is_missed(question: Question, known: Known) -> bool:
    """Whether the gateway does more at an opened connection than to read labels."""
    return known.special or question.profile.timetable.selective or _path_decides(question)


def _see(question: Question, verdict: Verdict, known: Known) -> Seen:
    sight = sight_with(question, verdict)
    if sight is Sight.PASS:
        return Seen(sight, _PASSED[verdict.reason])
    if sight is Sight.REFUSE:
        return Seen(sight, Why.BLOCKED)
    if verdict.action is Action.ASK and verdict.reason is Reason.LOCAL_ASK:
        return Seen(Sight.LOOK, Why.ASKED)
    is_adult = question.profile.age >= question.profile.codex.child_below
    unlimited = verdict.action is Action.ALLOW and not _is_missed(question, known)
    # What the host serves is a sign that somebody is there, so that minutes would not be counted.
    counted = bool(question.profile.timetable.quotas)
    if unlimited and not is_adult:
        if not counted and _may_pass(question, _ANYTHING):
            return Seen(Sight.PASS, Why.ALLOWED)
        if known.learned is not None and _is_learned(question, known.learned, counted=counted):
            return Seen(Sight.PASS, Why.PARTS_ONLY if known.learned.what == "parts" else Why.ONE_LABEL)
    if known.pinned is not None:
        passes = is_adult or (known.pinned.clean and question.profile.stances.pinned == "pass")
        passes = passes and unlimited and not counted and _may_pass(question, (_UNLABELLED,))
        return Seen(Sight.PASS if passes else Sight.REFUSE, Why.PINNED)
    return Seen(Sight.LOOK, Why.WANTED if is_adult else Why.LABELS)


def _is_learned(question: Question, learned: Learned, *, counted: bool) -> bool:
    # Also of a host of parts a page may be opened: it is then one without a label.
    if learned.what == "parts":
        return not (counted and learned.shown) and _may_pass(question, (_UNLABELLED,))
    labels = tuple(_label(sign.min_age, Scope.PAGE, sign.scale, sign.mark) for sign in sorted(learned.signs))
    rated = Reading(status=Status.RATED, labels=labels)
    return not counted and _may_pass(question, (rated, _UNLABELLED))


def _path_decides(question: Question) -> bool:
    """Whether a rule or a label file speaks of some pages of the host alone. A grant only ever adds to what passes."""
    record = question.host
    host = question.url.host if question.url is not None else "" if record is None else record.host
    return (record is not None and bool(record.site_files)) or question.profile.rules.names_path(host)


def _label(min_age: int, scope: Scope, scale: str = "kz", mark: str = "18+") -> Label:
    part = "body" if scope is Scope.PART else None
    return Label(
        scale=scale,
        mark=mark,
        min_age=min_age,
        scope=scope,
        trust=Trust.A,
        carrier="meta",
        raw=mark,
        place="what a page could say",
        part=part,
    )


def _any_reading() -> Iterator[Reading]:
    """The worst that a page can be, the worst first."""
    for min_age, scope in ((_OLDEST, Scope.PAGE), (_OLDEST, Scope.PART), (18, Scope.PAGE), (_OLDEST, Scope.SITE)):
        yield Reading(status=Status.RATED, labels=(_label(min_age, scope),))
    yield Reading(status=Status.UNREADABLE)
    yield _UNLABELLED


_ANYTHING: Final = tuple(_any_reading())
