"""The memory of a proxy's processes, each by its part, once all of them have loaded and rest.

The gateway's ports are open before its processes have loaded, and its spare process is started two seconds after the
workers serve: what is measured earlier says how far they had come.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.targets import process_seconds, tree

_REST_SECONDS = 1.0
_REST_CPU = 0.05  # seconds of CPU in that time
_LONGEST = 120.0


@dataclass(frozen=True)
class Memory:
    """Bytes: `pss` with what is shared counted by shares, `rss` with all of it (proc(5), smaps_rollup)."""

    pss: int
    rss: int

    @classmethod
    def of(cls, pid: int) -> "Memory":
        lines = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]]
        sizes = {line[0]: int(line[1]) * 1_024 for line in lines}
        return cls(sizes["Pss:"], sizes["Rss:"])

    def __str__(self) -> str:
        return f"PSS {self.pss >> 20} RSS {self.rss >> 20}"


def gateway_parts(workers: int) -> tuple[str, ...]:
    """What the gateway's processes do, in the order in which they are started. A lone worker is the keeper too."""
    if workers == 1:
        return ("supervisor", "worker")
    return ("supervisor", "keeper", *(f"worker {number}" for number in range(1, workers + 1)), "spare")


def at_rest(pid: int, parts: Sequence[str]) -> dict[str, Memory]:
    """The memory of each process below `pid`, by the names `parts` in the order in which they were started.

    Waits until there are so many and none of them does anything. Raises TimeoutError after two minutes.
    """
    end = time.monotonic() + _LONGEST
    while time.monotonic() < end:
        processes = sorted(tree(pid))
        before = [process_seconds(each) for each in processes]
        time.sleep(_REST_SECONDS)
        if processes != sorted(tree(pid)) or len(processes) != len(parts):
            continue
        if all(process_seconds(each) - had < _REST_CPU for each, had in zip(processes, before, strict=True)):
            return {part: Memory.of(each) for part, each in zip(parts, processes, strict=True)}
    raise TimeoutError(f"{', '.join(parts)}: they are not there, or do not rest")


def in_megabytes(memory: dict[str, Memory]) -> dict[str, dict[str, int]]:
    """The same in JSON values."""
    return {part: {"pss": each.pss >> 20, "rss": each.rss >> 20} for part, each in memory.items()}


def told(memory: dict[str, Memory]) -> str:
    """One line: each part, and all together where there are several."""
    shown = [f"{part} {each}" for part, each in memory.items()]
    if len(memory) > 1:
        both = Memory(sum(each.pss for each in memory.values()), sum(each.rss for each in memory.values()))
        shown.append(f"together {both}")
    return ", ".join(shown)
