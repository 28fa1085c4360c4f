"""Two workers against one: requests a second and CPU; the memory of each idle process; the pause that a reload makes.

The clients and the origin run on the same cores, with a niceness of 10 so that they give way. A round's CPU is that of
the gateway's whole process tree. Figures of two workers mean little where the cores do other work meanwhile: the
idle share of the cores before each round is shown.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gateway.edge.edition import pieces_of
from gateway.edge.installation import read_installation
from gateway.edge.keeper.editions import Editions
from gateway.edge.worker.rulings import Rulings
from tests.bench.targets import HERE, ROOT, Load, await_port, free_port, running

NAME = "bench.demo.test"
ROUNDS = 5
REQUESTS = 2000
CLIENTS = 2  # processes, of CONNECTIONS each
CONNECTIONS = 8
PEOPLE = 1000
NICE = ["nice", "-n", "10"]


@contextmanager
def gateway(origin: dict, folder: Path, workers: int) -> Iterator[tuple[psutil.Process, int]]:
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
        time.sleep(4)  # until the spare process has loaded
        yield psutil.Process(process.pid), port


def cpu(process: psutil.Process) -> float:
    times = [each.cpu_times() for each in [process, *process.children(recursive=True)]]
    return sum(spent.user + spent.system for spent in times)


def measure(process: psutil.Process, port: int, origin: dict, clients: list[Load], kind: str) -> tuple[float, float]:
    """(requests a second, CPU microseconds a request) of one round."""
    order = {"kind": kind, "proxy": port, "ca": origin["trust"], "target": NAME, "name": NAME, "path": "/html20",
             "port": origin["http" if kind == "http" else "https"], "requests": REQUESTS, "connections": CONNECTIONS,
             "streams": 1}  # fmt: skip
    before = cpu(process)
    with ThreadPoolExecutor() as threads:
        told = list(threads.map(lambda client: client.carry_out(order), clients))
    total = sum(each["requests"] for each in told)
    return total / max(each["seconds"] for each in told), (cpu(process) - before) / total * 1e6


def show_memory(process: psutil.Process) -> None:
    for each in [process, *process.children()]:
        taken = each.memory_full_info()
        print(f"  {each.name():<16} RSS {taken.rss >> 20:>4} MB   own {taken.uss >> 20:>4} MB")


def compare(origin: dict, clients: list[Load], folder: Path) -> None:
    figures: dict[tuple[int, str], list[tuple[float, float]]] = {}
    idle = []
    with gateway(origin, folder / "1", 1) as one, gateway(origin, folder / "2", 2) as two:
        for count, (process, _) in ((1, one), (2, two)):
            print(f"idle, workers: {count}")
            show_memory(process)
        for number in range(ROUNDS):
            for kind in ("http", "h1"):
                for count, (process, port) in ((1, one), (2, two)) if number % 2 else ((2, two), (1, one)):
                    origin["trust"] = str(folder / str(count) / "data" / "authority" / "root.pem")
                    idle.append(100 - psutil.cpu_percent(0.3))
                    figures.setdefault((count, kind), []).append(measure(process, port, origin, clients, kind))
    print(f"cores {os.cpu_count()}, idle before a round {statistics.median(idle):.0f} % (median)")
    print(f"{'':16}{'one worker':>20}{'two workers':>20}{'rate':>8}")
    print(f"{'':16}{'req/s    CPU µs':>20}{'req/s    CPU µs':>20}{'ratio':>8}")
    for name in sorted({name for _, name in figures}):
        (rate, spent), (twice, spent_twice) = (
            [statistics.median(column) for column in zip(*figures[count, name], strict=True)] for count in (1, 2)
        )
        print(f"{name:16}{rate:>10.0f}{spent:>10.0f}{twice:>10.0f}{spent_twice:>10.0f}{twice / rate:>8.2f}")


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
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pauses(folder)
        origin = stack.enter_context(running([*NICE, sys.executable, str(HERE / "origin.py")], **pipes))
        loads = [
            stack.enter_context(running([*NICE, sys.executable, str(HERE / "load.py")], **pipes))
            for _ in range(CLIENTS)
        ]
        compare(json.loads(origin.stdout.readline()), [Load(each) for each in loads], folder)


if __name__ == "__main__":
    main()
