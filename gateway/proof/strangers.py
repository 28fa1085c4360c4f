"""Clients that nobody knows: they are refused, or get no more than anybody whose they may be.

An operator's tenants are houses of their own: who is not known on a tenant's line may be any of its people, and nobody
of another's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from gateway.decision.sources import Sources
from gateway.policy.people import UNKNOWN
from gateway.policy.policy import Policy
from gateway.profiles.clue import ADDRESSES, LISTENERS
from gateway.profiles.person import ADULT, Person
from gateway.proof.alike import Alike
from gateway.proof.lattice import Lattice
from gateway.proof.laws import Excuse
from gateway.proof.proof import Counterexample, OnPurpose, Proved

_SENTENCE: Final = "who is not known gets no more than any child here"
_NO_LINE: Final = "unknown clients of a tenant without a line count as the operator's"


def strangers(policy: Policy) -> tuple[Person, ...]:
    """Those whom clients that nobody knows count as, and who are nobody of the policy."""
    found = [*policy.clues.listeners.values(), *_at_networks(policy)]
    if policy.default is not None:
        found.append(policy.default)
    unknown = {id(person): person for person in found if person.name not in policy.people}
    return tuple(unknown.values())


def _at_networks(policy: Policy) -> Iterator[Person]:
    for tables in policy.clues.networks.values():
        for people in tables.values():
            yield from people.values()


def minors_of(group: Alike, policy: Policy, moment: datetime) -> tuple[str, ...]:
    """The people of a group who are under 18 at `moment`, and strangers, who may be."""
    known = policy.people
    return tuple(name for name in group.names if name not in known or known[name].age_at(moment) < ADULT)


def prove_strangers(sources: Sources, policy: Policy, groups: Sequence[Alike], moment: datetime) -> tuple[Proved, int]:
    """Compares each stranger with the children whose they may be; also how many questions it asked.

    Of children for whom the same holds only the youngest is asked about, and of strangers one. A default that is
    somebody of the policy is the household's own choice, and is named.
    """
    proved, default = Proved(_SENTENCE), policy.default
    if default is not None and default.name in policy.people:
        excuse = Excuse(f"every client that is not known counts as {default.name} (default: {default.name})")
        proved.on_purpose[excuse] = OnPurpose(excuse, "what is theirs")
    return proved, _Comparison(sources, policy, groups, moment, proved).run()


class _Comparison:
    def __init__(
        self, sources: Sources, policy: Policy, groups: Sequence[Alike], moment: datetime, proved: Proved
    ) -> None:
        self._sources, self._policy, self._moment, self._proved = sources, policy, moment, proved
        self._group = {name: number for number, group in enumerate(groups) for name in group.names}
        self._lattices: dict[object, Lattice] = {}
        self._houses = _houses(policy)

    def run(self) -> int:
        """Compares until a counterexample is found; gives how many questions it asked."""
        met: set[object] = set()
        for stranger in strangers(self._policy):
            for child, excuse in self._children(stranger):
                ages = self._age(stranger), self._age(child)
                key = self._kind_of(stranger), self._kind_of(child), ages, excuse
                if key not in met and self._proved.counterexample is None:
                    met.add(key)
                    self._compare(stranger, child, excuse)
        return sum(lattice.asked for lattice in self._lattices.values())

    def _kind_of(self, person: Person) -> object:
        """The same for people for whom the same holds. Two strangers of an operator may be called alike."""
        return id(person) if person.name == UNKNOWN else self._group[person.name]

    def _age(self, person: Person) -> int:
        return person.age_at(self._moment)

    def _children(self, stranger: Person) -> Iterator[tuple[Person, Excuse | None]]:
        """The youngest of each group of children whose a stranger may be."""
        house, _, name = stranger.name.rpartition("/")
        room = f"{house}/{name.partition('@')[2]}".removeprefix("/")
        people = self._houses.get(house, ())
        if "@" in name:
            # Of who shares a listener a policy keeps no list; of a room it does.
            members = self._policy.groups.get(room, frozenset())
            people = [person for person in people if person.name in members]
        yield from ((child, None) for child in self._youngest(people))
        if stranger is self._policy.default:
            for tenant, part in self._policy.parts.items():
                if not any(claim.kind in (ADDRESSES, LISTENERS) for claim in part.claims):
                    yield from ((child, Excuse(_NO_LINE)) for child in self._youngest(self._houses.get(tenant, ())))

    def _youngest(self, people: Iterable[Person]) -> Iterable[Person]:
        found: dict[int, Person] = {}
        for person in sorted(people, key=self._age):
            if self._age(person) < ADULT:
                found.setdefault(self._group[person.name], person)
        return found.values()

    def _lattice(self, person: Person) -> Lattice:
        return Lattice(self._sources, self._policy, person, self._moment)

    def _shared(self, person: Person) -> Lattice:
        """A lattice for everybody for whom the same holds."""
        kind = self._kind_of(person)
        if kind not in self._lattices:
            self._lattices[kind] = self._lattice(person)
        return self._lattices[kind]

    def _compare(self, stranger: Person, child: Person, excuse: Excuse | None) -> None:
        """Both are asked in every scene of the child, each at their own age."""
        unknown, known = self._shared(stranger), self._shared(child)
        ages = self._age(stranger), self._age(child)
        for scene in known.scenes():
            pages = known.pages(scene)
            rows = zip(pages, unknown.table(scene, pages, ages[:1]), known.table(scene, pages, ages[1:]), strict=True)
            for page, [theirs], [ours] in rows:
                self._proved.compared += 1
                if theirs.action >= ours.action:
                    continue
                words = f"{page.words} {scene.words}".rstrip()
                if excuse is not None:
                    told = self._proved.on_purpose.setdefault(excuse, OnPurpose(excuse, words))
                    told.people[child.name] = None
                    return
                asking = zip((stranger, child), ages, strict=True)
                lines = tuple(self._lattice(person).line(scene, page, age) for person, age in asking)
                self._proved.counterexample = Counterexample(words=words, lines=lines, verdicts=(theirs, ours))
                return


def _houses(policy: Policy) -> Mapping[str, list[Person]]:
    """The people of each house: of each tenant, and under "" of the only house or the operator."""
    found: dict[str, list[Person]] = {}
    for name, person in policy.people.items():
        found.setdefault(name.rpartition("/")[0], []).append(person)
    return found
