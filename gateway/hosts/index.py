"""What is known of hosts, by name: a host or the nearest name above it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Self

from gateway.hosts.record import HostRecord
from gateway.hosts.suffix import suffixes

# These kinds hold against other entries of the same host: a help line is never blocked, private traffic never opened.
_LASTING: Final = ("help-line", "private")


@dataclass(frozen=True, slots=True)
class HostIndex:
    """Compiled: one dictionary look-up for each label of a name. Build with `HostIndex.of`."""

    records: Mapping[str, HostRecord] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, shipped: Iterable[HostRecord], own: Iterable[HostRecord] = ()) -> Self:
        """An index of the shipped entries and the policy's own; the own win over the shipped.

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
        return cls(MappingProxyType(records))

    def lookup(self, host: str) -> HostRecord | None:
        """The record of `host` (canonical), or of the nearest name above it; None when nothing is known.

        The record's `host` is the listed name, which may stand above the one that was asked for.
        """
        records = self.records
        for suffix in suffixes(host):
            record = records.get(suffix)
            if record is not None:
                return record
        return None


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
