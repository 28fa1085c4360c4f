"""The local rules of one person, compiled: what a household or school blocks, asks about or allows."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from gateway.decision.verdict import Action, Reason
from gateway.document.url import Url
from gateway.hosts.record import HostRecord
from gateway.hosts.suffix import end_of, ends_like, known_suffixes
from gateway.labels.category import CATEGORIES

if TYPE_CHECKING:  # a question holds a profile, and a profile holds rules
    from gateway.decision.question import Asked


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that speaks. `where` is file:line; after `until` (None: never) it speaks no longer."""

    rule: str
    where: str
    says: Action
    reason: Reason
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule speaks when all its conditions hold; an empty condition holds always.

    `host` covers all below it; `path` covers the path and all below it, so "/games" covers "/games/1", not "/gamesome".
    `category`: a rule that blocks or asks covers this category and the older ones, one that allows it and the younger.
    """

    hit: Hit
    host: str = ""
    path: str = ""
    topics: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    category: str | None = None
    asked: "Asked | None" = None

    def speaks(self, url: Url | None, record: HostRecord | None, asked: "Asked", category: str | None) -> bool:
        """Whether every condition but `host` holds; what is not known does not fulfil a condition."""
        return (
            (self.asked is None or self.asked == asked)
            and (not self.kinds or (record is not None and record.kind in self.kinds))
            and (not self.topics or (record is not None and not self.topics.isdisjoint(record.topics)))
            and (not self.path or (url is not None and _covers(self.path, url.path)))
            and (self.category is None or (category is not None and self._covers_category(category)))
        )

    def _covers_category(self, category: str) -> bool:
        assert self.category is not None
        own, seen = CATEGORIES[self.category], CATEGORIES[category]
        return seen <= own if self.hit.says is Action.ALLOW else seen >= own


def _covers(path: str, visited: str) -> bool:
    return visited == path or visited.startswith(path.rstrip("/") + "/")


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules by host, and those that name no host. Build with `Rules.of`; `Rules()` never speaks.

    What follows from the rules is kept with them, so that a page is tried against few: the `ends` of their hosts, and
    of those without a host the topics and kinds, and the rules that are about neither.
    """

    by_host: Mapping[str, tuple[Rule, ...]] = field(default_factory=lambda: MappingProxyType({}))
    hostless: tuple[Rule, ...] = ()
    _ends: frozenset[str] = field(init=False, repr=False, compare=False)
    _topics: frozenset[str] = field(init=False, repr=False, compare=False)
    _kinds: frozenset[str] = field(init=False, repr=False, compare=False)
    _general: tuple[Rule, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = {
            "_ends": frozenset(map(end_of, self.by_host)),
            "_topics": frozenset[str]().union(*(rule.topics for rule in self.hostless)),
            "_kinds": frozenset[str]().union(*(rule.kinds for rule in self.hostless)),
            "_general": tuple(rule for rule in self.hostless if not rule.topics and not rule.kinds),
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Self:
        by_host: dict[str, list[Rule]] = {}
        for rule in rules:
            by_host.setdefault(rule.host, []).append(rule)
        hostless = tuple(by_host.pop("", ()))
        return cls(MappingProxyType({host: tuple(found) for host, found in by_host.items()}), hostless)

    @property
    def empty(self) -> bool:
        return not self.by_host and not self.hostless

    def match(
        self, url: Url | None, record: HostRecord | None, asked: "Asked", category: str | None
    ) -> tuple[Hit, ...]:
        """Every rule that speaks, the strictest first and then as written.

        `url` None: asked without an address, then the record's host counts. `category`: the law's category of what was
        read ("12+"), None when nothing was. The caller compares `until` with its moment: this package reads no clock.
        """
        host = url.host if url is not None else record.host if record is not None else ""
        rules = self._general if record is None or not self._touches(record) else self.hostless
        if self._ends and ends_like(host, self._ends):
            rules = (*self._of_host(host), *rules)
        if not rules:
            return ()
        hits = [rule.hit for rule in rules if rule.speaks(url, record, asked, category)]
        if len(hits) > 1:
            hits.sort(key=lambda hit: -hit.says)
        return tuple(hits)

    @property
    def places(self) -> frozenset[str]:
        """Where the rules stand, each as file:line."""
        return frozenset(rule.hit.where for rule in self.all())

    def without(self, places: Collection[str]) -> Self:
        """These rules but those that stand at `places`."""
        return type(self).of(rule for rule in self.all() if rule.hit.where not in places)

    def needs_look(self, host: str) -> bool:
        """Whether a rule for `host` rests on what only an opened connection shows: path, category or action.

        A sight that would let the connection pass unopened must look inside instead.
        """
        about = chain(self._of_host(host), self.hostless)
        return any(rule.path or rule.category or rule.asked for rule in about)

    def names_path(self, host: str) -> bool:
        """Whether a rule speaks of some pages of `host` alone."""
        return any(rule.path for rule in chain(self._of_host(host), self.hostless))

    def all(self) -> Iterator[Rule]:
        """Every rule, those of hosts first."""
        yield from chain(*self.by_host.values(), self.hostless)

    def _of_host(self, host: str) -> Iterator[Rule]:
        """The rules of a host, then those of each name above it."""
        for suffix in known_suffixes(host):
            yield from self.by_host.get(suffix, ())

    def _touches(self, record: HostRecord) -> bool:
        """Whether a rule without a host asks for anything that is known here."""
        return record.kind in self._kinds or not self._topics.isdisjoint(record.topics)
