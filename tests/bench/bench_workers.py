"""Two workers against one: requests a second and CPU; the memory of each idle process; the pause that a reload makes.

Each worker is pinned to a core of its own. The origin, the client and the rest of the gateway run on the cores that are
left; where two workers leave none, on both. So that they take little from the workers, the page is one of 100 kB that
is read and judged, and the client is wrk, in C: client and origin together cost a seventh of what a worker does, and
two workers on two cores can reach 1.75 at most.

"Capacity" is what two workers could do on cores of their own, as a ratio to one: twice the CPU a request of one worker,
divided by that of two that work at the same time. It holds on a busy machine as well; the rates do not, so the idle
share of the cores before each round is shown.
"""

import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import psutil
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gateway.edge.edition import pieces_of
from gateway.edge.installation import read_installation
from gateway.edge.keeper.editions import Editions
from gateway.edge.worker.rulings import Rulings
from tests.bench import packages
from tests.bench.memory import at_rest, gateway_parts
from tests.bench.targets import HERE, ROOT, Load, await_port, free_port, process_seconds, running

NAME = "bench.demo.test"
ROUNDS = 5
SECONDS = 8  # of a round of wrk
WRK_CONNECTIONS = 32  # enough that the system spreads them about evenly over two listening sockets
REQUESTS = 600  # of a round of our own clients, each
CLIENTS = 2  # processes, of CONNECTIONS each
CONNECTIONS = 12
PEOPLE = 1000
QUIET = 90  # percent
HTTP = "http 100 kB HTML, wrk"
# wrk asks a proxy when the request has the absolute form.
WRK = """
request = function()
  return wrk.format("GET", "http://{name}:{port}/html100", {{
    ["Host"] = "{name}:{port}", ["Accept"] = "text/html", ["Sec-Fetch-Dest"] = "document",
    ["User-Agent"] = "Mozilla/5.0"
  }})
end
"""


@contextmanager
def gateway(origin: dict, folder: Path, workers: int) -> Iterator["Gateway"]:
    port, admin = free_port(), free_port()
    config = {
        "extends": "school",
        "people": {"pupil": {"age": 12, "listeners": ["class"]}},
        "listeners": {"class": {"port": port}},
        "workers": workers,
        "admin": {"port": admin},
        "network": {
            "hosts": {NAME: "127.0.0.1"},
            "allow-private": [f"127.0.0.1:{origin[scheme]}" for scheme in ("http", "https")],
            "connect-ports": [80, 443, origin["https"], origin["http"]],
            "upstream-ca": [origin["ca"]],
        },
        "data": str(folder / "data"),
    }
    folder.mkdir()
    (folder / "bench.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
    command = [sys.executable, "-m", "gateway.cli", "run", "--config", str(folder / "bench.yaml")]
    with running(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        await_port(admin, process)
        while "Ctrl-C" not in process.stdout.readline():
            pass
        ca = str(folder / "data" / "authority" / "root.pem")
        yield Gateway(workers, psutil.Process(process.pid), port, ca)


@dataclass(frozen=True)
class Round:
    rate: float  # requests a second
    cpu: float  # microseconds a request, of the workers
    share: float  # of the workers' CPU that the busiest took

    @classmethod
    def from_counts(cls, requests: int, seconds: float, spent: list[float]) -> "Round":
        return cls(requests / seconds, sum(spent) / requests * 1e6, max(spent) / sum(spent))


@dataclass(frozen=True)
class Gateway:
    count: int
    process: psutil.Process
    port: int
    ca: str

    def workers(self) -> list[int]:
        """The ids of the processes that serve."""
        return sorted(each.pid for each in self.process.children(recursive=True) if each.name() == "qorgan-worker")

    def place(self, others: list[int]) -> list[int]:
        """Gives each worker a core of its own and all else the cores that are left over.

        Returns those: with more cores than workers they are the last ones, with as many they are all of them.
        """
        cores = sorted(os.sched_getaffinity(0))
        rest = cores[self.count :] or cores
        for each in (self.process, *self.process.children(recursive=True)):
            pin(each.pid, rest)
        for worker, core in zip(self.workers(), cores, strict=False):
            pin(worker, [core])
        for pid in others:
            pin(pid, rest)
        return rest


def pin(pid: int, cores: list[int]) -> None:
    """All threads of a process; those that it starts later follow."""
    for task in os.listdir(f"/proc/{pid}/task"):
        os.sched_setaffinity(int(task), cores)


def spent_by(workers: list[int], before: Iterable[float] = repeat(0)) -> list[float]:
    """CPU seconds of each worker since `before`."""
    return [process_seconds(pid) - then for pid, then in zip(workers, before, strict=False)]


def by_wrk(at: Gateway, script: Path, rest: list[int]) -> Round:
    """Plain HTTP by a client in C, which costs a sixteenth of what the worker does."""
    workers = at.workers()
    command = ["taskset", "-c", ",".join(map(str, rest)), "wrk", "-t1", f"-c{WRK_CONNECTIONS}", f"-d{SECONDS}"]
    command += ["--timeout", "60", "-s", str(script), f"http://127.0.0.1:{at.port}/"]
    before, started = spent_by(workers), time.monotonic()
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seconds, spent = time.monotonic() - started, spent_by(workers, before)
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    return Round.from_counts(int(re.search(r"(\d+) requests in", said)[1]), seconds, spent)


def by_python(at: Gateway, origin: dict, clients: list[Load], kind: str) -> Round:
    """Over TLS, by our own clients, which cost a good part of what the worker does: only its CPU says anything."""
    order = {"kind": kind, "proxy": at.port, "ca": at.ca, "target": NAME, "name": NAME, "path": "/html100",
             "port": origin["https"], "requests": REQUESTS, "connections": CONNECTIONS, "streams": 4}  # fmt: skip
    workers = at.workers()
    before = spent_by(workers)
    with ThreadPoolExecutor() as threads:
        told = list(threads.map(lambda client: client.carry_out(order), clients))
    spent = spent_by(workers, before)
    return Round.from_counts(sum(each["requests"] for each in told), max(each["seconds"] for each in told), spent)


def show_memory(process: psutil.Process, workers: int) -> None:
    for part, each in at_rest(process.pid, gateway_parts(workers)).items():
        print(f"  {part:<16} {each} MB")


def compare(origin: dict, others: list[int], clients: list[Load], folder: Path) -> None:
    figures: dict[tuple[str, int], list[Round]] = {}
    idle = []
    script = folder / "wrk.lua"
    script.write_text(WRK.format(name=NAME, port=origin["http"]))
    with gateway(origin, folder / "1", 1) as one, gateway(origin, folder / "2", 2) as two:
        for at in (one, two):
            print(f"idle, workers: {at.count}")
            show_memory(at.process, at.count)
        for number in range(ROUNDS):
            for at in (one, two) if number % 2 else (two, one):
                rest = at.place(others)
                idle.append(100 - psutil.cpu_percent(0.3))
                figures.setdefault((HTTP, at.count), []).append(by_wrk(at, script, rest))
                for kind in ("h1", "h2"):
                    row = f"{kind} 100 kB HTML, own clients"
                    figures.setdefault((row, at.count), []).append(by_python(at, origin, clients, kind))
    show(figures, statistics.median(idle))


def show(figures: dict[tuple[str, int], list[Round]], idle: float) -> None:
    print(f"cores {len(os.sched_getaffinity(0))}, idle before a round {idle:.0f} % (median)")
    if idle < QUIET:
        print(f"The cores were less than {QUIET} % idle: the rates say nothing, look at the capacity.")
    print(f"{'':30}{'one worker':>18}{'two workers':>18}{'rate':>8}{'busier':>9}{'capacity':>10}")
    print(f"{'':30}{'req/s   CPU µs':>18}{'req/s   CPU µs':>18}{'ratio':>8}{'took':>9}{'ratio':>10}")
    for row in dict.fromkeys(row for row, _ in figures):
        (rate, cpu, _), (rate_2, cpu_2, share) = (
            [
                statistics.median(getattr(each, column) for each in figures[row, count])
                for column in Round.__match_args__
            ]
            for count in (1, 2)
        )
        line = f"{row:30}{rate:>9.0f}{cpu:>9.0f}{rate_2:>9.0f}{cpu_2:>9.0f}{rate_2 / rate:>8.2f}"
        print(f"{line}{share:>9.0%}{2 * cpu / cpu_2:>10.2f}")


def pauses(folder: Path) -> None:
    """The longest time that a worker's event loop stood still while it made and swapped a ruling."""
    names = [f"p{number}" for number in range(PEOPLE)]
    policy = {
        "extends": "school",
        "people": {name: {"age": 7 + number % 12, "logins": name} for number, name in enumerate(names)},
        "groups": {f"class-{number}": names[number::40] for number in range(40)},
        "block": [{"host": f"h{number}.test", "for": f"class-{number % 40}"} for number in range(200)],
    }
    file = folder / "school.yaml"
    gaps, whole, still = [], [], []

    async def ticking(seen: list[float]) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            seen.append(now - last)
            last = now

    async def reload(number: int) -> None:
        file.write_text(yaml.safe_dump({**policy, "language": ("kk", "ru", "en")[number % 3]}, sort_keys=False))
        draft = await asyncio.to_thread(editions.draft)
        pieces = [{**piece, "serial": f"far-{number}"} for piece in pieces_of(draft.editions[-1])]
        seen: list[float] = []
        tick = asyncio.create_task(ticking(seen))
        await asyncio.sleep(0.2)
        still.append(max(seen))
        seen.clear()
        started = time.perf_counter()
        for piece in pieces:
            rulings.take(piece)
        await rulings.prepare([f"far-{number}"])
        rulings.put_in_force(f"far-{number}")
        await asyncio.sleep(0.01)
        whole.append(time.perf_counter() - started)
        tick.cancel()
        gaps.append(max(seen))

    async def main() -> None:
        for number in range(6):
            await reload(number)

    file.write_text(yaml.safe_dump(policy, sort_keys=False))
    editions = Editions(read_installation(file, folder / "data"))
    rulings = Rulings(folder / "data", lambda _ruling: None)
    asyncio.run(main())
    print(f"reload of {PEOPLE} people: {statistics.median(whole) * 1000:.0f} ms beside the loop")
    for title, found in (("without a reload", still), ("with one", gaps)):
        middle, worst = statistics.median(found) * 1000, max(found) * 1000
        print(f"  longest time that the loop stood still {title}: {middle:.1f} ms (median; worst {worst:.1f})")


def main() -> None:
    packages.ensure(packages.CLIENT)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pauses(folder)
        origin = stack.enter_context(running([sys.executable, str(HERE / "origin.py")], **pipes))
        loads = [stack.enter_context(running([sys.executable, str(HERE / "load.py")], **pipes)) for _ in range(CLIENTS)]
        others = [origin.pid, *(each.pid for each in loads)]
        compare(json.loads(origin.stdout.readline()), others, [Load(each) for each in loads], folder)


if __name__ == "__main__":
    main()
