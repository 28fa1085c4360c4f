"""Whatever breaks, a minor gets a block or an error page and never the page."""

import concurrent.futures
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Running = Any  # tests/edge/conftest.py


@pytest.fixture
def running(launch: Callable[..., Running], tmp_path: Path) -> Running:
    return launch(tmp_path)


def test_a_killed_worker_is_replaced_and_nothing_passes_meanwhile(running: Running) -> None:
    url, before = running.url("adult.demo.test"), running.worker().pid
    os.kill(before, signal.SIGKILL)
    answers = [running.curl("child", url, seconds=40) for _ in range(3)]
    assert "CANARY" not in "".join(answer.body for answer in answers)
    assert answers[-1].status == 451
    assert running.worker().pid != before
    assert running.curl("teen", running.url("news.demo.test")).status == 200


def break_database(folder: Path) -> None:
    files = list((folder / "data").glob("qorgan.db*"))
    assert files
    for file in files:
        file.write_bytes(b"this is no database" * 500)


def is_closed_to_minors(running: Running) -> bool:
    """Error pages for the minors, the page for the adult; never a byte of a page for a minor."""
    answers = [
        running.curl(person, running.url(host))
        for person in ("child", "teen")
        for host in ("adult.demo.test", "blog.demo.test")
    ]
    assert not any("CANARY" in answer.body for answer in answers)
    assert running.curl("adult", running.url("adult.demo.test")).status == 200
    return all(answer.status >= 400 and "PLAIN-PAGE" not in answer.body for answer in answers)


def test_a_database_that_breaks_while_it_runs_closes_the_gateway_to_minors(
    running: Running, eventually: Callable[..., bool]
) -> None:
    break_database(running.folder)
    running.curl("child", running.url("news.demo.test"))  # something to write down, so that the damage shows
    assert eventually(lambda: is_closed_to_minors(running))
    assert running.api("/health", token=False)["status"] == "degraded"
    assert running.stop() == 0


def test_a_start_with_a_broken_database_is_closed_to_minors_and_says_so(
    launch: Callable[..., Running], tmp_path: Path
) -> None:
    first = launch(tmp_path)
    first.stop()
    break_database(tmp_path)
    second = launch(tmp_path, first.ports)
    assert is_closed_to_minors(second)
    assert "qorgan.db" in second.said()


def test_without_a_policy_everybody_gets_an_error_page(
    launch: Callable[..., Running], tmp_path: Path, eventually: Callable[..., bool]
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("people: {aigerim: {agee: 8}}\n")
    running = launch(tmp_path, policy=[str(policy)], drop=("people", "extends", "zone"))
    for person in ("child", "teen", "adult"):
        answer = running.curl(person, running.url("blog.demo.test"))
        assert answer.status >= 400
        assert "PLAIN-PAGE" not in answer.body
    assert "agee" in running.said()
    policy.write_text("extends: home\npeople: {aigerim: {age: 8, listeners: [child]}}\n")
    assert eventually(lambda: running.curl("child", running.url("blog.demo.test")).status == 200)
    assert running.curl("child", running.url("adult.demo.test")).status == 451


def test_a_changed_policy_is_taken_up_and_a_broken_one_is_not(
    launch: Callable[..., Running], tmp_path: Path, eventually: Callable[..., bool]
) -> None:
    running = launch(tmp_path)
    file, blog = tmp_path / "qorgan.yaml", running.url("blog.demo.test")
    written = file.read_text(encoding="utf-8")
    assert running.curl("child", blog).status == 200
    file.write_text(written + "\nblock: [{host: blog.demo.test, for: [aigerim]}]\n", encoding="utf-8")
    assert eventually(lambda: running.curl("child", blog).status == 403)
    file.write_text(written + "\nblock: [{hots: blog.demo.test}]\n", encoding="utf-8")
    assert eventually(lambda: "hots" in running.said())
    assert running.curl("child", blog).status == 403
    assert running.api("/api/v1/health")["status"] == "degraded"
    file.write_text(written, encoding="utf-8")
    assert eventually(lambda: running.curl("child", blog).status == 200)


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
