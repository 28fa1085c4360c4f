"""What a page load costs under each sight: 60 requests over 12 hosts, each with a TLS connection of its own.

One gateway, as a school runs it; three sets of hosts, alike but for what is known of them, in turn:

* everything: known hosts, all of them opened, as before anything is learned;
* cold: hosts that nobody has asked for before (leaves are minted, the page's host is visited);
* warm: eleven of the twelve were learned from traffic to serve parts of pages only, the page's host is opened.

CPU is that of the gateway's process tree, a page load; the ratio is what the issue asks for (warm at most 0.35 of
everything). The verdicts must be the same in all three: a page and its parts pass, a page rated for adults does not.
`python tests/bench/bench_pages.py [--rounds N] [--protocol h1|h2]`.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gateway.hosts.record import record_name
from gateway.hosts.traffic import Learned, Traffic
from gateway.store.database import Database
from gateway.store.learned import HostSeen, LearnedStore
from tests.bench.targets import NAMES, Load, Target, origin_and_load, qorgan

HOSTS = 12
REQUESTS = 60
WARM = range(NAMES - HOSTS, NAMES)
KNOWN = range(NAMES - 2 * HOSTS, NAMES - HOSTS)
MODES = ("everything", "cold", "warm")


def name_of(number: int) -> str:
    return f"n{number}.demo.test"


def teach(port: int, data: Path) -> None:
    """Puts into a new gateway's database what it would have learned of the warm hosts."""
    data.mkdir(mode=0o700)
    now = datetime.now(UTC)

    def seen(number: int) -> HostSeen:
        host = record_name(name_of(number), port)
        traffic = Traffic(host=host, since=now - timedelta(days=2), last=now, shown=100)
        return HostSeen(traffic, Learned(host=host, what="parts", until=now + timedelta(days=1), shown=True))

    async def save() -> None:
        database = Database.open(data / "qorgan.db")
        await LearnedStore(database).save([seen(number) for number in WARM[1:]], (), ())
        await database.close()

    asyncio.run(save())


class Pages:
    """Loads pages through the gateway and looks at what they cost it."""

    def __init__(self, origin: dict[str, Any], load: Load, target: Target, protocol: str, ca: Path) -> None:
        self._origin, self._load, self._target = origin, load, target
        self._protocol, self._ca = protocol, ca
        self._fresh = count(0, HOSTS)

    def numbers(self, mode: str) -> Sequence[int]:
        if mode != "cold":
            return WARM if mode == "warm" else KNOWN
        first = next(self._fresh)
        if first + HOSTS > KNOWN.start:
            raise RuntimeError("no names are left: ask for fewer rounds")
        return range(first, first + HOSTS)

    def cpu(self, mode: str) -> float:
        """CPU milliseconds of one page load."""
        orders = list(self._orders(self.numbers(mode)))
        before = self._target.cpu()
        for order in orders:
            self._load.carry_out(order)
        return (self._target.cpu() - before) * 1e3

    def verdicts(self, mode: str) -> list[set[str]]:
        """The statuses that each request of a page load gets, and those of a page rated for adults."""
        orders = list(self._orders(self.numbers(mode)))
        rated = {**orders[0], "path": "/rated", "requests": 1, "streams": 1}
        return [set(self._load.ask(order)["statuses"]) for order in (*orders, rated)]

    def _orders(self, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
        page, *others = numbers
        yield {**self._order(page, "/html20", REQUESTS // HOSTS), "then": "/image1"}
        for number in others:
            yield self._order(number, "/image1", REQUESTS // HOSTS)

    def _order(self, number: int, path: str, requests: int) -> dict[str, Any]:
        return {
            "kind": self._protocol,
            "proxy": self._target.port,
            "ca": str(self._ca),
            "target": name_of(number),
            "name": name_of(number),
            "port": self._origin["https"],
            "path": path,
            "requests": requests,
            "connections": 1,
            "streams": requests,
            "first": 0,
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=20, help="page loads of each kind (20)")
    parser.add_argument("--protocol", choices=("h1", "h2"), action="append", help="only this one")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        origin, load = stack.enter_context(origin_and_load())
        target = stack.enter_context(qorgan(origin, folder, lambda data: teach(origin["https"], data)))
        trusted = folder / "trusted.pem"  # a connection that is passed has the origin's certificate
        trusted.write_bytes(target.ca.read_bytes() + Path(origin["ca"]).read_bytes())
        for protocol in chosen.protocol or ("h1", "h2"):
            pages = Pages(origin, load, target, protocol, trusted)
            found: dict[str, list[float]] = {mode: [] for mode in MODES}
            verdicts = {json.dumps([sorted(each) for each in pages.verdicts(mode)]) for mode in MODES}
            if len(verdicts) > 1:
                raise RuntimeError(f"the verdicts differ: {verdicts}")
            for number in range(chosen.rounds + 2):
                for mode in MODES if number % 2 else reversed(MODES):
                    cost = pages.cpu(mode)
                    if number > 1:
                        found[mode].append(cost)
            medians = {mode: statistics.median(costs) for mode, costs in found.items()}
            print(f"{protocol}: CPU ms a page load: " + ", ".join(f"{mode} {medians[mode]:.1f}" for mode in MODES))
            ratio = statistics.fmean(found["warm"]) / statistics.fmean(found["everything"])
            cold = medians["cold"] / medians["everything"]
            print(f"    warm / everything {ratio:.2f} (means), cold / everything {cold:.2f}")
            print(f"    same verdicts: {verdicts.pop()}")


if __name__ == "__main__":
    main()
