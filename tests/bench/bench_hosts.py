"""What the host index costs with five million names: compiling, opening, asking, memory of two processes.

Run it from the checkout: `python tests/bench/bench_hosts.py [NAMES]`. Budgets (DESIGN.md, section 8): a look-up in
2 µs, the file in 100 MB, opened in 0.2 s. Everything lies in a folder of its own, which is gone afterwards.
"""

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gateway.edge.lists.order import Order
from gateway.hosts.index import HostIndex
from gateway.hosts.listed import Listed, Meaning
from gateway.hosts.lists import read_hosts
from gateway.shipped import texts
from gateway.store.host_file import COMPILED, open_mapped

ROOT = Path(__file__).resolve().parents[2]
NAMES = 5_000_000
ASKED, ROUND = 200_000, 100
# Roughly as big lists have them.
SUFFIXES = {
    "com": 46, "ru": 8, "net": 6, "org": 6, "de": 4, "xyz": 4, "info": 3, "top": 3, "shop": 3, "online": 3,
    "blogspot.com": 3, "kz": 2, "co.uk": 2, "site": 2, "club": 2, "pages.dev": 2, "com.br": 1,
}  # fmt: skip
SYLLABLES = [c + v + e for c in "bcdfghjklmnprstvwz" for v in "aeiou" for e in ("", "n", "r", "s", "x", "l")]
WORDS = ["adult", "bet", "cam", "casino", "dating", "drug", "free", "game", "girls", "hot", "live", "loan", "mail"]
WORDS += ["play", "poker", "proxy", "shop", "slots", "tube", "vpn", "win"]
BELOW = ["www", "m", "ads", "cdn1", "img", "login", "live", "api", "static", "track"]


def write_names(file: Path, count: int) -> None:
    """`count` different names of about 17 characters, a quarter of them below a site."""
    draw = random.Random(1)
    suffixes = draw.choices(list(SUFFIXES), list(SUFFIXES.values()), k=1 << 16)
    seen: set[int] = set()
    with file.open("w", encoding="ascii") as out:
        number = 0
        while len(seen) < count:
            number += 1
            word = "".join(draw.choice(SYLLABLES) for _ in range(draw.randint(2, 4)))
            chance = draw.random()
            if chance < 0.4:
                word = draw.choice(WORDS) + word
            elif chance < 0.6:
                word += str(draw.randint(1, 9_999))
            name = f"{word}.{suffixes[number & 0xFFFF]}"
            if hash(name) not in seen:
                seen.add(hash(name))
                out.write(f"{draw.choice(BELOW)}.{name}\n" if draw.random() < 0.25 else f"{name}\n")


def compile_names(folder: Path, file: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of the process that compiles, as the gateway starts it."""
    order = Order(name="big", origin="", path=str(file), format=None, below=None, at_most=1 << 30, sha256=None)
    told = json.dumps({"folder": str(folder), "orders": [order.to_json()]})
    began = time.perf_counter()
    command = [sys.executable, "-m", "gateway.edge.lists.build"]
    subprocess.run(command, input=told + "\n", cwd=ROOT, check=True, capture_output=True, text=True)
    return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def opened(folder: Path) -> HostIndex:
    listed = Listed.of(open_mapped(folder / COMPILED), [Meaning(name="big", topics=frozenset({"adult"}))])
    return HostIndex.of(read_hosts(texts("hosts")), (), listed)


def questions(file: Path) -> dict[str, list[str]]:
    draw = random.Random(2)
    with file.open(encoding="ascii") as lines:
        names = draw.sample([line.rstrip("\n") for line in lines], ASKED)
    few = names[:1_000]
    return {
        "asked before": few * (ASKED // len(few)),
        "listed, each for the first time": [f"www.{name}" if number % 2 else name for number, name in enumerate(names)],
        "not listed, each for the first time": [name.replace(".", "q.", 1) for name in names],
    }


def measure(ask: Callable[[str], object], hosts: Sequence[str]) -> float:
    """Median microseconds of processor time for one look-up."""
    costs = []
    for start in range(0, len(hosts), ROUND):
        some = hosts[start : start + ROUND]
        began = time.process_time_ns()
        for host in some:
            ask(host)
        costs.append((time.process_time_ns() - began) / len(some) / 1e3)
    return statistics.median(costs)


def shared_memory(folder: Path, file: Path) -> Iterator[tuple[int, int]]:
    """(resident, proportional) kilobytes of the mapped file in each of two processes that have asked it everything."""
    script = "import sys; sys.path.insert(0, '.'); from tests.bench.bench_hosts import main_asking; main_asking()"
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(folder), str(file)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for process in asking:
        assert process.stdout is not None
        process.stdout.readline()
    for process in asking:
        yield mapped_kilobytes(process.pid)
    for process in asking:
        process.communicate("\n")


def mapped_kilobytes(pid: int) -> tuple[int, int]:
    resident = proportional = 0
    ours = False
    for line in Path(f"/proc/{pid}/smaps").read_text(encoding="utf-8").splitlines():
        first = line.split()[0]
        if not first.endswith(":"):
            ours = line.endswith(f"/{COMPILED}")
        elif ours and first in ("Rss:", "Pss:"):
            size = int(line.split()[1])
            resident, proportional = (
                (resident + size, proportional) if first == "Rss:" else (resident, proportional + size)
            )
    return resident, proportional


def main_asking() -> None:
    """One of two processes: asks, says that it has, and waits."""
    folder, file = Path(sys.argv[1]), Path(sys.argv[2])
    index = opened(folder)
    for hosts in questions(file).values():
        for host in hosts:
            index.lookup(host)
    print("asked", flush=True)
    sys.stdin.readline()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else NAMES
    with tempfile.TemporaryDirectory(prefix="qorgan-bench-") as name:
        folder, file = Path(name) / "lists", Path(name) / "names.txt"
        folder.mkdir()
        write_names(file, count)
        seconds, megabytes = compile_names(folder, file)
        print(f"{count:,} names, {file.stat().st_size / 1e6:.0f} MB of text")
        print(f"{'compiled in a process of its own':40} {seconds:8.1f} s, at most {megabytes:.0f} MB of memory")
        print(f"{'the compiled file':40} {(folder / COMPILED).stat().st_size / 1e6:8.1f} MB")
        began = time.perf_counter()
        mapped = open_mapped(folder / COMPILED)
        print(f"{'opened and checked':40} {time.perf_counter() - began:8.3f} s")
        del mapped
        index = opened(folder)
        for words, hosts in questions(file).items():
            print(f"{'look-up: ' + words:40} {measure(index.lookup, hosts):8.2f} µs")
        del index
        for resident, proportional in shared_memory(folder, file):
            print(f"{'mapped by one of two processes':40} {resident / 1024:8.1f} MB")
            print(f"{'  of which it bears':40} {proportional / 1024:8.1f} MB")


if __name__ == "__main__":
    main()
