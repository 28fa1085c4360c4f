"""Host lists in YAML (policies/hosts) → records."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from gateway.hosts.index import HostIndex
from gateway.hosts.listed import Listed
from gateway.hosts.record import HostRecord
from gateway.policy.assembly import record_of
from gateway.policy.draft import read_shape
from gateway.policy.parse import Node, parse
from gateway.policy.shape import Host, HostList, Kind, Shape, Words, entries
from gateway.policy.source import Source, Written
from gateway.problems import Problem, ProblemsFound

_PRIVATE: Final = "private"


class NeverSignedShape(Shape):
    """A host for which the gateway cannot make a certificate (gateway/edge/authority)."""

    host: Host
    why: str
    source: str


class HostFileShape(Shape):
    """A host file: entries, and the kind and topics that all of them share."""

    about: str = Field("", description="what the list is, and what it is not")
    checked: str = Field("", description="the day on which somebody looked through it")
    kind: Kind | None = Field(None, description="the kind of every entry that has none of its own")
    topics: Words = Field((), description="topics of every entry")
    hosts: HostList = Field((), description="the entries; each says its source")
    never_signed: Annotated[tuple[NeverSignedShape, ...], entries] = Field(
        (), description="hosts that can never be opened, and so count as private"
    )


def build_index(texts: Mapping[str, str], own: tuple[HostRecord, ...] = (), listed: Listed | None = None) -> HostIndex:
    """The index of shipped host files (path → text) with a policy's `own` entries over them, and its lists below.

    Raises ProblemsFound with every problem of the files.
    """
    return HostIndex.of(read_hosts(texts), own, listed)


def read_hosts(texts: Mapping[str, str]) -> tuple[HostRecord, ...]:
    """Every entry of the host files (path → text). Raises ProblemsFound with every problem of all files."""
    problems: list[Problem] = []
    records: list[HostRecord] = []
    for file, text in sorted(texts.items()):
        try:
            root = parse(text, file)
        except ProblemsFound as found:
            problems += found.problems
            continue
        records += _records_of(root, file, problems)
    if problems:
        raise ProblemsFound(problems)
    return tuple(records)


def _records_of(root: Node, file: str, problems: list[Problem]) -> list[HostRecord]:
    shape = read_shape(HostFileShape, root, file, problems)
    if shape is None:
        return []
    source = Source(file, root)
    records = []
    for index, entry in enumerate(shape.hosts):
        written = Written(entry, source, ("hosts", index))
        if not entry.source:
            problems.append(written.problem(f"{entry.host} does not say its source", "add source:"))
        kind, topics = entry.kind or shape.kind, (*shape.topics, *entry.topics)
        records.append(record_of(entry.model_copy(update={"kind": kind, "topics": topics}), written.where))
    never_signed = [HostRecord(host=entry.host, kind=_PRIVATE, source=entry.source) for entry in shape.never_signed]
    return records + never_signed
