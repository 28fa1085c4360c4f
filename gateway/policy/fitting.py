"""What of a file can be used although something in it is at fault: the rest is checked in the same run.

An entry that is at fault is left out whole, and what it would have named is kept: a rule may speak of somebody whose
own entry has a slip, and that is no second fault.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from gateway.policy.parse import Node

type Path = Sequence[str | int]

_RULES: Final = ("block", "ask", "allow")
_BY_NAME: Final = frozenset({"people", "groups", "stances"})
_BY_INDEX: Final = frozenset(
    {*_RULES, "without", "timetable", "quota", "holidays", "terms", "grants", "hosts", "lists", "packs"}
)
_NOTHING: Final = Node(None, 1, 1)

OF_PEOPLE: Final = "people"
OF_RULES: Final = "rules"
OF_TOPICS: Final = "topics"
_OF_CLUES: Final = "clues"
_ALL: Final = frozenset({OF_PEOPLE, OF_RULES, OF_TOPICS, _OF_CLUES})
# Which names a key brings; one that is not known may be meant for any.
_BRINGS: Final = {
    **dict.fromkeys(("people", "groups"), frozenset({OF_PEOPLE})),
    **dict.fromkeys(_RULES, frozenset({OF_RULES})),
    "extends": _ALL,
    "line": frozenset({_OF_CLUES}),
    **dict.fromkeys(("hosts", "lists"), frozenset({OF_TOPICS})),
}


@dataclass(frozen=True, slots=True)
class Unfit:
    """What is not seen of a policy: names that stand in what was left out, and what there may be besides (`hidden`)."""

    people: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()

    def __or__(self, other: "Unfit") -> "Unfit":
        return Unfit(
            self.people | other.people,
            self.groups | other.groups,
            self.rules | other.rules,
            self.hidden | other.hidden,
        )

    def hides(self, what: str) -> bool:
        return what in self.hidden


FIT: Final = Unfit()
UNREAD: Final = Unfit(hidden=_ALL)


def without_units(root: Node, known: Iterable[str], paths: Iterable[Path]) -> tuple[Node, Unfit] | None:
    """The root of a policy (whose keys may be those `known`) without the entries that `paths` lead into.

    None when a path leads to the root itself.
    """
    units = {_unit_of(root, path) for path in paths}
    if () in units:
        return None
    return _left(root, units), _named_in(root, frozenset(known), units)


def units_at(root: Node, places: Iterable[tuple[int, int]]) -> list[Path]:
    """The paths of the entries in which the places (line, column) lie, as far as they can be told."""
    starts = sorted((unit.key or (unit.line, unit.column), path) for path, unit in _units(root))
    begun = [start for start, _ in starts]
    found = (bisect_right(begun, place) - 1 for place in places)
    return [starts[index][1] for index in found if index >= 0]


def _units(root: Node) -> Iterator[tuple[tuple[str | int, ...], Node]]:
    for key, entry in root.entries.items():
        yield (key,), entry
        if key in _BY_NAME:
            yield from (((key, name), unit) for name, unit in entry.entries.items())
        elif key in _BY_INDEX:
            yield from (((key, index), unit) for index, unit in enumerate(entry.items))


def _unit_of(root: Node, path: Path) -> tuple[str | int, ...]:
    if not path:
        return ()
    key = str(path[0])
    entry = root.entries.get(key, _NOTHING)
    if len(path) > 1 and key in _BY_NAME and str(path[1]) in entry.entries:
        return (key, str(path[1]))
    if len(path) > 1 and key in _BY_INDEX and isinstance(path[1], int) and path[1] < len(entry.items):
        return (key, path[1])
    return (key,)


def _left(root: Node, units: set[tuple[str | int, ...]]) -> Node:
    kept = {}
    for key, entry in root.entries.items():
        if (key,) in units:
            continue
        if entry.items:
            items = tuple(item for index, item in enumerate(entry.items) if (key, index) not in units)
            entry = replace(entry, value=items)
        elif entry.entries:
            named = {name: unit for name, unit in entry.entries.items() if (key, name) not in units}
            entry = replace(entry, value=MappingProxyType(named))
        kept[key] = entry
    return replace(root, value=MappingProxyType(kept))


def _named_in(root: Node, known: frozenset[str], units: set[tuple[str | int, ...]]) -> Unfit:
    """What the entries would have named, as far as it can be read."""
    unfit = FIT
    for key, *rest in units:
        entry = root.entries.get(str(key), _NOTHING)
        if not rest:
            brings = _BRINGS.get(str(key), frozenset[str]()) if key in known else _ALL
            unfit |= Unfit(hidden=brings)
        elif key == "people":
            unfit |= Unfit(people=frozenset({str(rest[0])}))
        elif key == "groups":
            group = entry.entries[str(rest[0])]
            members = frozenset(_texts(group.entries.get("people", group)))
            unfit |= Unfit(people=members, groups=frozenset({str(rest[0])}))
        elif key in _RULES:
            name = entry.items[int(rest[0])].entries.get("id", _NOTHING).value
            unfit |= Unfit(rules=frozenset({name})) if isinstance(name, str) else FIT
        else:
            unfit |= Unfit(hidden=_BRINGS.get(str(key), frozenset()))
    return unfit


def _texts(node: Node) -> Iterator[str]:
    for each in node.items or (node,):
        if isinstance(each.value, str):
            yield each.value
