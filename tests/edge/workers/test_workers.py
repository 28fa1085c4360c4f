"""Two workers on one port: they share what holds, and when one dies, only its own connections fail."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.edge.workers.load import Client, Load

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


def test_they_share_a_grant_and_its_end(two: Start, web: int) -> None:
    running = two("quota: [{minutes: 0, for: aigerim}]\n")
    clients = one_of_each(running, "child", web)
    assert [client.status() for client in clients] == [403, 403]
    given = qorgan(running, "grant", "aigerim", "--minutes", "15")
    assert (given.returncode, "aigerim: 15 minutes more" in given.stdout) == (0, True), given.stderr
    assert [client.status() for client in clients] == [200, 200]
    assert qorgan(running, "grant", "--revoke", given.stdout.split()[0]).returncode == 0
    assert [client.status() for client in clients] == [403, 403]


def test_a_minute_used_at_one_is_used_at_the_other(two: Start, web: int, eventually: Eventually) -> None:
    running = two("quota: [{minutes: 1, for: aigerim}, {minutes: 1, for: daniyar}]\n")
    for person, used_at in (("child", 0), ("teen", 1)):
        clients = one_of_each(running, person, web)
        assert clients[used_at].status() == 200
        assert eventually(lambda other=clients[1 - used_at]: other.status() == 403, 5), person
        assert clients[used_at].status() == 403
    assert running.api("/api/v1/time?as=aigerim")["limits"][0]["used"] == 1


def test_what_one_learns_of_a_host_both_judge_by(two: Start, eventually: Eventually) -> None:
    """The site's label is on its front page alone; the keeper visits it once."""
    running = two()
    for _ in range(12):
        assert running.curl("child", running.url("adult.demo.test", "/deep.html")).status == 451
    assert running.api("/api/v1/health")["probe"]["visits"] == 1
    assert eventually(lambda: sum(each["requests"] or 0 for each in workers(running)) == 12)


def test_a_killed_worker_fails_only_its_own_connections(two: Start, web: int, eventually: Eventually) -> None:
    running = two()
    first, second = running.parts("worker")
    staying, going = connect_to(running, second, "teen", web), connect_to(running, first, "teen", web)
    staying.ask()
    going.ask()
    load = Load()
    with load.on(running.ports["teen"], web, 8):
        time.sleep(1)
        first.kill()
        killed = time.monotonic()
        staying.ask()
        assert eventually(lambda: len(running.parts("worker")) == 2 and len(workers(running)) == 2)
        before = load.answers
        assert eventually(lambda: load.answers > before + 50)
    staying.ask()
    with pytest.raises(OSError, match=r"(?s).*"):
        going.ask()
    assert load.refused == 0
    assert len(load.failures) <= 8, "what was on its way at the dead worker"
    assert all(moment - killed < 1 for moment, _ in load.failures), load.failures
    assert "worker 1 ended (status -9); starting another" in running.said()
    assert {each["place"] for each in workers(running)} == {1, 2}


def test_without_the_keeper_traffic_goes_on(two: Start, web: int, eventually: Eventually) -> None:
    running = two("quota: [{minutes: 30, for: aigerim}, {minutes: 0, for: daniyar}]\n")
    (keeper,) = running.parts("keeper")
    given = qorgan(running, "grant", "daniyar", "--minutes", "15")
    assert given.returncode == 0, given.stderr
    child = one_of_each(running, "child", web)
    assert [client.status() for client in child] == [200, 200]
    keeper.send_signal(signal.SIGSTOP)  # it is there, and does nothing: as bad as gone
    load = Load()
    with load.on(running.ports["teen"], web, 4):  # by the grant, which holds
        assert [client.status(path) for client in child for path in ("/", "/adult")] == [200, 451, 200, 451]
        keeper.kill()
        assert [client.status(path) for client in child for path in ("/", "/adult")] == [200, 451, 200, 451]
        assert eventually(lambda: [each.pid for each in running.parts("keeper")] not in ([], [keeper.pid]))
        assert eventually(lambda: answers(running) and len(workers(running)) == 2)
        time.sleep(1)
    assert (load.failures, load.refused) == ([], 0)
    assert load.answers > 50
    assert running.api("/api/v1/time?as=aigerim")["limits"][0]["used"] >= 1, "counted before, and handed over again"
    assert [each["for"] for each in running.api("/api/v1/grants")["grants"]] == [["daniyar"]]
    assert eventually(lambda: "label" in str(running.api("/api/v1/journal?n=50"))), "written down meanwhile"
    assert running.api("/api/v1/health")["status"] == "ok"
    assert len(running.parts("worker")) == 2


def answers(running: Running) -> bool:
    try:
        return bool(running.api("/api/v1/health"))
    except OSError:
        return False


@pytest.mark.parametrize("count", [1, 2])
def test_a_rolling_restart_fails_no_request(two: Start, web: int, eventually: Eventually, count: int) -> None:
    running = two(workers=count)
    before = {part.pid for part in psutil.Process(running.process.pid).children()}
    load = Load()
    with load.on(running.ports["teen"], web, 4):
        time.sleep(0.5)
        running.process.send_signal(signal.SIGUSR2)
        assert eventually(lambda: "started anew: asked for by SIGUSR2" in running.said(), 60)
        assert eventually(lambda: before.isdisjoint(p.pid for p in psutil.Process(running.process.pid).children()), 45)
        time.sleep(0.5)
    assert (load.failures, load.refused) == ([], 0)
    assert load.answers > 50
    assert " ended (status" not in running.said(), "one that is followed has not died"
    assert running.curl("child", running.url("adult.demo.test")).status == 451
    assert running.api("/api/v1/health")["status"] == "ok"


def test_a_faulty_installation_file_starts_nothing_anew(two: Start, eventually: Eventually) -> None:
    running = two()
    before = [part.pid for part in running.parts("keeper") + running.parts("worker")]
    file = running.folder / "qorgan.yaml"
    written = file.read_text(encoding="utf-8")
    file.write_text(written + "prob: {}\n", encoding="utf-8")
    running.process.send_signal(signal.SIGUSR2)
    assert eventually(lambda: "Nothing was started anew" in running.said())
    file.write_text(written.replace("workers: 2", "workers: 3"), encoding="utf-8")
    running.process.send_signal(signal.SIGUSR2)
    assert eventually(lambda: "need a new start" in running.said())
    assert [part.pid for part in running.parts("keeper") + running.parts("worker")] == before


def test_a_reload_fails_no_request_and_all_have_the_same(two: Start, web: int, eventually: Eventually) -> None:
    running = two()
    file, load = running.folder / "more.yaml", Load()

    def everywhere() -> set[str]:
        health = running.api("/api/v1/health")
        return {health["revision"], *(each["revision"] for each in health["workers"])}

    first = everywhere()
    with load.on(running.ports["teen"], web, 4):
        for number in range(8):
            file.write_text(f"zone: Asia/Almaty\nblock: [{{host: n{number}.test, for: aigerim}}]\n")
            time.sleep(0.3)
        file.write_text("zone: Asia/Almaty\nblock: [{host: web.test, for: aigerim}]\n")
        child = one_of_each(running, "child", web)
        assert eventually(lambda: [client.status() for client in child] == [403, 403])
    assert (load.failures, load.refused) == ([], 0)
    assert eventually(lambda: len(everywhere()) == 1)
    good = everywhere()
    assert good != first
    file.write_text("block: [{hots: web.test}]\n")
    assert eventually(lambda: "hots" in running.said())
    assert [client.status() for client in child] == [403, 403]
    assert everywhere() == good
    assert running.api("/api/v1/health")["status"] == "degraded"


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


def metrics_of(running: Running) -> dict[str, float]:
    token = (running.folder / "data" / "admin-token").read_text().strip()
    command = ["curl", "-sf", "-H", f"Authorization: Bearer {token}"]
    url = f"http://127.0.0.1:{running.ports['admin']}/api/v1/metrics"
    text = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    lines = [line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


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
