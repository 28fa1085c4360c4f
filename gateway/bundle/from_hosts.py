"""What is known of hosts → plain values: the policy's own and the shipped entries, and of lists what is short.

Lists of millions of names stay on the gateway. The bundle says which of them it lacks, so that a verdict that was
given alone knows what it did not see.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from gateway.hosts.index import HostIndex
from gateway.hosts.listed import Listed
from gateway.hosts.record import HostRecord
from gateway.hosts.table import MOST_SPELT
from gateway.policy.lists import ListSource

MOST_LISTED: Final = MOST_SPELT  # names of all lists together that go into a bundle
MOST_ASKED: Final = 2_000  # hosts that a device asked about
_BELOW: Final = "_."  # of a name: any name below it of which nobody says anything nearer


def host_values(index: HostIndex, lists: Iterable[ListSource]) -> dict[str, Any]:
    """`hosts`: each name with all below it; `exact`: names of which something else holds; `lacks`: lists left out."""
    listed = index.listed
    whole: set[str] = set()  # names of the lists that are in
    named = set(index.records)
    if listed is not None and (spelt := _spelt(listed)) is not None:
        whole.update(each["name"] for each in listed.mapped.lists)
        named.update(spelt)
    below = {name: _said(_below(index, name)) for name in sorted(named)}
    itself = {name: _said(index.lookup(name)) for name in below}
    return {
        "hosts": below,
        "exact": {name: said for name, said in itself.items() if said != below[name]},
        "lacks": [_lacking(source) for source in lists if source.name not in whole],
    }


def asked_values(index: HostIndex, hosts: Iterable[str]) -> dict[str, Any]:
    """What is known of hosts (canonical) that a device asked about, lists included; of the first MOST_ASKED."""
    names = (name for _, name in zip(range(MOST_ASKED), dict.fromkeys(hosts), strict=False))
    return {name: said for name in names if (said := _said(index.lookup(name)))}


def _spelt(listed: Listed) -> Sequence[str] | None:
    """All names in the lists; None: they are too many, or names are not all that the lists say."""
    mapped = listed.mapped
    spelt = mapped.hosts.spelt
    is_short = spelt is not None and len(spelt) <= MOST_LISTED
    return spelt if is_short and not len(mapped.paths.trie) and listed.expressions is None else None


def _below(index: HostIndex, name: str) -> HostRecord | None:
    is_address = ":" in name or name[-1:].isdigit()
    return index.lookup(name if is_address else _BELOW + name)


def _said(record: HostRecord | None) -> dict[str, Any]:
    """What a decision asks of a record; empty when nothing is known. Where it was learned stays on the gateway."""
    return {} if record is None else dict(_fields(record))


def _fields(record: HostRecord) -> Iterator[tuple[str, Any]]:
    if record.kind is not None:
        yield "kind", record.kind
    if record.topics:
        yield "topics", sorted(record.topics)
    if record.exempt is not None:
        yield "exempt", {"ground": record.exempt.ground.value, "evidence": record.exempt.evidence}
    if record.audience != "public":
        yield "audience", record.audience


def _lacking(source: ListSource) -> dict[str, Any]:
    return {"name": source.name, "topics": sorted(source.topics), "kind": source.kind}
