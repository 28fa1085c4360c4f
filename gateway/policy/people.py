"""Written people → persons, and who unknown clients count as."""

from collections.abc import Iterable, Mapping
from datetime import date, tzinfo
from itertools import chain
from typing import Final

from gateway.policy.audience import audience_of
from gateway.policy.draft import Draft
from gateway.policy.fitting import OF_PEOPLE
from gateway.policy.limits import LimitsTable, in_zone
from gateway.policy.shape import PersonShape
from gateway.policy.stances import Stances
from gateway.policy.written import ADULT
from gateway.problems import Problem
from gateway.profiles.grant import Grant
from gateway.profiles.person import Age, Person, age_of_birth, youngest

NOBODY: Final = "nobody"
UNKNOWN: Final = "unknown"


def read_ages(draft: Draft, day: date | None, notes: list[Problem]) -> dict[str, Age]:
    """Everybody's age. Without a `day` a birth date is reduced from its own day, which is enough to check a file."""
    ages = {}
    for name, written in draft.people.items():
        ages[name] = _age_of(written.value, day)
        if written.value.born is not None and day is not None:
            on = ages[name].on
            better = f"turns: {{{ages[name].years}: {on}}}" if on else "age: adult"
            notes.append(written.problem("the birth date is not kept", f"write {better} instead", at=("born",)))
        turns = written.value.turns
        if turns is not None and day is not None and not 0 <= turns[0] + day.year - turns[1].year <= 120:
            message = f"nobody living today turns {turns[0]} on {turns[1]}"
            draft.problems.append(written.problem(message, at=("turns",)))
    return ages


def _age_of(person: PersonShape, day: date | None) -> Age:
    if person.born is not None:
        return age_of_birth(person.born, day or person.born)
    if person.turns is not None:
        return Age(*person.turns)
    years = person.age if person.age is not None else person.band
    assert years is not None
    return Age(years)


def build_people(
    draft: Draft,
    groups: Mapping[str, frozenset[str]],
    ages: Mapping[str, Age],
    limits: LimitsTable,
    stances: Stances,
    zone: tzinfo,
    day: date | None,
) -> dict[str, Person]:
    """Everybody who is named in the policy."""
    grants = _read_grants(draft, groups, ages, zone, day)
    language = draft.settings.get("language")
    memberships: dict[str, set[str]] = {name: set() for name in ages}
    for group, members in groups.items():
        for member in members:
            memberships[member].add(group)
    return {
        name: Person(
            name=draft.prefix + name,
            ages=(ages[name],),
            zone=zone,
            stances=stances,
            as_child=limits.of(name, adult=False),
            as_adult=limits.of(name, adult=True),
            groups=frozenset(draft.prefix + group for group in memberships[name]),
            grants=tuple(grants.get(name, ())),
            language=written.value.language or (language.value if language else None),
        )
        for name, written in draft.people.items()
    }


def _read_grants(
    draft: Draft, groups: Mapping[str, frozenset[str]], ages: Mapping[str, Age], zone: tzinfo, day: date | None
) -> dict[str, list[Grant]]:
    grants: dict[str, list[Grant]] = {}
    for number, written in enumerate(draft.grants, 1):
        shape = written.value
        if draft.unfit.hides(OF_PEOPLE) or shape.by in draft.unfit.people:
            pass  # nobody knows how old they are
        elif shape.by not in ages:
            draft.note_unknown(written, f"there is nobody called {shape.by!r}", shape.by, ages, ("by",))
        elif day is not None and ages[shape.by].at(day) < ADULT:
            draft.problems.append(written.problem(f"{shape.by} is under {ADULT} and cannot give a grant", at=("by",)))
        audience = audience_of(draft, groups, shape.for_, written)
        people = audience.names if audience.names is not None else frozenset(ages)
        grant = Grant(
            id=f"grant {number}",
            by=draft.prefix + shape.by,
            people=frozenset(draft.prefix + name for name in people),
            host=shape.host or "",
            path=shape.path,
            until=in_zone(shape.until, zone),
            minutes=shape.minutes,
            where=written.where,
        )
        for name in people:
            grants.setdefault(name, []).append(grant)
    return grants


class Strangers:
    """Who unknown clients count as: never less strict than anybody of their segment."""

    def __init__(
        self, people: Mapping[str, Person], limits: LimitsTable, stances: Stances, zone: tzinfo, prefix: str = ""
    ) -> None:
        self._people, self._limits, self._stances, self._zone = people, limits, stances, zone
        self._prefix = prefix

    def among(self, names: Iterable[str], name: str, ages: Iterable[Age] = ()) -> Person:
        """Somebody unknown who may be any of `names`: the youngest age, and what tightens for any of them.

        Where there is nobody they may be, they are not an adult by doubt.
        """
        known = sorted(set(names))
        found = [*(age for each in known for age in self._people[each].ages), *ages]
        return Person(
            name=self._prefix + name,
            ages=youngest(found or [Age(ADULT - 1)]),
            zone=self._zone,
            stances=self._stances,
            as_child=self._limits.strictest(known, adult=False),
            as_adult=self._limits.strictest(known, adult=True),
        )

    def anywhere(self, ages: Iterable[Age] = ()) -> Person:
        """Somebody unknown on a segment that is nobody's: any of the people, and never an adult by doubt.

        `ages` are those of others whom they may be.
        """
        return self.among(self._people, UNKNOWN, (Age(ADULT - 1), *ages))

    def at_home(self) -> Person:
        """Somebody unknown on a tenant's line: any of its people."""
        return self.among(self._people, UNKNOWN)


def default_of(
    draft: Draft, people: Mapping[str, Person], strangers: Strangers, others: Iterable[Age] = ()
) -> Person | None:
    """Who an unknown client counts as; `others` are ages of people of other houses. None: it is refused."""
    written = draft.settings.get("default")
    if written is None:
        return strangers.at_home() if draft.prefix else strangers.anywhere(others)
    if written.value == NOBODY and not draft.prefix:
        return None
    if written.value not in people:
        if draft.unfit.hides(OF_PEOPLE):
            return None
        known = people if draft.prefix else chain(people, (NOBODY,))
        draft.note_unknown(written, f"there is nobody called {written.value!r}", written.value, known)
        return None
    return people[written.value]
