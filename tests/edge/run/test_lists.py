"""A running gateway takes up a changed list between two requests; without a usable copy it runs and says so."""

import concurrent.futures
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Running = Any  # tests/edge/conftest.py
ROOT = Path(__file__).parents[3]


def lists(file: Path, name: str = "house", **more: str) -> list[dict[str, object]]:
    return [{"name": name, "from": str(file), "topics": ["house"], **more}]


BLOCK = [{"topic": "house", "for": ["aigerim"]}]


def qorgan(running: Running, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gateway.cli", *words, "--config", str(running.folder / "qorgan.yaml")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_a_changed_list_file_blocks_without_a_failed_request(
    launch: Callable[..., Running], tmp_path: Path, eventually: Callable[..., bool]
) -> None:
    file = tmp_path / "house.txt"
    file.write_text("other.test\n")
    running = launch(tmp_path, lists=lists(file), block=BLOCK)
    blog, news = running.url("blog.demo.test"), running.url("news.demo.test")
    assert running.curl("child", blog).status == 200
    end = time.monotonic() + 6

    def ask(person: str, url: str) -> list[int]:
        return [running.curl(person, url).status for _ in range(1_000) if time.monotonic() < end]

    with concurrent.futures.ThreadPoolExecutor() as threads:
        # One person has one place for curl's answer, so one thread each.
        child, teen = threads.submit(ask, "child", blog), threads.submit(ask, "teen", news)
        for number in range(6):
            file.write_text("".join(f"n{each}.test\n" for each in range(1_000 * number)))
            time.sleep(0.4)
        file.write_text("blog.demo.test\n")
    assert set(teen.result()) == {200}
    answers = child.result()
    assert set(answers) == {200, 403}
    assert answers == sorted(answers), "once it was blocked, it stayed so"
    assert qorgan(running, "lists", "www.blog.demo.test").stdout == "house: blog.demo.test\n"
    assert running.api("/api/v1/health")["lists"][0]["state"] == "good"
    file.write_text("other.test\n")
    assert eventually(lambda: running.curl("child", blog).status == 200)


def test_a_list_without_a_usable_copy_is_flagged_and_the_rest_holds(
    launch: Callable[..., Running], tmp_path: Path, eventually: Callable[..., bool]
) -> None:
    file = tmp_path / "house.txt"
    running = launch(tmp_path, lists=lists(file), block=[*BLOCK, {"host": "news.demo.test", "for": ["aigerim"]}])
    assert running.curl("child", running.url("blog.demo.test")).status == 200
    assert running.curl("child", running.url("adult.demo.test")).status == 451
    assert running.curl("child", running.url("news.demo.test")).status == 403
    assert f"list house: {file} is missing; it says nothing until it can be used" in running.said()
    health = running.api("/api/v1/health")
    assert health["status"] == "degraded"
    assert health["lists"][0]["state"] == "missing"
    told = qorgan(running, "lists")
    assert (told.returncode, told.stdout.splitlines()[0]) == (1, "house: missing (house)")
    file.write_text("blog.demo.test\n")
    assert eventually(lambda: running.curl("child", running.url("blog.demo.test")).status == 403)
    assert running.api("/api/v1/health")["status"] == "ok"
    assert qorgan(running, "lists").returncode == 0


def test_compiled_lists_hold_from_the_first_request_of_another_start(
    launch: Callable[..., Running], tmp_path: Path
) -> None:
    file = tmp_path / "house.txt"
    file.write_text("blog.demo.test\n")
    first = launch(tmp_path, lists=lists(file), block=BLOCK)
    url = first.url("blog.demo.test")
    assert first.curl("child", url).status == 403
    compiled = tmp_path / "data" / "lists" / "compiled"
    before = compiled.stat().st_ino
    os.kill(first.worker().pid, signal.SIGKILL)
    assert first.curl("child", url, seconds=40).status == 403
    first.stop()
    second = launch(tmp_path, first.ports, lists=lists(file), block=BLOCK)
    assert second.curl("child", url).status == 403
    assert compiled.stat().st_ino == before, "what did not change is not compiled again"
    second.stop()
    compiled.write_bytes(compiled.read_bytes()[:-8])
    third = launch(tmp_path, first.ports, lists=lists(file), block=BLOCK)
    assert third.curl("child", url).status == 403
    assert "the compiled lists cannot be used, and are made anew" in third.said()
