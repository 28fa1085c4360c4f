"""What the lists of a policy say of a host or an address: compiled lists, with the meanings that the policy gives."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Self

from gateway.document.url import Url
from gateway.hosts.compilation import Known
from gateway.hosts.entry import Nature, nature_of
from gateway.hosts.formats.from_expressions import ExpressionSet
from gateway.hosts.key import host_in
from gateway.hosts.mapped import Mapped
from gateway.hosts.record import HostRecord, alike
from gateway.hosts.suffix import suffixes

_LASTING: Final = ("help-line", "private")  # the first of them that any list says


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a policy says that the hosts of a list are."""

    name: str
    topics: frozenset[str] = frozenset()
    kind: str | None = None


class Named(NamedTuple):
    """A list that speaks of a host, and its entry."""

    list: str
    entry: str  # a host, "only HOST", a host with a path, or an expression


@dataclass(frozen=True, slots=True)
class Listed:
    """Build with `Listed.of`. Lists that the policy does not name any more are silent."""

    mapped: Mapped
    records: Sequence[HostRecord | None]  # by set; their host is empty
    moulds: Sequence[Callable[[str], HostRecord] | None]  # by set
    meanings: Sequence[Meaning | None]  # by list
    nearest: Callable[[str], tuple[str, int] | None]  # of the table of hosts
    expressions: ExpressionSet | None = None
    expressed: Sequence[int] = field(default=())  # expression → list

    @classmethod
    def of(cls, mapped: Mapped, meanings: Iterable[Meaning]) -> Self:
        """The lists as `meanings` has them. Raises ValueError when the compiled form has what cannot be read."""
        by_name = {meaning.name: meaning for meaning in meanings}
        known = [by_name.get(each["name"]) for each in mapped.lists]
        try:
            natures = [[Nature(), *map(nature_of, each["natures"])] for each in mapped.lists]
            every = {saying for each in mapped.sets for saying in each.sayings}
            sayings = {(number, nature): (known[number], natures[number][nature]) for number, nature in every}
        except (KeyError, TypeError, IndexError) as fault:
            raise ValueError("the compiled lists say what cannot be read") from fault
        patterns = [
            (pattern, number)
            for number, each in enumerate(mapped.lists)
            if known[number] is not None
            for pattern in each["expressions"]
        ]
        records = [_record_of(each, sayings) for each in mapped.sets]
        return cls(
            mapped,
            records,
            [None if record is None else alike(record) for record in records],
            known,
            mapped.hosts.nearest,
            ExpressionSet([pattern for pattern, _ in patterns]) if patterns else None,
            tuple(number for _, number in patterns),
        )

    def lookup(self, host: str) -> HostRecord | None:
        """What the lists say of a canonical host; `host` of the record is the name that is listed."""
        found = self.nearest(host)
        if found is None:
            return None
        name, number = found
        make = self.moulds[number]
        return None if make is None else make(name)

    def lookup_address(self, url: Url) -> HostRecord | None:
        """What the lists say of this very address besides what they say of its host."""
        sayings = [self.records[number] for _key, number in self._path_keys(url)]
        found = [record for record in sayings if record is not None]
        if self.expressions is not None:
            found += [self._of_list(self.expressed[index]) for index in self.expressions.matches(url.href)]
        if not found:
            return None
        return HostRecord(
            host=url.host,
            kind=next((record.kind for record in reversed(found) if record.kind), None),
            topics=frozenset().union(*(record.topics for record in found)),
            source=_joined(record.source for record in found),
        )

    def may_name_pages_of(self, host: str) -> bool:
        """Whether a list may speak of some addresses of `host` alone: by a path, or by an expression about any."""
        if self.expressions is not None:
            return True
        found = self.nearest(host)
        return found is not None and self.mapped.sets[found[1]].paths

    def naming(self, url: Url) -> Sequence[Named]:
        """Every list that names the host or the address, and by which entry: the nearest to the top of each list."""
        named: dict[Named, None] = {}
        seen: set[int] = set()
        for name, only, number in self.mapped.hosts.speaking(url.host):
            lists = {each for each, _ in self.mapped.sets[number].sayings}
            for each in sorted(lists - seen):
                named |= self._named(each, f"only {name}" if only else name)
            seen = lists
        still = {self._name(each) for each in seen}
        named = {each: None for each in named if each.list in still}
        for key, number in self._path_keys(url):
            for each, _ in self.mapped.sets[number].sayings:
                named |= self._named(each, host_in(key) + key[key.index("/") :])
        if self.expressions is not None:
            for index in self.expressions.matches(url.href):
                each = self.expressed[index]
                pattern = index - self.expressed.index(each)
                named |= self._named(each, f"expression {self.mapped.lists[each]['expressions'][pattern]}")
        return tuple(named)

    def _named(self, number: int, entry: str) -> dict[Named, None]:
        name = self._name(number)
        return {} if name is None else {Named(name, entry): None}

    def _name(self, number: int) -> str | None:
        meaning = self.meanings[number]
        return None if meaning is None else meaning.name

    def _of_list(self, number: int) -> HostRecord:
        meaning = self.meanings[number]
        assert meaning is not None
        return HostRecord(host="", kind=meaning.kind, topics=meaning.topics, source=meaning.name)

    def _path_keys(self, url: Url) -> Iterator[tuple[str, int]]:
        """The entries with a path that cover the address, if its host is known to have any."""
        if len(self.mapped.paths.trie) == 0:
            return
        found = self.nearest(url.host)
        if found is None or not self.mapped.sets[found[1]].paths:
            return
        asked = f"{url.path}?{url.query}" if url.query else url.path
        for host in suffixes(url.host):
            key = host[::-1] + "."
            for entry, number in self.mapped.paths.prefixes(key + asked):
                if covers(entry[len(key) :], asked):
                    yield entry, number


def covers(entry: str, asked: str) -> bool:
    """Whether an entry's path speaks of the path that was asked for: "/a" of "/a", "/a/b" and "/a?b", not of "/ab".

    An entry with a query speaks of addresses whose query begins with the same parameters.
    """
    if not asked.startswith(entry):
        return False
    rest = asked[len(entry) :]
    if not rest:
        return True
    if "?" in entry:
        return rest[0] == "&"
    return entry.endswith("/") or rest[0] in "/?"


def _record_of(known: Known, sayings: Mapping[tuple[int, int], tuple[Meaning | None, Nature]]) -> HostRecord | None:
    """What a set says, without the host; None when nobody whom the policy names says anything."""
    said = [(meaning, nature) for meaning, nature in map(sayings.__getitem__, known.sayings) if meaning is not None]
    if not said:
        return None
    kinds = [nature.kind or meaning.kind for meaning, nature in said]
    lasting = next((kind for kind in _LASTING if kind in kinds), None)
    return HostRecord(
        host="",
        kind=lasting or next((kind for kind in reversed(kinds) if kind), None),
        topics=frozenset().union(*(meaning.topics | nature.topics for meaning, nature in said)),
        exempt=next((nature.exempt for _, nature in said if nature.exempt), None),
        audience="limited" if any(nature.audience == "limited" for _, nature in said) else "public",
        source=_joined(meaning.name for meaning, _ in said),
    )


def _joined(sources: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(source for source in sources if source))
