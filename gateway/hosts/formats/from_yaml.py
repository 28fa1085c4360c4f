"""Our own host files as lists: every entry says itself what its host is. A bad entry is left out, not the file."""

from collections.abc import Iterator, Sequence
from typing import Final

from gateway.hosts.entry import Covers, Entry, Nature
from gateway.hosts.formats.faults import Faults
from gateway.hosts.list_name import BadLine, host_of
from gateway.hosts.lists import HostFileShape
from gateway.policy.assembly import record_of
from gateway.policy.draft import read_shape
from gateway.policy.parse import Node, locate, parse
from gateway.policy.shape import HostShape
from gateway.problems import Problem, ProblemsFound

MOST_BYTES: Final = 32 << 20
_LASTING: Final = frozenset({"help-line", "private"})


def read_yaml(text: str, file: str, faults: Faults) -> Iterator[Entry]:
    """The entries of a host file. Faults of the file and of its entries go to `faults`."""
    try:
        root = parse(text, file, max_bytes=MOST_BYTES)
    except ProblemsFound as found:
        faults.extend("not YAML", found.problems)
        return
    head = Node({key: node for key, node in root.entries.items() if key != "hosts"}, root.line, root.column)
    problems: list[Problem] = []
    shape = read_shape(HostFileShape, head, file, problems)
    if not root.entries:
        problems.append(Problem(file, root.line, root.column, "this is no host file", "it begins with hosts:"))
    faults.extend("key", problems)
    if shape is None:
        return
    for node in root.entries.get("hosts", head).items:
        yield from _entry(node, file, shape, faults)


def _entry(node: Node, file: str, shape: HostFileShape, faults: Faults) -> Sequence[Entry]:
    problems: list[Problem] = []
    entry = read_shape(HostShape, node, file, problems)
    faults.extend("entry", problems)
    if entry is None:
        return ()
    kind = entry.kind or shape.kind
    try:
        # What is private is not closed by it: a whole suffix may be (gov.kz).
        host = host_of(entry.host, suffixes=kind in _LASTING)
    except BadLine as bad:
        faults.add(bad.sort, Problem(file, *locate(node, ("host",)), bad.message))
        return ()
    known = record_of(entry.model_copy(update={"kind": kind, "topics": (*shape.topics, *entry.topics)}), file)
    nature = Nature(kind=known.kind, topics=known.topics, exempt=known.exempt, audience=known.audience)
    return () if host is None else (Entry(host, Covers.ALL, nature=nature),)
