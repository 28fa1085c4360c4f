"""The proxies that the benches compare, each as processes of its own in front of the same origin."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAMES = 4_000  # hosts that the "new name" kinds may use up
SPLICED = "spliced.demo.test"
CANARY = "canary.demo.test"
PROCESS_CLOCK = 2  # CPUCLOCK_SCHED, all threads of a process (Linux, include/linux/posix-timers_types.h)


@dataclass
class Target:
    """A running proxy. `target` is what CONNECT asks it for; the stock ones resolve names themselves."""

    name: str
    port: int
    ca: Path
    pid: int
    target: str | None = None
    plain: str | None = None  # the host that it is asked for without TLS, where that is another
    https: int | None = None  # the origin's port for TLS, where that is another
    splicing: int | None = None  # its own port for spliced connections, where that is another
    splices: bool = False  # whether it leaves the connections to SPLICED closed
    parts: tuple[str, ...] = ("all",)  # what its processes do, in the order in which they are started
    closes: bool = False  # whether it closes a connection after an answer, so that the client has to open the next

    def order(self, origin: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
        """The part of a client's order (load.py) that says where to connect and what to ask for."""
        spliced = self.splices and name == SPLICED
        host = self.target or name
        return {
            "kind": kind,
            "proxy": self.splicing if spliced and self.splicing else self.port,
            "ca": str(origin["ca"] if spliced else self.ca),
            "target": self.plain or host if kind == "http" else host,
            "name": name,
            "port": origin["http"] if kind == "http" else self.https or origin["https"],
            "reopen": self.closes,
        }

    def cpu(self) -> float:
        """CPU seconds of the process and all its children so far, those that have ended included."""
        return sum(process_seconds(pid) for pid in tree(self.pid))

    def pss(self) -> int:
        """Bytes of memory of the process and its children, what they share counted once (proc(5), smaps_rollup)."""
        lines = (line for pid in tree(self.pid) for line in _read(f"/proc/{pid}/smaps_rollup").splitlines())
        return sum(int(line.split()[1]) * 1_024 for line in lines if line.startswith("Pss:"))

    def rss(self) -> int:
        """Bytes of memory that the process and its children hold."""
        pages = (int(_read(f"/proc/{pid}/statm").split()[1]) for pid in tree(self.pid))
        return sum(pages) * os.sysconf("SC_PAGE_SIZE")

    def forget_peaks(self) -> None:
        """Starts the count of `peak` anew (proc(5), clear_refs)."""
        for pid in tree(self.pid):
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def peak(self) -> int:
        """The most bytes of memory that the process and its children held since `forget_peaks`."""
        lines = (line for pid in tree(self.pid) for line in _read(f"/proc/{pid}/status").splitlines())
        return sum(int(line.split()[1]) * 1_024 for line in lines if line.startswith("VmHWM:"))


def tree(pid: int) -> list[int]:
    """The process and all below it; a child belongs to the thread that started it."""
    below = (child for task in os.listdir(f"/proc/{pid}/task") for child in _children(pid, task))
    return [pid, *(each for child in below for each in tree(child))]


def _children(pid: int, task: str) -> list[int]:
    try:
        return [int(child) for child in _read(f"/proc/{pid}/task/{task}/children").split()]
    except FileNotFoundError:  # the thread has ended meanwhile: Privoxy has one a connection
        return []


def process_seconds(pid: int) -> float:
    """CPU seconds of a process: of all threads, ended ones too, to the nanosecond; of reaped children in ticks."""
    reaped = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()[13:15]
    return time.clock_gettime((~pid << 3) | PROCESS_CLOCK) + sum(map(int, reaped)) / os.sysconf("SC_CLK_TCK")


def _read(file: str) -> str:
    return Path(file).read_text()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def await_port(port: int, process: subprocess.Popen[Any], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")


@contextmanager
def running(command: list[str], **kwargs: Any) -> Iterator[subprocess.Popen[Any]]:
    process = subprocess.Popen(command, **kwargs)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def stock(origin: dict[str, Any], folder: Path) -> Iterator[Target]:
    """mitmdump as it is after `pip install`: default options, nothing loaded, its lines into a file."""
    port, confdir = free_port(), folder / "stock"
    options = ["--set", f"ssl_verify_upstream_trusted_ca={origin['ca']}", "--set", f"confdir={confdir}"]
    program = str(Path(sys.executable).with_name("mitmdump"))
    with (folder / "stock.log").open("w") as log:
        command = [program, "--listen-host", "127.0.0.1", "-p", str(port), *options]
        with running(command, stdout=log, stderr=log) as process:
            await_port(port, process)
            yield Target("mitmdump", port, confdir / "mitmproxy-ca-cert.pem", process.pid, "localhost")


@contextmanager
def minimal(origin: dict[str, Any], folder: Path) -> Iterator[Target]:
    """mitmproxy embedded with three add-ons and no filter."""
    port, confdir = free_port(), folder / "minimal"
    command = [sys.executable, str(HERE / "minimal.py"), str(port), str(confdir), origin["ca"]]
    with running(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        await_port(port, process)
        yield Target("minimal", port, confdir / "mitmproxy-ca-cert.pem", process.pid, "localhost")


@contextmanager
def qorgan(
    origin: dict[str, Any], folder: Path, prepare: Callable[[Path], object] = lambda _data: None
) -> Iterator[Target]:
    """The gateway as a school runs it, and a pupil of twelve in front of it: everything is on.

    `prepare` gets the data directory before the gateway starts.
    """
    port, admin = free_port(), free_port()
    names = ["bench.demo.test", SPLICED, CANARY, *(f"n{number}.demo.test" for number in range(NAMES))]
    config = {
        "extends": "school",
        "people": {"pupil": {"age": 12, "listeners": ["class"]}},
        "hosts": [{"host": SPLICED, "kind": "private", "source": "bench"}],
        "listeners": {"class": {"port": port}},
        "workers": 1,
        "admin": {"port": admin},
        "network": {
            "hosts": dict.fromkeys(names, "127.0.0.1"),
            "allow-private": [f"127.0.0.1:{origin['http']}", f"127.0.0.1:{origin['https']}"],
            "connect-ports": [80, 443, origin["https"], origin["http"]],
            "upstream-ca": [origin["ca"]],
        },
        "data": str(folder / "data"),
    }
    prepare(folder / "data")
    file = folder / "bench.yaml"
    file.write_text(yaml.safe_dump(config, sort_keys=False))
    command = [sys.executable, "-m", "gateway.cli", "run", "--config", str(file)]
    with (folder / "qorgan.log").open("w") as log, running(command, cwd=ROOT, stdout=log, stderr=log) as process:
        await_port(admin, process)
        root, parts = folder / "data" / "authority" / "root.pem", ("supervisor", "worker")  # which keeps as well, alone
        yield Target("qorgan", port, root, process.pid, splices=True, parts=parts)


STARTS: dict[str, Callable[[dict[str, Any], Path], AbstractContextManager[Target]]] = {
    "mitmdump": stock,
    "minimal": minimal,
    "qorgan": qorgan,
}


class Load:
    """The client process, which takes orders (load.py)."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def carry_out(self, order: dict[str, Any]) -> dict[str, Any]:
        """Raises RuntimeError when a request failed or was not answered with 200."""
        answer = self.ask(order)
        if set(answer["statuses"]) != {"200"}:
            raise RuntimeError(f"{order}: {answer}")
        return answer

    def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        """Raises RuntimeError when a request failed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        if "statuses" not in answer:
            raise RuntimeError(f"{order}: {answer}")
        return answer


@contextmanager
def origin_and_load(*more: str) -> Iterator[tuple[dict[str, Any], Load]]:
    """The origin's ports and CA, and the client; `more` is an address and port besides for the origin (origin.py)."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with (
        running([sys.executable, str(HERE / "origin.py"), *more], **pipes) as origin,
        running([sys.executable, str(HERE / "load.py")], **pipes) as load,
    ):
        assert origin.stdout is not None
        yield json.loads(origin.stdout.readline()), Load(load)
