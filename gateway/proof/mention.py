"""Where the law and a person's rules name a word: words that are named in the same places are alike for a decision."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from gateway.law import house
from gateway.law.codex import Codex
from gateway.policy.rules import Rule, Rules
from gateway.profiles.person import Person

# What only describes a codex: no decision rests on it.
_TOLD: Final = frozenset({"packs", "ids", "day", "revision", "stances"})


def mentions(word: str, codex: Codex, person: Person) -> frozenset[object]:
    """Every place that names `word` as a kind or a topic."""
    found: set[object] = set(_within(word, codex, ()))
    if word == house.HELP_LINE_KIND:
        found.add(word)
    for limits in (person.as_child, person.as_adult):
        found.update(
            (rule.hit.says, rule.hit.until, rule.host, rule.path, rule.category, rule.asked, word in rule.kinds)
            for rule in all_rules(limits.rules)
            if word in rule.kinds or word in rule.topics
        )
    return frozenset(found)


def all_rules(rules: Rules) -> Iterator[Rule]:
    for own in rules.by_host.values():
        yield from own
    yield from rules.hostless


def representatives(words: Iterable[str], codex: Codex, person: Person) -> Mapping[str, tuple[str, ...]]:
    """The first word of each group that is named in the same places → the others of its group."""
    groups: dict[frozenset[object], list[str]] = {}
    for word in sorted(words):
        groups.setdefault(mentions(word, codex, person), []).append(word)
    return {first: tuple(others) for first, *others in groups.values()}


def _within(word: str, value: Any, path: tuple[str, ...]) -> Iterator[object]:
    """The paths within the law at which the word stands; where it is a key, with the age that hangs on it."""
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            if each.name not in _TOLD:
                yield from _within(word, getattr(value, each.name), (*path, each.name))
    elif isinstance(value, Mapping):
        if word in value:
            yield (*path, getattr(value[word], "min_age", None))
        for key, inner in value.items():
            if key != word:
                yield from _within(word, inner, (*path, str(key)))
    elif isinstance(value, frozenset):
        if word in value:
            yield path
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _within(word, inner, (*path, str(index)))
