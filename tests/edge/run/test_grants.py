"""A parent gives more time at a running gateway by the command line; a killed worker forgets neither time nor grant."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
Running = Any  # tests/edge/conftest.py

CALENDAR = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270101\nEND:VEVENT\nEND:VCALENDAR\n"
POLICY = """
quota:
  - {minutes: 1, for: aigerim}
  - {minutes: 0, for: daniyar}
holidays: [school.ics]
"""


def grant(running: Running, *words: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "gateway.cli", "grant", *words, "--config", str(running.folder / "qorgan.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def running(launch: Callable[..., Running], tmp_path: Path) -> Running:
    (tmp_path / "home.yaml").write_text(POLICY)
    (tmp_path / "school.ics").write_text(CALENDAR)
    return launch(tmp_path, policy=["home.yaml"])


def test_minutes_end_a_parent_gives_more_and_a_restart_forgets_nothing(
    running: Running, eventually: Callable[..., bool]
) -> None:
    page = running.url("blog.demo.test")

    def status(person: str) -> int:
        return running.curl(person, page).status

    assert [status("teen"), status("child"), status("child")] == [403, 200, 403]
    code, out, _ = grant(running, "aigerim")
    assert (code, "blocked until" in out, "0 minutes left; 1 used, 1 a day" in out) == (0, True, True)
    code, out, _ = grant(running, "aigerim", "--minutes", "15")
    assert (code, "aigerim: 15 minutes more, until" in out, "by dana" in out) == (0, True, True)
    assert [status("child"), status("teen")] == [200, 403]
    assert running.api("/api/v1/time?as=aigerim")["limits"][0]["left"] >= 14
    explained = running.api(f"/api/v1/explain?url={page}&as=daniyar")["verdict"]
    assert (explained["reason"], explained["grounds"][0]["where"]) == ("quota", f"{running.folder / 'home.yaml'}:4")

    time.sleep(11)  # minutes are written every ten seconds
    running.worker().kill()
    assert eventually(lambda: status("child") == 200)
    used = running.api("/api/v1/time?as=aigerim")["limits"][0]
    assert used["used"] >= 1
    code, out, _ = grant(running, "--list")
    assert (code, out.count("\n")) == (0, 1)
    code, out, _ = grant(running, "--revoke", out.split()[0])
    assert (code, out.startswith("revoked:")) == (0, True)
    assert status("child") == 403
    assert eventually(lambda: "revoked" in str(running.api("/api/v1/journal?n=50")))
    line = next(each for each in running.api("/api/v1/journal?n=50")["lines"] if each["action"] == "given")
    assert (line["by"], line["person"]) == ("dana", "aigerim")


def test_a_calendar_that_breaks_is_told_and_the_policy_before_still_holds(
    running: Running, eventually: Callable[..., bool]
) -> None:
    (running.folder / "school.ics").write_text("no calendar")
    assert eventually(lambda: "school.ics:1:1: this is not a calendar" in running.said())
    assert running.curl("teen", running.url("blog.demo.test")).status == 403
    (running.folder / "school.ics").write_text(CALENDAR)
    assert eventually(lambda: running.api("/api/v1/health")["problems"] == [])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["aigerim", "--minutes", "999"], "minutes: this must be at most 240"),
        (["aigrim", "--minutes", "5"], "did you mean aigerim?"),
        (["aigerim", "--host", "https://a.kz/", "--until", "2030-01-01"], "is an address, not a host"),
        (["--revoke", "nothing"], "no grant of that id holds"),
        (["nobody"], "the policy knows nobody of that name"),
    ],
)
def test_what_cannot_be_granted_is_said(demo: Running, words: list[str], says: str) -> None:
    code, out, err = grant(demo, *words)
    assert (code, out) == (1, "")
    assert says in err
