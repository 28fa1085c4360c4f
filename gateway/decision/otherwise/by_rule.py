"""Which rule of the house, if it were not there, would make another verdict; and which stance, if it said otherwise."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import Final

from gateway.decision.otherwise.asking import Asking, Counterfactual, Kind
from gateway.decision.question import Question
from gateway.decision.verdict import Action, Ground, Verdict
from gateway.policy.stances import Foreign, Stances

_MOST_RULES: Final = 8


def by_rule(asking: Asking) -> Iterator[Counterfactual]:
    """Each rule, closed hour, quota or grant without which the verdict differs; if there is none, each pair of them."""
    question = asking.question
    known = _local(asking.verdict, question)
    without: dict[str, Verdict] = {}
    alone = []
    for where in list(known):
        found, differs = _asked_without(asking, (where,))
        without[where] = found
        if differs:
            alone.append(_counterfactual(known, (where,), found))
    yield from alone
    if alone:
        return
    # What spoke only after another rule was gone may be the other half of a pair.
    for found in without.values():
        known |= _local(found, question)
    for pair in combinations(list(known)[:_MOST_RULES], 2):
        found, differs = _asked_without(asking, pair)
        if differs:
            yield _counterfactual(known, pair, found)


def by_stance(asking: Asking) -> Iterator[Counterfactual]:
    """Each stance that keeps the page back, with the mildest value that would not."""
    now = asking.verdict.action
    if now == Action.ALLOW:
        return
    told: set[str] = set()
    for name, value, other in _others(asking.question.profile.stances):
        found = asking.again(asking.with_profile(replace(asking.question.profile, stances=other)))
        if found is not None and found.action < now and name not in told:
            told.add(name)
            change = f"with the stance {name} at {value}"
            yield Counterfactual(kind=Kind.STANCE, change=change, verdict=found, write=f"stances: {{{name}: {value}}}")


def _others(stances: Stances) -> Iterator[tuple[str, str, Stances]]:
    """Names and values as a policy writes them, the mildest value of each first."""
    for action in (Action.ALLOW, Action.ASK):
        yield "unlabelled", action.word, replace(stances, unlabelled=((0, action),))
    yield "unreadable", "ask", replace(stances, unreadable=Action.ASK)
    for foreign in (Foreign.IGNORE, Foreign.EXACT):
        yield "foreign", foreign.value, replace(stances, foreign=foreign)
    yield "site-sign-binds", "false", replace(stances, site_sign_binds=False)
    yield "unlabelled-online-publication", "flag", replace(stances, unlabelled_online_publication="flag")


def _local(verdict: Verdict, question: Question) -> dict[str, Ground]:
    """The grounds of the verdict that are the household's own, by their place in its files."""
    mine = _places(question)
    return {ground.where: ground for ground in verdict.grounds if ground.where in mine}


def _places(question: Question) -> frozenset[str]:
    profile = question.profile
    return frozenset(profile.rules.places | profile.timetable.places | {grant.where for grant in profile.grants})


def _asked_without(asking: Asking, places: Iterable[str]) -> tuple[Verdict, bool]:
    question, gone = asking.question, frozenset(places)
    profile = replace(
        question.profile,
        rules=question.profile.rules.without(gone),
        timetable=question.profile.timetable.without(gone),
        grants=tuple(grant for grant in question.profile.grants if grant.where not in gone),
    )
    return asking.asked(asking.with_profile(profile))


def _counterfactual(known: dict[str, Ground], places: tuple[str, ...], found: Verdict) -> Counterfactual:
    named = " and ".join(f"{known[where].rule!r} ({where})" for where in places)
    return Counterfactual(kind=Kind.RULE, change=f"without {named}", verdict=found)
