"""Whatever breaks, a minor gets a block or an error page and never the page."""

import concurrent.futures
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Running = Any  # tests/edge/run/conftest.py


@pytest.fixture
def running(launch: Callable[..., Running], tmp_path: Path) -> Running:
    return launch(tmp_path)


def until(holds: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def test_a_killed_worker_is_replaced_and_nothing_passes_meanwhile(running: Running) -> None:
    url, before = running.url("adult.demo.test"), running.worker().pid
    os.kill(before, signal.SIGKILL)
    answers = [running.curl("child", url, seconds=40) for _ in range(3)]
    assert "CANARY" not in "".join(answer.body for answer in answers)
    assert answers[-1].status == 451
    assert running.worker().pid != before
    assert running.curl("teen", running.url("news.demo.test")).status == 200


def test_a_broken_database_changes_no_verdict(running: Running) -> None:
    for file in (running.folder / "data").glob("*.db*"):
        file.write_bytes(b"this is no database" * 500)
    for _ in range(3):
        assert running.curl("child", running.url("adult.demo.test")).status == 451
    assert running.stop() == 0


def test_a_start_with_a_broken_database_still_blocks_and_says_so(launch: Callable[..., Running], tmp_path: Path) -> None:
    first = launch(tmp_path)
    first.stop()
    broken = [file for file in (tmp_path / "data").glob("*.db")]
    assert broken
    for file in broken:
        file.write_bytes(b"this is no database" * 500)
    second = launch(tmp_path, first.ports)
    assert second.curl("child", second.url("adult.demo.test")).status == 451
    assert "database" in second.said()


def test_without_a_policy_everybody_gets_an_error_page(launch: Callable[..., Running], tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("people: {aigerim: {agee: 8}}\n")
    running = launch(tmp_path, policy=[str(policy)], drop=("people", "extends", "zone"))
    for person in ("child", "teen", "adult"):
        answer = running.curl(person, running.url("blog.demo.test"))
        assert answer.status >= 400
        assert "PLAIN-PAGE" not in answer.body
    assert "agee" in running.said()
    policy.write_text("extends: home\npeople: {aigerim: {age: 8, listeners: [child]}}\n")
    assert until(lambda: running.curl("child", running.url("blog.demo.test")).status == 200)
    assert running.curl("child", running.url("adult.demo.test")).status == 451


def test_a_changed_policy_is_taken_up_and_a_broken_one_is_not(launch: Callable[..., Running], tmp_path: Path) -> None:
    running = launch(tmp_path)
    file, blog = tmp_path / "qorgan.yaml", running.url("blog.demo.test")
    written = file.read_text(encoding="utf-8")
    assert running.curl("child", blog).status == 200
    file.write_text(written + "\nblock: [{host: blog.demo.test, for: [aigerim]}]\n", encoding="utf-8")
    assert until(lambda: running.curl("child", blog).status == 403)
    file.write_text(written + "\nblock: [{hots: blog.demo.test}]\n", encoding="utf-8")
    assert until(lambda: "hots" in running.said())
    assert running.curl("child", blog).status == 403
    assert running.api("/api/v1/health")["status"] == "degraded"
    file.write_text(written, encoding="utf-8")
    assert until(lambda: running.curl("child", blog).status == 200)


def test_no_request_fails_while_the_policy_is_reloaded(running: Running) -> None:
    file, url = running.folder / "qorgan.yaml", running.url("news.demo.test")
    written, end = file.read_text(encoding="utf-8"), time.monotonic() + 6

    def ask(person: str) -> set[int]:
        return {running.curl(person, url).status for _ in range(1000) if time.monotonic() < end}

    with concurrent.futures.ThreadPoolExecutor() as threads:
        asked = {person: threads.submit(ask, person) for person in ("child", "teen")}
        while time.monotonic() < end:
            file.write_text(written + f"\n# {time.monotonic()}\n", encoding="utf-8")
            time.sleep(0.3)
    assert asked["child"].result() == {451}
    assert asked["teen"].result() == {200}
