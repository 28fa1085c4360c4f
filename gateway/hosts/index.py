"""What is known of hosts, by name: a host or the nearest name above it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Final, Self

from gateway.document.url import Url
from gateway.hosts.listed import Listed
from gateway.hosts.record import HostRecord
from gateway.hosts.suffix import end_of, suffixes

# These kinds hold against other entries of the same host: a help line is never blocked, private traffic never opened.
_LASTING: Final = ("help-line", "private")


_REMEMBERED: Final = 4_096  # hosts that were asked for; a page asks for few, and often


@dataclass(frozen=True, slots=True)
class HostIndex:
    """Compiled: one walk through the lists, and a dictionary look-up for each label of a name whose end is recorded.

    Build with `HostIndex.of`.
    """

    records: Mapping[str, HostRecord] = field(default_factory=lambda: MappingProxyType({}))
    listed: Listed | None = None  # what big lists say
    _found: Callable[[str], HostRecord | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Not bound to this value: a circle would keep the mapped lists until the collector comes by.
        find = partial(_find, dict(self.records).get, frozenset(map(end_of, self.records)), self.listed)
        object.__setattr__(self, "_found", lru_cache(_REMEMBERED)(find))

    @classmethod
    def of(cls, shipped: Iterable[HostRecord], own: Iterable[HostRecord] = (), listed: Listed | None = None) -> Self:
        """An index of the shipped entries and the policy's own, over lists; the own win over the shipped.

        Several entries of one host are laid together (topics of all of them), and a name takes over what is said of
        the names above it, as far as nothing nearer is said.
        """
        records: dict[str, HostRecord] = {}
        for record in (*shipped, *own):
            known = records.get(record.host)
            records[record.host] = record if known is None else _together(known, record)
        # The shorter names first, so that what stands above a name is complete when the name takes it over.
        for host in sorted(records, key=lambda name: name.count(".")):
            above = next((records[suffix] for suffix in suffixes(host) if suffix != host and suffix in records), None)
            if above is not None:
                records[host] = _laid_over(above, records[host])
        return cls(MappingProxyType(records), listed)

    def lookup(self, host: str) -> HostRecord | None:
        """The record of `host` (canonical), or of the nearest name above it; None when nothing is known.

        The record's `host` is the listed name, which may stand above the one that was asked for.
        """
        return self._found(host)

    def lookup_address(self, url: Url) -> HostRecord | None:
        """The record of the address's host, with what lists say of this very address: by its path, by an expression."""
        record = self._found(url.host)
        if self.listed is None:
            return record
        of_address = self.listed.lookup_address(url)
        if of_address is None:
            return record
        return of_address if record is None else _listed_over(record, of_address)


def _find(
    known: Callable[[str], HostRecord | None], ends: frozenset[str], listed: Listed | None, host: str
) -> HostRecord | None:
    """`known` by name, and the `ends` of these names: most hosts end like none of them, and are sought no further."""
    said = listed.lookup(host) if listed is not None else None
    # Here and below as `ends_like` and `suffixes` have it, written out: this is the hot path.
    dot = host.rfind(".")
    if host[host.rfind(".", 0, dot) + 1 :] not in ends and host[dot + 1 :] not in ends:
        return said
    name = host
    is_address = host[-1:].isdigit() or ":" in host
    while True:
        record = known(name)
        if record is not None:
            return record if said is None else _combined(record, said)
        at = name.find(".")
        if at < 0 or is_address:
            return said
        name = name[at + 1 :]


def _combined(record: HostRecord, said: HostRecord) -> HostRecord:
    """What is recorded of a host and what lists say of it, each of its nearest name."""
    if len(said.host) > len(record.host):
        return _listed_over(record, said)
    if said.host == record.host:
        return _together(said, record)
    return _laid_over(said, record)


def _listed_over(record: HostRecord, said: HostRecord) -> HostRecord:
    """A list's nearer entry over a record. No list takes a lasting kind away, wherever below it speaks."""
    laid = _laid_over(record, said)
    kept = record.kind if record.kind in _LASTING else laid.kind
    return replace(laid, kind=kept, reading=record.reading, until=record.until, site_files=record.site_files)


def _together(earlier: HostRecord, later: HostRecord) -> HostRecord:
    """Two entries of one host: the later one wins, but a lasting kind stays."""
    laid = _laid_over(earlier, later)
    return replace(laid, kind=earlier.kind) if earlier.kind in _LASTING else laid


def _laid_over(under: HostRecord, over: HostRecord) -> HostRecord:
    """Topics of both; of the rest what `over` says, and what it leaves open from `under`."""
    sources = dict.fromkeys(source for source in (over.source, under.source) if source)
    return replace(
        over,
        kind=over.kind or under.kind,
        topics=under.topics | over.topics,
        exempt=over.exempt or under.exempt,
        audience="limited" if "limited" in (under.audience, over.audience) else "public",
        source="; ".join(sources),
    )
