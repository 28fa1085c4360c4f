"""Processes of a gateway with two workers: what ends with which, what is left behind, what is shown of them."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.edge.workers.load import Client
from tests.edge.workers.running import ROOT, Eventually, Running, Start, metrics_of, one_of_each, qorgan, workers


def test_a_damaged_database_closes_both_to_minors(two: Start, web: int, eventually: Eventually) -> None:
    running = two()
    clients = one_of_each(running, "child", web)
    assert [client.status() for client in clients] == [200, 200]
    for file in (running.folder / "data").glob("qorgan.db*"):
        file.write_bytes(b"this is no database" * 500)
    running.curl("child", running.url("adult.demo.test"))  # something to write down, so that the damage shows
    assert eventually(lambda: [client.status() for client in clients] == [403, 403])
    running.parts("worker")[0].kill()
    assert eventually(lambda: running.curl("child", running.url("blog.demo.test")).status == 403)
    assert running.curl("adult", running.url("adult.demo.test")).status == 200


def gone(process: psutil.Process) -> bool:
    """Whether it has ended. In a container nobody may collect an orphan, so a zombie has ended too."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def ports_are_free(running: Running) -> bool:
    for port in running.ports.values():
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
                trial.listen()
            except OSError:
                return False
    return True


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_end_of_the_first_process_is_the_end_of_all(two: Start, web: int, eventually: Eventually, how: int) -> None:
    running = two()
    supervisor = psutil.Process(running.process.pid)
    assert eventually(lambda: len(supervisor.children()) == 4), "two workers, a spare one and the keeper"
    parts = supervisor.children(recursive=True)
    client = Client(running.ports["teen"], web)
    client.ask()
    running.process.send_signal(how)
    status = running.process.wait(20)
    assert status == (0 if how is signal.SIGTERM else -how)
    assert eventually(lambda: all(map(gone, parts)), 10 if how is signal.SIGKILL else 0.5)
    assert eventually(lambda: ports_are_free(running), 5)


def test_nothing_is_left_behind_while_it_runs(two: Start, web: int, eventually: Eventually) -> None:
    """Dead workers are collected, and neither descriptors nor processes gather in the supervisor."""
    running = two()
    supervisor = psutil.Process(running.process.pid)
    assert eventually(lambda: len(supervisor.children()) == 4), "two workers, a spare one and the keeper"
    before = supervisor.num_fds()
    for _ in range(2):
        old = running.parts("worker")[0]
        old.kill()
        assert eventually(lambda old=old: old.pid not in {each.pid for each in running.parts("worker")})
        assert eventually(lambda: len(running.parts("worker")) == 2 and len(workers(running)) == 2)
    assert eventually(lambda: supervisor.num_fds() == before)
    assert [child.status() for child in supervisor.children()].count(psutil.STATUS_ZOMBIE) == 0


def test_status_shows_every_process(two: Start, web: int, eventually: Eventually) -> None:
    running = two()
    for client in one_of_each(running, "teen", web):
        client.ask()
    assert eventually(lambda: all(each["requests"] for each in workers(running)))
    told = qorgan(running, "status")
    assert told.returncode == 0, told.stdout + told.stderr
    lines = told.stdout.splitlines()
    assert lines[0].startswith("ok; policy ")
    assert [line.split()[:2] for line in lines if line.startswith("  worker")] == [["worker", "1"], ["worker", "2"]]
    for part in running.parts("worker") + running.parts("keeper"):
        assert str(part.pid) in told.stdout
    metrics = metrics_of(running)
    requests = sum(each["requests"] for each in workers(running))
    assert metrics["qorgan_workers"] == 2
    assert 2 <= metrics["qorgan_requests_total"] <= requests
    assert metrics['qorgan_resident_bytes{process="worker 2"}'] > 2**20


def test_a_second_gateway_cannot_take_half_of_the_connections(two: Start, tmp_path: Path) -> None:
    running = two()
    other = tmp_path / "other"
    other.mkdir()
    file = other / "qorgan.yaml"
    file.write_text(f"workers: 2\nlisteners: {{home: {{port: {running.ports['teen']}}}}}\n")
    done = subprocess.run(
        [sys.executable, "-m", "gateway.cli", "run", "--config", str(file), "--data", str(other / "data")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "Address already in use" in done.stderr


def test_a_spare_process_has_only_the_sockets_of_its_place(two: Start, web: int, eventually: Eventually) -> None:
    """It follows a dead worker: with sockets of another place it would take connections that nobody answers."""
    running = two()
    supervisor = psutil.Process(running.process.pid)
    assert eventually(lambda: "qorgan-spare" in {child.name() for child in supervisor.children()})
    time.sleep(1)
    spare = next(child for child in supervisor.children() if child.name() == "qorgan-spare")
    first, second = running.parts("worker")
    wanted = len(listening_of(second))
    first.kill()
    assert eventually(lambda: spare.name() == "qorgan-worker" and len(workers(running)) == 2)
    assert len(listening_of(spare)) == wanted
    for client in one_of_each(running, "teen", web):
        client.ask()


def listening_of(process: psutil.Process) -> list[int]:
    """The descriptors of listening sockets, less those that mitmproxy made of them."""
    return sorted({each.laddr.port for each in process.net_connections("tcp") if each.status == psutil.CONN_LISTEN})
