"""The proof that a policy keeps the laws of the house: every scene of the lattice is met, every law checked in it."""

from collections.abc import Sequence
from datetime import datetime

from gateway.decision.sources import Sources
from gateway.policy.policy import Policy
from gateway.profiles.person import ADULT
from gateway.proof.alike import alike
from gateway.proof.lattice import Lattice
from gateway.proof.laws import LAWS, Breach, Law, Shown
from gateway.proof.proof import Counterexample, OnPurpose, Proof, Proved
from gateway.proof.scene import Scene
from gateway.proof.strangers import minors_of, prove_strangers, strangers


def prove(sources: Sources, policy: Policy, moment: datetime) -> Proof:
    """Checks every law for everybody of `policy`, which is that of `sources`, from `moment` (aware) on.

    People for whom the same holds are asked about once, at every age.
    """
    people = [*policy.people.values(), *strangers(policy)]
    groups = alike(people, sources.hosts)
    laws = tuple(Proved(law.sentence) for law in LAWS)
    scenes = asked = 0
    for group in groups:
        lattice = Lattice(sources, policy, group.person, moment)
        minors = minors_of(group, policy, moment)
        ages = lattice.ages if minors else (ADULT,)
        for scene in lattice.scenes():
            scenes += 1
            pages = lattice.pages(scene)
            _check(Shown(lattice, scene, pages, ages, lattice.table(scene, pages, ages)), laws, minors)
        asked += lattice.asked
    unknown, more = prove_strangers(sources, policy, groups, moment)
    return Proof(
        people=len(policy.people),
        minors=tuple(name for group in groups for name in minors_of(group, policy, moment)),
        groups=groups,
        scenes=scenes,
        asked=asked + more,
        laws=(*laws, unknown),
    )


def _check(shown: Shown, laws: Sequence[Proved], minors: Sequence[str]) -> None:
    for law, proved in zip(LAWS, laws, strict=True):
        if proved.counterexample is not None or not law.speaks(shown.scene):
            continue
        proved.compared += law.count(shown)
        for breach in law.check(shown):
            if breach.excuse is None:
                # The first that is found is the plainest: scenes come in that order.
                proved.counterexample = _counterexample(*_at_own_age(law, shown, breach))
                break
            known = proved.on_purpose.setdefault(breach.excuse, OnPurpose(breach.excuse, _words(shown.scene, breach)))
            known.people.update(dict.fromkeys(minors))


def _counterexample(shown: Shown, breach: Breach) -> Counterexample:
    lattice = shown.lattice
    return Counterexample(
        words=_words(shown.scene, breach),
        lines=tuple(lattice.line(shown.scene, cell.page, cell.age) for cell in breach.cells),
        verdicts=tuple(cell.verdict for cell in breach.cells),
    )


def _at_own_age(law: Law, shown: Shown, breach: Breach) -> tuple[Shown, Breach]:
    """The same breach at the person's own age, if there is one: nearer to home than at another."""
    if len(breach.cells) > 1:
        return shown, breach
    pages, ages = [breach.cells[0].page], [shown.lattice.own_age]
    table = shown.lattice.table(shown.scene, pages, ages)
    there = Shown(shown.lattice, shown.scene, pages, ages, table)
    found = next((each for each in law.check(there) if each.excuse is None), None)
    return (shown, breach) if found is None else (there, found)


def _words(scene: Scene, breach: Breach) -> str:
    cell = breach.cells[0]
    return f"{cell.page.words} {scene.words}".rstrip()
