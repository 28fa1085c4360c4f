"""What is known of hosts, by name: a host or the nearest name above it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
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
    """Compiled: a look-up in the lists, and a dictionary look-up for each label of a name whose end is recorded.

    Build with `HostIndex.of`.
    """

    records: Mapping[str, HostRecord] = field(default_factory=lambda: MappingProxyType({}))
    listed: Listed | None = None  # what big lists say
    _found: Callable[[str], HostRecord | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Not bound to this value: a circle would keep the mapped lists until the collector comes by.
        object.__setattr__(self, "_found", _Found(self.records, self.listed).__getitem__)

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


class _Found(dict[str, HostRecord | None]):
    """What is known of the hosts that were asked for. Asked for another, it finds that out.

    It forgets all of them when they are too many: a host that is asked for often is then found once more. To keep
    them in the order of their use would cost each first look-up a tenth of its time.
    """

    __slots__ = ("_ends", "_listed", "_recorded")

    def __init__(self, records: Mapping[str, HostRecord], listed: Listed | None) -> None:
        super().__init__()
        self._recorded = dict(records)
        self._ends = frozenset(map(end_of, records))  # most hosts end like none of them, and are sought no further
        self._listed = None if listed is None else listed.lookup

    def __missing__(self, host: str) -> HostRecord | None:
        said = None if self._listed is None else self._listed(host)
        # Here as `ends_like` has it, written out: this is the hot path.
        dot = host.rfind(".")
        ends = self._ends
        if host[host.rfind(".", 0, dot) + 1 :] in ends or host[dot + 1 :] in ends:
            said = self._over(host, said)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[host] = said
        return said

    def _over(self, host: str, said: HostRecord | None) -> HostRecord | None:
        """The nearest record of a host, with what lists say of it."""
        record = next((self._recorded[name] for name in suffixes(host) if name in self._recorded), None)
        if record is None:
            return said
        return record if said is None else _combined(record, said)


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
