"""A list read and put in order: lines of text, which lists that did not change need not be read for again.

A line is a key (gateway/hosts/key.py), a tab, and what is said of it.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from heapq import merge
from itertools import groupby
from typing import Any, Final

from gateway.hosts.entry import Covers, Entry, Expression, Nature, nature_of
from gateway.hosts.formats.reading import ListReader
from gateway.hosts.key import BELOW, EXCEPTION, HAS_PATHS, ONLY, key_of
from gateway.problems import Problem

FORMAT: Final = 1  # changes when a run of before must not be taken up
CHUNK: Final = 400_000  # lines that are put in order in memory at once

_SUFFIX: Final = {Covers.ALL: "", Covers.ONLY: ONLY, Covers.BELOW: BELOW}

type Spill = Callable[[list[str]], Callable[[], Iterator[str]]]


@dataclass(slots=True, kw_only=True)
class RunHead:
    """What stands before the lines of a run: how the list was read, and what its lines may say."""

    digest: str  # of the list's files and of how they were read
    natures: list[Nature] = field(default_factory=list)  # a line says 0 for the list's own, else an index from 1
    expressions: list[str] = field(default_factory=list)
    formats: dict[str, str] = field(default_factory=dict)
    entries: int = 0  # as read, with those that stand twice
    bad: dict[str, int] = field(default_factory=dict)  # sort → lines that were left out
    problems: list[Problem] = field(default_factory=list)  # the first of them
    doubts: list[Problem] = field(default_factory=list)

    def to_plain(self) -> dict[str, Any]:
        """The head in JSON values."""
        plain = asdict(self) | {"format": FORMAT}
        for nature in plain["natures"]:
            nature["topics"] = sorted(nature["topics"])
        return plain

    def to_line(self) -> str:
        return json.dumps(self.to_plain(), ensure_ascii=True)


def head_of(line: str) -> RunHead:
    """The head in the first line of a run. Raises ValueError for one that is damaged or of another version."""
    try:
        plain: dict[str, Any] = json.loads(line)
        if plain.pop("format") != FORMAT:
            raise ValueError("a run of another version")
        plain["natures"] = [nature_of(nature) for nature in plain["natures"]]
        for key in ("problems", "doubts"):
            plain[key] = [Problem(**problem) for problem in plain[key]]
        return RunHead(**plain)
    except (KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise ValueError("a damaged run") from fault


def order_list(
    files: Iterable[tuple[str, Iterable[str]]], reader: ListReader, digest: str, spill: Spill
) -> tuple[RunHead, Iterator[str]]:
    """The head and the ordered lines of a list's files (name, lines), each line once.

    `spill` puts an ordered chunk aside and gives a function that reads it again.
    """
    head = RunHead(digest=digest)
    numbers: dict[Nature | None, str] = {None: "0"}
    parts: list[Callable[[], Iterator[str]]] = []
    chunk: list[str] = []
    for file, lines in files:
        for entry in reader.read(file, lines):
            head.entries += 1
            if isinstance(entry, Expression):
                head.expressions.append(entry.pattern)
                continue
            chunk += _lines_of(entry, numbers)
            if len(chunk) >= CHUNK:
                chunk.sort()
                parts.append(spill(chunk))
                chunk = []
    chunk.sort()
    head.natures = [nature for nature in numbers if nature is not None]
    head.expressions = sorted(set(head.expressions))
    head.formats, head.bad = reader.formats, dict(reader.faults.counts)
    head.problems, head.doubts = reader.faults.kept, reader.doubts
    ordered = merge(chunk, *(part() for part in parts)) if parts else iter(chunk)
    return head, (line for line, _same in groupby(ordered))


def _lines_of(entry: Entry, numbers: dict[Nature | None, str]) -> tuple[str, ...]:
    said = EXCEPTION if entry.exception else numbers.setdefault(entry.nature, str(len(numbers)))
    key = key_of(entry.host)
    if entry.path:
        # The host itself must know that it has paths, so that others need not be asked about theirs.
        return f"{key}{HAS_PATHS}\t", f"{key}{entry.path}\t{said}"
    return (f"{key}{_SUFFIX[entry.covers]}\t{said}",)
