"""Whose grant would open a page, and what the policy would have to say for it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from gateway.decision.otherwise.asking import Asking, Counterfactual, Kind
from gateway.decision.otherwise.writing import entry, moment_word, own_name, word
from gateway.decision.question import Question
from gateway.decision.verdict import Action, Reason
from gateway.labels.category import CATEGORIES
from gateway.profiles.grant import Grant
from gateway.profiles.person import ADULT
from gateway.profiles.recognise import with_grants

_MINUTES: Final = 30
_MOST_NAMES: Final = 3
_LIMITS: Final = (*sorted(set(CATEGORIES.values()) - {0}), 21)  # of `local-allow-up-to`; films know 21+


def givers(asking: Asking) -> tuple[str, ...]:
    """The names of those who may give this person a grant: the adults of the same household, by name."""
    policy, moment = asking.policy, asking.question.moment
    if policy is None:
        return ()
    household = _household(asking.question.profile.person)
    return tuple(
        sorted(
            name
            for name, person in policy.people.items()
            if _household(name) == household and person.age_at(moment) >= ADULT
        )
    )


def by_grant(asking: Asking) -> Iterator[Counterfactual]:
    """With a grant for the host or for more minutes; where labels bind it, with the stance that would let it."""
    if asking.verdict.action == Action.ALLOW:
        return
    names = givers(asking)
    if asking.policy is not None and not names:
        return  # nobody here may give one
    by = names[0] if names else "a guardian"
    told = _told(tuple(map(own_name, names))) if names else by
    if asking.verdict.reason in (Reason.SCHEDULE, Reason.QUOTA):
        yield from _of_minutes(asking, by, told)
    elif asking.host:
        yield from _of_host(asking, by, told)


def _of_minutes(asking: Asking, by: str, told: str) -> Iterator[Counterfactual]:
    question = asking.question
    until = question.moment + timedelta(minutes=_MINUTES)
    grant = _grant(question, by, minutes=_MINUTES, until=until)
    found = asking.again(_with(question, grant))
    if found is not None:
        shown = until if asking.person is None else until.astimezone(asking.person.zone)
        inside = f"by: {word(own_name(by))}, for: {_whom(question)}, minutes: {_MINUTES}, until: {moment_word(shown)}"
        change = f"with {_MINUTES} more minutes granted by {told}"
        yield Counterfactual(kind=Kind.GRANT, change=change, verdict=found, write=entry("grants", inside))


def _of_host(asking: Asking, by: str, told: str) -> Iterator[Counterfactual]:
    question, stances = asking.question, asking.question.profile.stances
    granted = _with(question, _grant(question, by, host=asking.host))
    local = question.moment if asking.person is None else question.moment.astimezone(asking.person.zone)
    inside = f"by: {word(own_name(by))}, for: {_whom(question)}, host: {word(asking.host)}, until: {local.date()}"
    write = entry("grants", inside)
    found = asking.again(granted)
    if found is not None:
        yield Counterfactual(kind=Kind.GRANT, change=f"with a grant by {told}", verdict=found, write=write)
        return
    for limit in _LIMITS:
        if limit <= stances.local_allow_up_to:
            continue
        lifted = replace(granted.profile, stances=replace(stances, local_allow_up_to=limit))
        found = asking.again(replace(granted, profile=lifted))
        if found is not None:
            change = f"with a grant by {told}, where grants may overrule labels up to {limit}+"
            stance = f"stances: {{local-allow-up-to: {limit}}}"
            yield Counterfactual(kind=Kind.GRANT, change=change, verdict=found, write=f"{stance}\n{write}")
            return


def _grant(question: Question, by: str, **what: object) -> Grant:
    given: dict[str, object] = {"host": "", **what}
    return Grant(id="assumed", by=by, people=frozenset({question.profile.person}), **given)  # type: ignore[arg-type]


def _with(question: Question, grant: Grant) -> Question:
    return replace(question, profile=with_grants(question.profile, (grant,)))


def _whom(question: Question) -> str:
    return word(own_name(question.profile.person))


def _household(name: str) -> str:
    """In a policy of many households a person's name begins with the household's: "tariff/aigerim"."""
    return name.rpartition("/")[0]


def _told(names: tuple[str, ...]) -> str:
    if len(names) > _MOST_NAMES:
        return f"{', '.join(names[:_MOST_NAMES])} or {len(names) - _MOST_NAMES} more"
    return " or ".join((", ".join(names[:-1]), names[-1]) if len(names) > 1 else names)
