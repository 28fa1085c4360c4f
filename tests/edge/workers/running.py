"""What tests ask of a running gateway with workers: who they are, and a connection at each of them."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from tests.edge.workers.load import Client

ROOT = Path(__file__).parents[3]
Running = Any  # tests/edge/conftest.py
Start = Callable[..., Running]
Eventually = Callable[..., bool]


def workers(running: Running) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = running.api("/api/v1/health")["workers"]
    return found


def qorgan(running: Running, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gateway.cli", *words, "--config", str(running.folder / "qorgan.yaml")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def connect_to(running: Running, worker: psutil.Process, person: str, port: int) -> Client:
    """A client whose connection that worker has accepted."""
    for _ in range(200):
        client = Client(running.ports[person], port)
        for _ in range(50):
            owners = [
                each.pid
                for each in running.parts("worker")
                if client.near in {found.raddr.port for found in each.net_connections() if found.raddr}
            ]
            if owners:
                break
            time.sleep(0.02)
        if owners == [worker.pid]:
            return client
        client.close()
    raise AssertionError(f"no connection of 200 came to worker {worker.pid}")


def one_of_each(running: Running, person: str, port: int) -> list[Client]:
    return [connect_to(running, worker, person, port) for worker in running.parts("worker")]


def answers(running: Running) -> bool:
    try:
        return bool(running.api("/api/v1/health"))
    except OSError:
        return False


def metrics_of(running: Running) -> dict[str, float]:
    token = (running.folder / "data" / "admin-token").read_text().strip()
    command = ["curl", "-sf", "-H", f"Authorization: Bearer {token}"]
    url = f"http://127.0.0.1:{running.ports['admin']}/api/v1/metrics"
    text = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    lines = [line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}
