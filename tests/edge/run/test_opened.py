"""What was opened is told by a running gateway: which hosts, for whom and why; never a page, nothing of an adult."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.decision.splice import Why
from gateway.edge.opened import WORDS

ROOT = Path(__file__).parents[3]
Running = Any  # tests/edge/conftest.py


def opened(running: Running, *words: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "gateway.cli", "opened", *words, "--config", str(running.folder / "qorgan.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_a_family_sees_what_was_opened_and_why(demo: Running, eventually: Callable[..., bool]) -> None:
    demo.curl("child", demo.url("blog.demo.test", "/secret-page"))
    demo.curl("adult", demo.url("news.demo.test"))

    def told() -> bool:
        lines = demo.api("/api/v1/opened?as=aigerim")["opened"]
        return any(line["host"] == "blog.demo.test" and line["sight"] == "look" for line in lines)

    assert eventually(told)
    assert eventually(lambda: bool(demo.api("/api/v1/opened?as=dana")["opened"]))
    adults = demo.api("/api/v1/opened?as=dana")["opened"]
    assert {(line["host"], line["sight"], line["reason"]) for line in adults} == {(None, "pass", "adult")}
    code, out, _ = opened(demo, "--person", "aigerim")
    assert code == 0
    assert "blog.demo.test" in out
    assert WORDS[Why.LABELS] in out
    assert "secret-page" not in str(demo.api("/api/v1/opened"))
    code, out, _ = opened(demo, "--json")
    assert {line["person"] for line in json.loads(out)} >= {"aigerim", "dana"}
    code, out, err = opened(demo, "--person", "nobody-here")
    assert (code, out) == (1, "")
    assert "knows nobody" in err


@pytest.mark.parametrize("why", Why)
def test_each_reason_has_its_words(why: Why) -> None:
    assert WORDS[why]
