"""What a request costs: Qorgan against the filters that a user would pick instead from Debian, and stock mitmdump.

`python -m tests.bench.bench_peers [--quick] [--rounds N] [--only WORD] [--keep]` (`make bench-peers`, as root). All run
at once and are asked in turn; the order of the rounds turns. First it is looked whether each really filters and opens.
CPU is that of a proxy's whole process tree, with helpers and what ended. `--keep` adds the figures to history.jsonl.
See README.md beside this file for how to read them.
"""

import argparse
import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.bench import canaries, packages, peer_table
from tests.bench.bench_proxy import Kind, Measuring, Round, keep
from tests.bench.memory import at_rest
from tests.bench.peer_table import Figure, Figures
from tests.bench.peers import HTTPS_ADDRESS, PEERS
from tests.bench.targets import SPLICED, STARTS, Target, origin_and_load

KINDS = (
    Kind("HTTP, 1 kB image", "http", "/image1", 400),
    Kind("HTTP, 20 kB HTML", "http", "/html20", 200),
    Kind("HTTP, 100 kB HTML", "http", "/html100", 80),
    Kind("HTTPS, 1 kB image", "h1", "/image1", 200),
    Kind("HTTPS, 20 kB HTML", "h1", "/html20", 200),
    Kind("HTTPS, 100 kB HTML", "h1", "/html100", 80),
    Kind("new TLS, known host", "connect", "/image1", 80),
    Kind("new TLS, new host", "connect", "/image1", 40, name="n{n}.demo.test"),
    Kind("splice, 1 kB image", "h1", "/image1", 800, name=SPLICED),
)
_TRIES = 3  # of a peer's round


def again(measuring: Measuring, target: Target, kind: Kind, share: float) -> Round:
    """A round; a peer's is made anew when it answered with a page of errors, as some do now and then. Ours counts."""
    for number in range(_TRIES):
        try:
            return measuring.measure(target, kind, share)
        except RuntimeError as fault:
            if target.name == "qorgan" or number == _TRIES - 1:
                raise
            print(f"  {target.name} failed in a round of {kind.title!r}, once more: {str(fault)[:300]}", flush=True)
    raise AssertionError("every try returns or raises")


def run(targets: list[Target], kinds: list[Kind], measuring: Measuring, rounds: int, share: float) -> Figures:
    """Medians by row and proxy; a round of warming before the rounds is not counted."""
    found: dict[str, dict[str, list[Round]]] = {kind.title: {target.name: [] for target in targets} for kind in kinds}
    for kind in kinds:
        started = time.monotonic()
        for target in targets:
            again(measuring, target, kind, share / 5)
        for number in range(rounds):
            for target in targets if number % 2 else reversed(targets):
                found[kind.title][target.name].append(again(measuring, target, kind, share))
        seen = (
            f"{name} {statistics.median(each.cpu for each in of_it):.0f}" for name, of_it in found[kind.title].items()
        )
        print(f"  {kind.title}, CPU µs: {', '.join(seen)} ({time.monotonic() - started:.0f} s)", flush=True)
    return {
        title: {
            name: Figure(
                statistics.median(a_round.cpu for a_round in of_it),
                statistics.median(a_round.rate for a_round in of_it),
                # The ratio of each pair of rounds: what disturbed one round mostly disturbed its pair.
                statistics.median(ours.cpu / theirs.cpu for ours, theirs in zip(row["qorgan"], of_it, strict=True)),
            )
            for name, of_it in row.items()
        }
        for title, row in found.items()
    }


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="three short rounds")
    parser.add_argument("--rounds", type=int, help="how many rounds (7, or 3 with --quick)")
    parser.add_argument("--only", metavar="WORD", action="append", help="only rows whose title has this word")
    parser.add_argument("--keep", action="store_true", help="add the figures to history.jsonl")
    return parser.parse_args()


def main() -> None:
    chosen = options()
    packages.ensure(packages.PEERS)
    if os.geteuid() != 0:
        raise SystemExit("The peers need root: for a hosts file of their own (mount) and an origin on port 443.")
    rounds, share = chosen.rounds or (3 if chosen.quick else 7), 0.4 if chosen.quick else 1.0
    kinds = [kind for kind in KINDS if not chosen.only or any(word in kind.title for word in chosen.only)]
    versions = packages.versions()
    print("peers: " + ", ".join(f"{name} {version}" for name, version in versions.items()))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        origin, load = stack.enter_context(origin_and_load(f"{HTTPS_ADDRESS}:443"))
        starts = (STARTS["mitmdump"], *PEERS.values(), STARTS["qorgan"])
        targets = [stack.enter_context(start(origin, folder)) for start in starts]
        ours = targets[-1]
        at_rest(ours.pid, ours.parts)  # its ports are open before its processes have loaded
        idle = {target.name: target.pss() >> 20 for target in targets}
        print("what each does, as seen now:")
        print("\n".join(f"  {line}" for line in canaries.look(targets, origin)), flush=True)
        figures = run(targets, kinds, Measuring(origin, load), rounds, share)
        after = {target.name: target.pss() >> 20 for target in targets}
    memory = {"idle": idle, "after": after}
    demands = peer_table.demands(figures)
    print(peer_table.plain(figures, memory))
    print(peer_table.asked(demands))
    print("\nfor the README:\n\n" + peer_table.markdown(figures, memory))
    if chosen.keep:
        keep("peers", {**peer_table.kept(figures, demands), "pss_mb": memory, "versions": versions})


if __name__ == "__main__":
    main()
