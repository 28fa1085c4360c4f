"""Lists at the command line: `qorgan lists`, and what `check` and `decide` make of lists."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py

POLICY = """\
extends: home
people: {aigerim: {age: 8, listeners: [home]}}
lists:
  - {name: house, from: house.txt, topics: [house], source: "our own"}
block: [{topic: house}]
"""


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    file = tmp_path / "home.yaml"
    file.write_text(POLICY)
    return file


def test_a_list_whose_file_is_missing_is_a_problem_at_its_place(qorgan: Qorgan, policy: Path) -> None:
    done = qorgan("check", policy)
    assert done.status == 1
    assert done.err.splitlines()[0] == (
        f"{policy}:4:25: the list house cannot be used: {policy.parent / 'house.txt'} is missing"
    )


def test_bad_lines_are_notes_and_the_many_are_counted(qorgan: Qorgan, policy: Path) -> None:
    house = policy.parent / "house.txt"
    house.write_text("good.test\nkz\n" + "two words\n" * 30)
    done = qorgan("check", policy)
    assert done.status == 0
    assert done.err.startswith(
        dedent(f"""\
        {house}:2:1: note: 'kz' is a name of one label: it would cover every site below it
            kz
            ^
        {house}:3:5: note: one host or address stands on a line
            two words
                ^
        """)
    )
    said = "11 more lines of the list house are left out (in all: more than one word 30, public suffix 1)"
    assert f"{policy}:4:25: note: {said}" in done.err
    assert done.err.endswith("no problems, 21 notes\n")


def test_another_digest_than_the_policy_s_is_a_problem(qorgan: Qorgan, policy: Path) -> None:
    (policy.parent / "house.txt").write_text("good.test\n")
    policy.write_text(POLICY.replace("topics: [house],", f'topics: [house], sha256: "{"a" * 64}",'))
    done = qorgan("check", policy)
    assert done.status == 1
    assert "the list has another digest than the policy says" in done.err
    assert f"hint: sha256: {hashlib.sha256(b'good.test' + bytes([10])).hexdigest()}" in done.err


def test_a_fetched_list_is_not_fetched_for_a_check(qorgan: Qorgan, policy: Path) -> None:
    policy.write_text(POLICY.replace("house.txt", '"https://lists.test/a"'))
    assert qorgan("check", policy).status == 0


def test_decide_asks_the_lists_that_are_files(qorgan: Qorgan, policy: Path) -> None:
    (policy.parent / "house.txt").write_text("bad.test\nmixed.test/games\n")
    asked = ["https://www.bad.test/", "https://mixed.test/games/1", "https://mixed.test/", "https://good.test/"]
    lines = [json.dumps({"id": url, "age": 8, "url": url, "moment": "2026-11-22T12:00:00+05:00"}) for url in asked]
    done = qorgan("decide", "--jsonl", "--policy", policy, stdin="\n".join(lines).encode())
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [(answer["action"], answer["reason"]) for answer in answers] == [
        ("block", "topic"),
        ("block", "topic"),
        ("allow", "unlabelled"),
        ("allow", "unlabelled"),
    ]


def test_decide_does_not_go_on_without_a_list_that_the_policy_names(qorgan: Qorgan, policy: Path) -> None:
    done = qorgan("decide", "--jsonl", "--policy", policy, stdin=b"")
    assert done.status == 1
    assert "the list house cannot be used" in done.err


def test_lists_before_the_first_start_are_missing(qorgan: Qorgan, policy: Path, tmp_path: Path) -> None:
    (policy.parent / "house.txt").write_text("bad.test\n")
    where = ("--config", policy, "--data", tmp_path / "data")
    done = qorgan("lists", *where)
    assert done.status == 1
    assert done.out == dedent("""\
        house: missing (house)
          from      house.txt (our own)
          error     it was not compiled yet
        """)
    assert qorgan("lists", "bad.test", *where).out.startswith("the lists are not compiled yet")
    assert qorgan("lists", "two words", *where).status == 2


def test_a_policy_without_lists_says_so(qorgan: Qorgan, tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text("extends: home\n")
    done = qorgan("lists", "--config", file, "--data", tmp_path / "data")
    assert (done.status, done.out) == (0, "the policy names no lists; its key lists: loads them\n")
