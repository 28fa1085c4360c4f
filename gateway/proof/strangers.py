"""Clients that nobody knows: they are refused, or get no more than anybody whose they may be."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from gateway.decision.sources import Sources
from gateway.policy.policy import Policy
from gateway.profiles.person import ADULT, Person
from gateway.proof.alike import Alike
from gateway.proof.lattice import Lattice
from gateway.proof.laws import Excuse
from gateway.proof.proof import Counterexample, OnPurpose, Proved

_SENTENCE = "who is not known gets no more than any child here"


def strangers(policy: Policy) -> Iterator[Person]:
    """Those whom clients that nobody knows count as, and who are nobody of the policy."""
    found = {person.name: person for person in policy.clues.listeners.values()}
    if policy.default is not None:
        found[policy.default.name] = policy.default
    yield from (person for name, person in found.items() if name not in policy.people)


def minors_of(group: Alike, policy: Policy, moment: datetime) -> tuple[str, ...]:
    """The people of a group who are under 18 at `moment`, and strangers, who may be."""
    known = policy.people
    return tuple(name for name in group.names if name not in known or known[name].age_at(moment) < ADULT)


def prove_strangers(sources: Sources, policy: Policy, groups: Sequence[Alike], moment: datetime) -> tuple[Proved, int]:
    """Compares the policy's default with the youngest of each group of `groups`; also how many questions it asked.

    A default that is somebody of the policy is the household's own choice, and is named.
    """
    proved, default = Proved(_SENTENCE), policy.default
    if default is None:
        return proved, 0
    if default.name in policy.people:
        excuse = Excuse(f"every client that is not known counts as {default.name} (default: {default.name})")
        proved.on_purpose[excuse] = OnPurpose(excuse, "what is theirs")
        return proved, 0
    unknown = Lattice(sources, policy, default, moment)
    asked = 0
    for group in groups:
        minors = [policy.people[name] for name in minors_of(group, policy, moment) if name in policy.people]
        if not minors:
            continue
        youngest = min(minors, key=lambda person: person.age_at(moment))
        known = Lattice(sources, policy, youngest, moment)
        _compare(proved, unknown, known, moment)
        asked += known.asked
        if proved.counterexample is not None:
            break
    return proved, asked + unknown.asked


def _compare(proved: Proved, unknown: Lattice, known: Lattice, moment: datetime) -> None:
    """Both are asked in every scene of the known person, each at their own age."""
    ages = unknown.person.age_at(moment), known.person.age_at(moment)
    for scene in known.scenes():
        pages = known.pages(scene)
        rows = zip(pages, unknown.table(scene, pages, ages[:1]), known.table(scene, pages, ages[1:]), strict=True)
        for page, [theirs], [ours] in rows:
            proved.compared += 1
            if theirs.action < ours.action:
                proved.counterexample = Counterexample(
                    words=f"{page.words} {scene.words}".rstrip(),
                    lines=(unknown.line(scene, page, ages[0]), known.line(scene, page, ages[1])),
                    verdicts=(theirs, ours),
                )
                return
