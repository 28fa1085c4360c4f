"""What a request costs: the gateway against stock mitmdump and against the least of mitmproxy, in one run.

`python tests/bench/bench_proxy.py [--quick] [--rounds N] [--only WORD] [--against NAME …] [--keep]`. Rounds are
interleaved and their order turns, so that other load on the machine falls on all alike; the medians are shown.
CPU is that of a proxy's whole process tree. Compare the ratios; absolute times are those of one machine.
`--keep` adds the figures to history.jsonl.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.memory import at_rest, in_megabytes, told
from tests.bench.origin import described
from tests.bench.targets import NAMES, ROOT, SPLICED, STARTS, Load, Target, origin_and_load

HISTORY = Path(__file__).with_name("history.jsonl")


@dataclass(frozen=True)
class Kind:
    """One row: what is asked, how often in a round, over how many connections, and streams on each."""

    title: str
    kind: str
    path: str
    requests: int
    connections: int = 8
    streams: int = 1
    name: str = "bench.demo.test"


KINDS = (
    Kind("http 1 kB image", "http", "/image1", 800),
    Kind("http 20 kB HTML", "http", "/html20", 800),
    Kind("http 100 kB image", "http", "/image100", 600),
    Kind("h1 1 kB image", "h1", "/image1", 800),
    Kind("h1 20 kB HTML", "h1", "/html20", 800),
    Kind("h1 100 kB HTML", "h1", "/html100", 400),
    Kind("h1 100 kB image", "h1", "/image100", 600),
    Kind("h2 1 kB image", "h2", "/image1", 800, 2, 10),
    Kind("h2 20 kB HTML", "h2", "/html20", 800, 2, 10),
    Kind("h2 100 kB HTML", "h2", "/html100", 400, 2, 10),
    Kind("h2 100 kB image", "h2", "/image100", 400, 2, 10),
    Kind("new TLS, known name", "connect", "/image1", 120),
    Kind("new TLS, new name", "connect", "/image1", 80, name="n{n}.demo.test"),
    Kind("splice 1 kB", "h1", "/image1", 1_600, name=SPLICED),
    Kind("splice 100 kB", "h1", "/image100", 600, name=SPLICED),
    Kind("h1 300 MB stream", "h1", "/stream", 1, 1),
    Kind("h2 300 MB stream", "h2", "/stream", 1, 1),
)


@dataclass(frozen=True)
class Round:
    """Of one request, unless it says otherwise."""

    cpu: float  # microseconds
    rate: float  # requests a second
    first: float  # milliseconds to the head of the response
    peak: float  # MB that the round added to the proxy's memory at most


class Measuring:
    """Gives orders to the client and looks at what they cost the proxy."""

    def __init__(self, origin: dict[str, Any], load: Load) -> None:
        self._origin, self._load = origin, load
        self._names = count()

    def measure(self, target: Target, kind: Kind, share: float = 1.0) -> Round:
        requests = max(kind.connections, round(kind.requests * share))
        order = {
            **target.order(self._origin, kind.kind, kind.name),
            "path": kind.path,
            "requests": requests,
            "connections": kind.connections,
            "streams": kind.streams,
            "first": self._first(kind, requests),
        }
        target.forget_peaks()
        memory, before = target.rss(), target.cpu()
        answer = self._load.carry_out(order)
        spent, done = target.cpu() - before, answer["requests"]
        if answer["bytes"] != done * described(kind.path)[2]:  # some proxies send a page about an error with 200
            raise RuntimeError(f"{target.name}, {kind.title}: {answer['bytes']} bytes are not {done} whole answers")
        return Round(
            spent / done * 1e6, done / answer["seconds"], answer["first_ms"], (target.peak() - memory) / (1 << 20)
        )

    def _first(self, kind: Kind, requests: int) -> int:
        """The number of the first name of a round; no name is used twice."""
        if "{n}" not in kind.name:
            return 0
        first = next(self._names) * requests
        if first + requests > NAMES:
            raise RuntimeError(f"more than {NAMES} names would be needed: ask for fewer rounds")
        return first


def run(targets: list[Target], kinds: list[Kind], measuring: Measuring, rounds: int, share: float) -> dict[str, Any]:
    print(f"{'CPU µs a request':22}" + "".join(f"{target.name:>10}" for target in targets), end="")
    print("".join(f"{'/' + target.name:>11}" for target in targets[:-1]) + f"{'first ms':>20}{'added MB':>18}")
    figures = {}
    for kind in kinds:
        found: dict[str, list[Round]] = {target.name: [] for target in targets}
        warming = replace(kind, path="/image1", requests=kind.connections) if kind.path == "/stream" else kind
        for target in targets:
            measuring.measure(target, warming, share / 5)  # leaves, caches, host records
        for number in range(rounds):
            for target in targets if number % 2 else reversed(targets):
                found[target.name].append(measuring.measure(target, kind, share))
        figures[kind.title] = show(kind.title, found)
    return figures


def show(title: str, found: dict[str, list[Round]]) -> dict[str, Any]:
    def median(name: str, column: str) -> float:
        return statistics.median(getattr(a_round, column) for a_round in found[name])

    *others, ours = found
    cpu = {name: median(name, "cpu") for name in found}
    # The ratio of each pair of rounds, not of the medians: what disturbed one round mostly disturbed its pair.
    ratios = {
        name: statistics.median(mine.cpu / theirs.cpu for mine, theirs in zip(found[ours], found[name], strict=True))
        for name in others
    }
    line = f"{title:22}" + "".join(f"{value:>10.0f}" for value in cpu.values())
    line += "".join(f"{ratio:>11.2f}" for ratio in ratios.values())
    line += f"{'  '.join(f'{median(name, "first"):.1f}' for name in found):>20}"
    line += f"{'  '.join(f'{max(a_round.peak for a_round in found[name]):.0f}' for name in found):>18}"
    print(line, flush=True)
    return {
        "cpu_us": {name: round(value) for name, value in cpu.items()},
        "ratio": {name: round(value, 3) for name, value in ratios.items()},
    }


def keep(bench: str, entry: dict[str, Any]) -> None:
    """Adds a line to history.jsonl."""
    described = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    commit = subprocess.run(described, capture_output=True, text=True).stdout.strip()
    when = {"bench": bench, "day": datetime.now(UTC).date().isoformat(), "commit": commit}
    with HISTORY.open("a") as file:
        file.write(json.dumps({**when, "python": platform.python_version(), **entry}) + "\n")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="three short rounds, without the long streams")
    parser.add_argument("--rounds", type=int, help="how many rounds (7, or 3 with --quick)")
    parser.add_argument("--only", metavar="WORD", action="append", help="only rows whose title has this word")
    parser.add_argument("--against", nargs="*", choices=[name for name in STARTS if name != "qorgan"])
    parser.add_argument("--keep", action="store_true", help="add the figures to history.jsonl")
    return parser.parse_args()


def main() -> None:
    chosen = options()
    rounds, share = chosen.rounds or (3 if chosen.quick else 7), 0.4 if chosen.quick else 1.0
    kinds = [kind for kind in KINDS if not chosen.only or any(word in kind.title for word in chosen.only)]
    if chosen.quick:
        kinds = [kind for kind in kinds if kind.requests > 1]
    against = ["mitmdump", "minimal"] if chosen.against is None else chosen.against
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        origin, load = stack.enter_context(origin_and_load())
        targets = [stack.enter_context(STARTS[name](origin, folder)) for name in (*against, "qorgan")]
        memory = {target.name: at_rest(target.pid, target.parts) for target in targets}
        for name, parts in memory.items():
            print(f"idle MB, {name}: {told(parts)}")
        figures = run(targets, kinds, Measuring(origin, load), rounds, share)
    if chosen.keep:
        keep("proxy", {"idle_mb": {name: in_megabytes(parts) for name, parts in memory.items()}, "figures": figures})


if __name__ == "__main__":
    main()
