"""Requests a second and CPU time a request of the gateway against mitmdump with nothing loaded and the same options.

Rounds are interleaved and their order turns, so that other load on the machine falls on both alike; medians are shown.
CPU is that of the proxy's whole process tree.
"""

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ROUNDS = 5
CONNECTIONS = 8
KINDS = (
    ("http", "/html20", 1200),
    ("http", "/image100", 1200),
    ("https", "/html20", 1200),
    ("https", "/image100", 1200),
    ("https", "/html100", 600),
)
# The options that the gateway sets, as far as stock mitmdump has them.
SAME = ("connection_strategy=lazy", "http3=false", "rawtcp=false", "tcp_timeout=120", "store_streamed_bodies=false")


@dataclass
class Target:
    name: str
    port: int
    ca: Path
    process: psutil.Process

    def cpu(self) -> float:
        """CPU seconds of the process and all its children so far."""
        times = [child.cpu_times() for child in [self.process, *self.process.children(recursive=True)]]
        return sum(spent.user + spent.system for spent in times)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def await_port(port: int, process: subprocess.Popen, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}")
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")


@contextmanager
def running(command: list[str], **kwargs: object) -> Iterator[subprocess.Popen]:
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
def mitmdump(origin: dict, folder: Path) -> Iterator[Target]:
    port = free_port()
    options = [word for option in SAME for word in ("--set", option)]
    trust = ["--set", f"ssl_verify_upstream_trusted_ca={origin['ca']}", "--set", f"confdir={folder / 'mitm'}"]
    program = str(Path(sys.executable).with_name("mitmdump"))
    hosts = ["--listen-host", "127.0.0.1", "-p", str(port), "-q"]
    with running([program, *hosts, *options, *trust]) as process:
        await_port(port, process)
        yield Target("mitmdump", port, folder / "mitm" / "mitmproxy-ca-cert.pem", psutil.Process(process.pid))


@contextmanager
def qorgan(origin: dict, folder: Path) -> Iterator[Target]:
    port, admin = free_port(), free_port()
    config = {
        "extends": "school",
        "people": {"pupil": {"age": 12, "listeners": ["class"]}},
        "listeners": {"class": {"port": port}},
        "workers": 1,
        "admin": {"port": admin},
        "network": {
            "hosts": {"bench.demo.test": "127.0.0.1"},
            "allow-private": [f"127.0.0.1:{origin['http']}", f"127.0.0.1:{origin['https']}"],
            "connect-ports": [80, 443, origin["https"], origin["http"]],
            "upstream-ca": [origin["ca"]],
        },
        "data": str(folder / "data"),
    }
    file = folder / "bench.yaml"
    file.write_text(yaml.safe_dump(config, sort_keys=False))
    command = [sys.executable, "-m", "gateway.cli", "run", "--config", str(file)]
    with running(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        await_port(admin, process)
        yield Target("qorgan", port, folder / "data" / "authority" / "root.pem", psutil.Process(process.pid))


def measure(target: Target, origin: dict, scheme: str, path: str, requests: int) -> tuple[float, float]:
    """(requests a second, CPU microseconds a request) of one round."""
    plan = {
        "proxy": target.port,
        "host": "bench.demo.test" if target.name == "qorgan" else "localhost",
        "port": origin[scheme],
        "path": path,
        "ca": str(target.ca) if scheme == "https" else None,
        "requests": requests,
        "connections": CONNECTIONS,
    }
    before = target.cpu()
    done = subprocess.run([sys.executable, str(HERE / "load.py"), json.dumps(plan)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    result = json.loads(done.stdout)
    if set(result["statuses"]) != {"200"}:
        raise RuntimeError(f"{target.name} {scheme}{path}: {result['statuses']}")
    return result["requests"] / result["seconds"], (target.cpu() - before) / result["requests"] * 1e6


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as name,
        running(
            [sys.executable, str(HERE / "origin.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        ) as started,
    ):
        origin = json.loads(started.stdout.readline())
        with mitmdump(origin, Path(name)) as bare, qorgan(origin, Path(name)) as ours:
            print(f"{'':22}{'mitmdump':>20}{'qorgan':>20}{'CPU ratio':>11}{'rate ratio':>11}")
            print(f"{'':22}{'req/s    CPU µs':>20}{'req/s    CPU µs':>20}")
            for scheme, path, requests in KINDS:
                figures: dict[str, list[tuple[float, float]]] = {bare.name: [], ours.name: []}
                for target in (bare, ours):
                    measure(target, origin, scheme, path, CONNECTIONS * 10)  # warm: leaf, caches, host record
                for number in range(ROUNDS):
                    for target in (bare, ours) if number % 2 else (ours, bare):
                        figures[target.name].append(measure(target, origin, scheme, path, requests))
                show(scheme + path, figures[bare.name], figures[ours.name])


def show(title: str, bare: list[tuple[float, float]], ours: list[tuple[float, float]]) -> None:
    (rate, cpu), (our_rate, our_cpu) = (
        [statistics.median(column) for column in zip(*rounds, strict=True)] for rounds in (bare, ours)
    )
    figures = (
        f"{rate:>10.0f}{cpu:>10.0f}{our_rate:>10.0f}{our_cpu:>10.0f}{our_cpu / cpu:>11.2f}{our_rate / rate:>11.2f}"
    )
    print(f"{title:22}{figures}", flush=True)


if __name__ == "__main__":
    main()
