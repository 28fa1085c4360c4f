"""For whom a rule, a window, a quota or a grant is written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from gateway.policy.draft import EVERYONE, Draft
from gateway.policy.fitting import OF_PEOPLE
from gateway.policy.source import Written


@dataclass(frozen=True, slots=True)
class Audience:
    """`names` None: nobody is named, so it holds for everybody under 18, and with `adults` for adults as well."""

    names: frozenset[str] | None
    adults: bool


@dataclass(slots=True)
class Shelf[T]:
    """Things laid out by whom they are for, so that each person's are found without walking all of them."""

    children: list[T] = field(default_factory=list)
    everyone: list[T] = field(default_factory=list)
    named: defaultdict[str, list[T]] = field(default_factory=lambda: defaultdict(list))

    def add(self, thing: T, audience: Audience) -> None:
        if audience.names is None:
            self.children.append(thing)
            if audience.adults:
                self.everyone.append(thing)
        else:
            for name in sorted(audience.names):
                self.named[name].append(thing)

    def is_ordinary(self, name: str) -> bool:
        """Whether nothing names this person, so that they share what holds for all."""
        return name not in self.named

    def shared(self, *, adult: bool) -> list[T]:
        """What names nobody: for children, or the part of it that is for adults as well."""
        return self.everyone if adult else self.children

    def of(self, name: str, *, adult: bool) -> list[T]:
        """What holds for this person while a child, or as an adult."""
        return self.shared(adult=adult) + self.named.get(name, [])


def read_groups(draft: Draft) -> dict[str, frozenset[str]]:
    """The groups with their people; a name that is nobody's becomes a problem of the draft."""
    groups = {}
    for name, written in draft.groups.items():
        if name in draft.people:
            draft.problems.append(written.problem(f"{name!r} is the name of a person and of a group"))
        members = written.value.people
        for index, member in enumerate(members):
            if member not in draft.people and not draft.unfit.hides(OF_PEOPLE):
                at = ("people", index)
                draft.note_unknown(written, f"there is nobody called {member!r}", member, draft.people, at)
        groups[name] = frozenset(member for member in members if member in draft.people)
    return groups


def audience_of(
    draft: Draft, groups: Mapping[str, frozenset[str]], names: Iterable[str], written: Written[object]
) -> Audience:
    """The people whom `names` (people, groups, `everyone`) mean; what is not known becomes a problem of the draft."""
    given = tuple(names)
    found: set[str] = set()
    for index, name in enumerate(given):
        if name in draft.people:
            found.add(name)
        elif name in groups:
            found |= groups[name]
        elif name != EVERYONE and not draft.unfit.hides(OF_PEOPLE):
            known = chain(draft.people, groups, (EVERYONE,))
            draft.note_unknown(written, f"there is nobody called {name!r}", name, known, ("for", index))
    if not given or EVERYONE in given:
        return Audience(None, adults=bool(given))
    return Audience(frozenset(found), adults=True)
