"""Groups that introduce their people: a class of a school is one list of names with one age."""

from dataclasses import replace
from typing import Final

from gateway.policy.draft import Draft
from gateway.policy.fitting import FIT
from gateway.policy.parse import Node
from gateway.policy.shape import GroupShape, PersonShape
from gateway.policy.source import Source, Written

_NOWHERE: Final = Source("", Node(None, 1, 1))


def introduce(draft: Draft) -> None:
    """Adds the people whom groups with an age list and nobody writes, and the logins that groups give.

    A name that stands twice in a list, or in the lists of two groups with an age, becomes a problem: two pupils of one
    name would become one person.
    """
    _stand_in(draft)
    introduced: dict[str, Written[GroupShape]] = {}
    for name, written in draft.groups.items():
        seen: set[str] = set()
        for index, member in enumerate(written.value.people):
            at = ("people", index)
            if member in seen:
                hint = "once is enough; two people of one name need two names"
                draft.problems.append(written.problem(f"{member!r} is listed twice", hint, at=at))
                continue
            seen.add(member)
            if not _gives_age(written.value) or (member in draft.people and member not in introduced):
                continue
            other = introduced.setdefault(member, written)
            if other is not written:
                hint = f"see {other.where}"
                draft.problems.append(written.problem(f"{member!r} gets an age from two groups", hint, at=at))
                continue
            draft.people[member] = Written(_person_of(written.value), written.source, ("groups", name, *at))
    _give_logins(draft)


def _stand_in(draft: Draft) -> None:
    """Somebody in place of those whose entries do not fit: they may be named, and nothing else is said of them."""
    if draft.unfit == FIT:
        return
    for name in sorted(draft.unfit.groups - draft.groups.keys()):
        draft.groups[name] = Written(GroupShape.model_construct(), _NOWHERE)
    for name in sorted(draft.unfit.people - draft.people.keys() - draft.groups.keys()):
        draft.people[name] = Written(PersonShape.model_construct(age=0), _NOWHERE)


def _gives_age(group: GroupShape) -> bool:
    return group.age is not None or group.band is not None or group.turns is not None


def _person_of(group: GroupShape) -> PersonShape:
    return PersonShape.model_construct(age=group.age, band=group.band, turns=group.turns)


def _give_logins(draft: Draft) -> None:
    """Who has no login of their own gets one from each group that makes them."""
    given: dict[str, tuple[str, ...]] = {}
    for written in draft.groups.values():
        pattern = written.value.logins
        for member in written.value.people if pattern is not None else ():
            person = draft.people.get(member)
            unfit = member in draft.unfit.people
            if pattern is not None and person is not None and not person.value.logins and not unfit:
                given[member] = (*given.get(member, ()), pattern.replace("*", member))
    for member, logins in given.items():
        person = draft.people[member]
        shape = person.value.model_copy(update={"logins": tuple(dict.fromkeys(logins))})
        draft.people[member] = replace(person, value=shape)
