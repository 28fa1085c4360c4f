"""What the house would have to write to close an open page."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from gateway.decision.otherwise.asking import Asking, Counterfactual, Kind
from gateway.decision.otherwise.writing import entry, own_name, word
from gateway.decision.verdict import Action, Reason
from gateway.policy.rules import Hit, Rule, Rules

_NEVER_CLOSED: Final = frozenset({Reason.OUT_OF_SCOPE, Reason.HELP_LINE})


def by_block(asking: Asking) -> Iterator[Counterfactual]:
    """With a rule that blocks the host for this person."""
    host, verdict = asking.host, asking.verdict
    if not host or verdict.action > Action.MASK or verdict.reason in _NEVER_CLOSED:
        return
    profile = asking.question.profile
    hit = Hit(f"block {host}", "assumed", Action.BLOCK, Reason.LOCAL_BLOCK)
    rules = Rules.of((*profile.rules.all(), Rule(hit=hit, host=host)))
    # A rule that names an adult is asked for by the policy, so it holds for them.
    stances = replace(profile.stances, adults_opened=True)
    found = asking.again(asking.with_profile(replace(profile, rules=rules, stances=stances)))
    if found is not None:
        name = own_name(profile.person)
        write = entry("block", f"host: {word(host)}, for: {word(name)}")
        yield Counterfactual(
            kind=Kind.RULE, change=f"with a rule that blocks it for {name}", verdict=found, write=write
        )
