"""What the house would have to write to close an open page."""

from collections.abc import Iterator
from dataclasses import replace

from gateway.decision.otherwise.asking import Asking, Counterfactual, Kind
from gateway.decision.otherwise.writing import entry, own_name, word
from gateway.decision.verdict import Action, Reason
from gateway.policy.rules import Hit, Rule, Rules


def by_block(asking: Asking) -> Iterator[Counterfactual]:
    """With a rule that blocks the host for this person."""
    host = asking.host
    if not host or asking.verdict.action > Action.MASK:
        return
    profile = asking.question.profile
    hit = Hit(f"block {host}", "assumed", Action.BLOCK, Reason.LOCAL_BLOCK)
    rules = Rules.of((*profile.rules.all(), Rule(hit=hit, host=host)))
    # A rule that names an adult is asked for by the policy, so it holds for them.
    stances = replace(profile.stances, adults_opened=True)
    found = asking.again(asking.with_profile(replace(profile, rules=rules, stances=stances)))
    if found is None:
        return  # a help line, or private traffic: no rule closes it
    name = own_name(profile.person)
    write = entry("block", f"host: {word(host)}, for: {word(name)}")
    change = f"with a rule that blocks it for {name}"
    yield Counterfactual(kind=Kind.RULE, change=change, verdict=found, write=write)
