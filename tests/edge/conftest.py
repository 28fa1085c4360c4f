"""The whole installation as a user starts it: `qorgan run` with the demo's policy on free ports."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "policies" / "demo" / "qorgan.yaml"


def program(name: str, package: str) -> str:
    """The path of a program; the test fails with Debian's package name where it is missing."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is missing: install the package {package} (make tools)")
    return found


def free_ports(count: int) -> list[int]:
    taken = [socket.socket() for _ in range(count)]
    for each in taken:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in taken]
    for each in taken:
        each.close()
    return ports


@dataclass
class Answer:
    status: int
    version: str
    headers: str
    body: str


@dataclass
class Running:
    process: subprocess.Popen[str]
    folder: Path
    ports: dict[str, int]

    @property
    def ca(self) -> Path:
        """The root that devices install."""
        return self.folder / "data" / "authority" / "root.pem"

    @property
    def trust(self) -> Path:
        """That root and the demo site's own CA, for connections that are passed through unopened."""
        return self.folder / "data" / "demo" / "try.pem"

    def url(self, host: str, path: str = "/") -> str:
        return f"https://{host}:{self.ports['demo']}{path}"

    def curl(self, person: str, url: str, *more: str, seconds: int = 30) -> Answer:
        """What a real client gets behind that person's port. Status 0: no answer."""
        head, body = self.folder / f"head-{person}", self.folder / f"body-{person}"
        for file in (head, body):
            file.unlink(missing_ok=True)
        command = [program("curl", "curl"), "-s", "-o", str(body), "-D", str(head), "--max-time", str(seconds),
                   "--cacert", str(self.trust), "--proxy", f"http://127.0.0.1:{self.ports[person]}",
                   "-w", "%{http_code} %{http_version}", *more, url]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True)
        status, version = done.stdout.split()
        read = [file.read_text(encoding="utf-8", errors="replace") if file.exists() else "" for file in (head, body)]
        return Answer(int(status), version, *read)

    def api(self, path: str, token: bool = True) -> dict:
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports['admin']}{path}")
        if token:
            request.add_header("Authorization", "Bearer " + (self.folder / "data" / "admin-token").read_text().strip())
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def worker(self) -> psutil.Process:
        return self.parts("worker")[0]

    def parts(self, kind: str) -> list[psutil.Process]:
        """The processes that serve as "worker" or "keeper"; a single worker is the keeper too."""
        found = []
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # one that has just ended
                if child.name() == f"qorgan-{kind}":
                    found.append(child)
        return found

    def said(self) -> str:
        return (self.folder / "out.txt").read_text(encoding="utf-8")

    def stop(self) -> int:
        """Ctrl-C; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode

    def browse(self, person: str, url: str, screenshot: Path | None = None) -> str:
        """What Chromium shows behind that person's port, as its DOM."""
        more = ["--virtual-time-budget=5000", "--dump-dom", *([f"--screenshot={screenshot}"] if screenshot else [])]
        command, environment = self._chromium(person, url, *more)
        return subprocess.run(command, capture_output=True, text=True, timeout=90, env=environment).stdout

    @contextmanager
    def browsing(self, person: str, url: str) -> Iterator[None]:
        """Chromium stays open on `url` behind that person's port, in real time."""
        command, environment = self._chromium(person, url, "--remote-debugging-port=0")
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        try:
            yield
        finally:
            process.terminate()
            process.wait(20)

    def _chromium(self, person: str, url: str, *more: str) -> tuple[list[str], dict[str, str]]:
        """A command line and an environment in which the CA is trusted, by Chromium's own certificate store."""
        home = self.folder / f"home-{person}"
        store = home / ".pki" / "nssdb"
        if not store.exists():
            store.mkdir(parents=True)
            certutil = program("certutil", "libnss3-tools")
            for step in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "qorgan", "-i", str(self.ca)]):
                subprocess.run([certutil, "-d", f"sql:{store}", *step], check=True, capture_output=True)
        flags = (
            "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
            "--disable-component-update --disable-sync"
        )
        own = [f"--user-data-dir={home / 'profile'}", f"--proxy-server=http://127.0.0.1:{self.ports[person]}"]
        command = [program("chromium", "chromium"), *flags.split(" "), *own, *more, url]
        return command, {**os.environ, "HOME": str(home)}


def write_config(folder: Path, ports: dict[str, int], drop: tuple[str, ...] = (), login: str = "", **more: Any) -> Path:
    """The demo's file with these ports, without the keys `drop`, with the keys `more`; the listener `login` asks."""
    config = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    config = {key: value for key, value in config.items() if key not in drop}
    for name in config["listeners"]:
        config["listeners"][name] = {"port": ports[name], "login": name == login}
    config["admin"]["port"] = ports["admin"]
    if "demo" in config:
        config["demo"]["port"] = ports["demo"]
    config["network"]["allow-private"] = [f"127.0.0.1:{ports['demo']}"]
    config["network"]["connect-ports"] = [80, 443, ports["demo"]]
    config["data"] = str(folder / "data")
    config.update(more)
    file = folder / "qorgan.yaml"
    file.write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return file


def start(folder: Path, ports: dict[str, int] | None = None, before: str = "", **more: Any) -> Running:
    """`before` is Python that runs before the command, in the first process."""
    ports = ports or dict(zip(("adult", "teen", "child", "admin", "demo"), free_ports(5), strict=True))
    file = write_config(folder, ports, **more)
    out = (folder / "out.txt").open("w+")
    main = ["-c", f"{before}\nfrom gateway.cli import main\nmain()"] if before else ["-m", "gateway.cli"]
    command = [sys.executable, *main, "run", "--config", str(file)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, stdout=out, stderr=out, text=True, cwd=ROOT, env=environment, start_new_session=True
    )
    running = Running(process, folder, ports)
    end = time.monotonic() + 60
    while "Ctrl-C" not in running.said():
        if process.poll() is not None or time.monotonic() > end:
            running.stop()
            pytest.fail("qorgan run did not start:\n" + running.said())
        time.sleep(0.1)
    return running


@pytest.fixture
def launch() -> Iterator[Callable[..., Running]]:
    """Starts installations of a test's own: launch(folder, ports=None, **config); stopped at its end."""
    launched: list[Running] = []

    def start_one(folder: Path, ports: dict[str, int] | None = None, **more: object) -> Running:
        launched.append(start(folder, ports, **more))
        return launched[-1]

    yield start_one
    for running in launched:
        running.stop()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(tmp_path_factory.mktemp("demo"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def eventually() -> Callable[..., bool]:
    """Whether something comes to hold within some seconds: eventually(lambda: …, seconds=30)."""

    def holds_soon(holds: Callable[[], bool], seconds: float = 30) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if holds():
                return True
            time.sleep(0.1)
        return False

    return holds_soon
