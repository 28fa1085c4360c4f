"""Signing up: what acts on registration say. They never speak of viewing or of signing in."""

from gateway.decision.finding import Finding, overrule, say
from gateway.decision.question import Question
from gateway.decision.verdict import Action, Reason
from gateway.law.codex import RegistrationBan

# Whoever of the household opened the place has given the consent that such an act wants.
_CONSENT = frozenset({Reason.GRANT, Reason.LOCAL_ALLOW})


def with_registration(question: Question, finding: Finding, kind: str | None) -> Finding:
    """`finding`, unless an act keeps the person from signing up with such a kind.

    Of several acts the strictest decides, and all of them are named.
    """
    speaking = [ban for ban in question.profile.codex.registration if _speaks(ban, question, finding, kind)]
    if not speaking:
        return finding
    strictest = max(speaking, key=lambda ban: ban.provision.ground.says)
    others = tuple(ban.provision.ground for ban in speaking if ban is not strictest)
    said = say(strictest.provision, Reason.REGISTRATION, min_age=strictest.below, beside=others)
    return overrule(finding, said)


def _speaks(ban: RegistrationBan, question: Question, finding: Finding, kind: str | None) -> bool:
    profile, says = question.profile, ban.provision.ground.says
    return (
        profile.age < ban.below
        and kind in ban.scopes[profile.stances.registration_scope]
        and finding.action < says
        and not (says == Action.ASK and finding.reason in _CONSENT)
    )
