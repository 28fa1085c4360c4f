"""How much has to be seen: the question at ClientHello, DNS or request time, before anything is read."""

from dataclasses import replace
from enum import StrEnum
from typing import Final

from gateway.decision.decide import decide
from gateway.decision.question import Asked, Question, Tier
from gateway.decision.verdict import Action, Reason, Verdict


class Sight(StrEnum):
    PASS = "pass"  # noqa: S105 - passed through unread: nothing inside can change the verdict
    LOOK = "look"  # what is inside decides
    REFUSE = "refuse"  # nothing inside can open it


# Reasons that rest on the address, the host, the hour or the gateway: a page can only add to them.
_FINAL: Final = frozenset(
    {
        Reason.LOCAL_BLOCK,
        Reason.LOCAL_ASK,
        Reason.LABEL,
        Reason.SITE_SIGN,
        Reason.TOPIC,
        Reason.REGISTRATION,
        Reason.SCHEDULE,
        Reason.QUOTA,
        Reason.NO_PROFILE,
        Reason.BAD_REQUEST,
        Reason.FAULT,
    }
)
_UNSEEN: Final = frozenset({Reason.OUT_OF_SCOPE, Reason.ADULT, Reason.HELP_LINE})


def sight(question: Question) -> Sight:
    """Whether to pass the connection or request, look inside, or refuse it. Never raises: a fault refuses.

    `question` has no reading yet. At the host tier its URL is the host's own; what a path or an action would change
    is then looked into. REFUSE is only said where `decide` does not allow.
    """
    return sight_with(question, decide(question))


def sight_with(question: Question, verdict: Verdict) -> Sight:
    """`sight` for somebody who has the verdict on `question` already. Never raises: a fault refuses."""
    try:
        return _sight(question, verdict)
    except Exception:  # noqa: BLE001 - fail closed
        return Sight.REFUSE


def needs_form(question: Question) -> bool:
    """Whether what a form's fields are called could change the answer: whether signing up here is another question.

    Never raises; a fault is left to `decide`, which fails closed.
    """
    if question.action == Asked.REGISTER:
        return False
    return decide(replace(question, action=Asked.REGISTER)).action != decide(question).action


def _sight(question: Question, verdict: Verdict) -> Sight:
    if verdict.reason in _UNSEEN:
        opened = verdict.reason == Reason.ADULT and question.profile.stances.adults_opened
        return Sight.LOOK if opened else Sight.PASS
    if verdict.reason not in _FINAL or verdict.action < Action.ASK:
        return Sight.LOOK
    if question.tier == Tier.HOST and (verdict.action == Action.ASK or _path_may_open(question)):
        return Sight.LOOK
    return Sight.REFUSE


def _path_may_open(question: Question) -> bool:
    """Whether a rule, a grant or a label file of this host rests on what only the request shows."""
    profile = question.profile
    if question.host is not None and question.host.site_files:
        return True  # an age-de.xml may give every path an age of its own
    known = "" if question.host is None else question.host.host
    host = known if question.url is None else question.url.host
    return profile.rules.needs_look(host) or any(grant.path is not None for grant in profile.grants)
