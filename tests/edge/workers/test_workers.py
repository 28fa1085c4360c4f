"""Two workers on one port: they share what holds, and when one dies, only its own connections fail."""

import signal
import time

import psutil
import pytest

from tests.edge.workers.load import Load
from tests.edge.workers.running import Eventually, Start, answers, connect_to, one_of_each, qorgan, workers


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
