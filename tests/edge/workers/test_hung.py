"""A process that runs and does nothing: stopped, or blocked in its event loop. It is as good as dead, and replaced."""

import asyncio
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from gateway.edge import post
from gateway.edge.child import Child
from gateway.edge.post import Post
from gateway.edge.replaced import Replaced
from gateway.edge.status_page import status_page
from gateway.edge.workers import Place
from tests.edge.workers.running import answers, connect_to, metrics_of, workers

Running = Any  # tests/edge/conftest.py
QUICK = "import gateway.edge.post as post\npost.SILENT_LOOKS = 3"
# As a process of ours does: orders in, an answer out, then a sign of life each tenth of a second; twice it blocks.
PROGRAM = """
import json, sys, time
orders = json.loads(sys.stdin.readline())
print(json.dumps("alive"), json.dumps({"replaced": orders["replaced"]}), sep="\\n", flush=True)
for _ in range(int(orders["beats"])):
    print(json.dumps("alive"), flush=True)
    time.sleep(0.1)
time.sleep(60)
"""


def test_a_hung_keeper_and_a_hung_worker_are_replaced(
    two: Callable[..., Running], web: int, eventually: Callable[..., bool]
) -> None:
    running = two(before=QUICK)
    (keeper,), (first, second) = running.parts("keeper"), running.parts("worker")
    staying, hung = connect_to(running, second, "child", web), connect_to(running, first, "teen", web)
    for process in (keeper, first):
        process.send_signal(signal.SIGSTOP)
    gone = {keeper.pid, first.pid}
    assert [staying.status(path) for path in ("/", "/adult")] == [200, 451], "traffic goes on without the keeper"
    assert eventually(
        lambda: gone.isdisjoint(each.pid for kind in ("keeper", "worker") for each in running.parts(kind))
    )
    assert eventually(lambda: answers(running) and len(workers(running)) == 2)
    assert [staying.status(path) for path in ("/", "/adult")] == [200, 451]
    with pytest.raises(OSError, match=r"(?s).*"):
        hung.ask()
    assert running.said().count("has not answered for 3 seconds and is killed") == 2
    ends = [f"{name} was replaced 1 times since the start, 1 of them because" for name in ("the keeper", "worker 1")]
    assert eventually(lambda: all(end in status_page(running.api("/api/v1/health")) for end in ends))
    assert metrics_of(running)['qorgan_replaced_processes_total{process="worker 1",why="silent"}'] == 1


async def _serve(beats: int, monkeypatch: pytest.MonkeyPatch, seconds: float) -> tuple[list[str], Replaced, list[Any]]:
    monkeypatch.setattr(post, "_LOOK_SECONDS", 0.2)
    monkeypatch.setattr(post, "SILENT_LOOKS", 3)
    said: list[str] = []
    replaced, heard = Replaced(), list[Any]()
    place = Place(
        name="worker 1", command=[sys.executable, "-c", PROGRAM], sockets={}, orders={"beats": beats}, overlaps=True
    )
    keeping = Post(place, said.append, heard.append, None, replaced, lambda: None)
    heard.append(await keeping.fill())
    filling = asyncio.create_task(keeping.keep_filled(for_ever=False))
    await asyncio.sleep(seconds)
    filling.cancel()
    await keeping.end(0)
    return said, replaced, heard


async def test_one_that_is_blocked_is_replaced_and_its_successor_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    said, replaced, _ = await _serve(1, monkeypatch, 1.6)
    assert said[:2] == [
        "worker 1 has not answered for 3 seconds and is killed",
        "worker 1 ended (status -9); starting another on the same ports",
    ]
    assert replaced.to_json()["worker 1"]["silent"] >= 1


async def test_one_that_says_that_it_is_alive_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    said, replaced, heard = await _serve(1_000, monkeypatch, 1.5)
    assert (said, replaced.to_json()) == ([], {})
    assert heard == [{"replaced": {}}], "a sign of life is told to nobody"


async def test_a_pause_of_everything_is_no_silence() -> None:
    """A machine that sleeps, or a container that is frozen, wakes up with all its processes."""
    place = Place(name="x", command=[sys.executable, "-c", PROGRAM], sockets={}, orders={"beats": 1_000}, overlaps=True)
    child = await Child.start(place, lambda _told: None, replaced={})
    assert await child.ready() == {"replaced": {}}
    looked = child.look()
    time.sleep(0.5)  # the supervisor is stopped, with all that runs in it
    assert child.look() <= looked + 1
    await child.end(0)
    assert child.status is not None
