"""Where the law and a person's rules name a word: words that are named in the same places are alike for a decision."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from gateway.law import house
from gateway.law.codex import Codex
from gateway.policy.rules import Rule
from gateway.profiles.person import Person
from gateway.proof.timed import sayings_of

# What only describes a codex: no decision rests on it.
_TOLD: Final = frozenset({"packs", "ids", "day", "revision", "stances"})


class Mentions:
    """The places that name each word as a kind, a topic or a ground, in the law and in one person's rules and hours.

    `beside`: those of another policy, whose places count as well.
    """

    def __init__(self, codex: Codex, person: Person, beside: "Mentions | None" = None) -> None:
        self._places: defaultdict[str, set[object]] = defaultdict(set)
        self._timed: set[str] = set() if beside is None else set(beside._timed)
        for word, places in beside._places.items() if beside is not None else ():
            self._places[word].add(("beside", frozenset(places)))
        for word, place in _within(codex, ()):
            self._places[word].add(place)
        for word in (house.HELP_LINE_KIND, *house.PRIVATE_KINDS):
            self._places[word].add(word)
        for rule in rules_of(person):
            said = (rule.hit.says, rule.hit.until, rule.host, rule.path, rule.category, rule.asked)
            for word in rule.kinds:
                self._places[word].add(("kind", said, rule.topics))
            for word in rule.topics:
                self._places[word].add(("topic", said, rule.kinds))
        for saying in sayings_of(person):
            for word in saying.pages.kinds:
                self._places[word].add(("kind", saying))
            for word in saying.pages.topics:
                self._places[word].add(("topic", saying))
            self._timed |= saying.pages.kinds | saying.pages.topics

    def named(self, word: str) -> bool:
        return bool(self._places.get(word))

    def timed(self, word: object) -> bool:
        """Whether hours or quotas name it."""
        return word in self._timed

    def alike(self, words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """The first word of each group that is named in the same places → the others of its group."""
        groups: dict[frozenset[object], list[str]] = {}
        for word in sorted(words):
            groups.setdefault(frozenset(self._places.get(word, ())), []).append(word)
        return {first: tuple(others) for first, *others in groups.values()}


def rules_of(person: Person) -> Iterator[Rule]:
    """Every rule that holds for a person, as a child or as an adult."""
    for limits in (person.as_child, person.as_adult):
        for own in limits.rules.by_host.values():
            yield from own
        yield from limits.rules.hostless


def _within(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    """Each word within the law, and the path to it; where it is a key, with the age that hangs on it."""
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            if each.name not in _TOLD:
                yield from _within(getattr(value, each.name), (*path, each.name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key), (*path, getattr(inner, "min_age", None))
            yield from _within(inner, (*path, str(key)))
    elif isinstance(value, frozenset):
        yield from ((str(word), path) for word in value)
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _within(inner, (*path, str(index)))
