"""Standard streams as shells and programs hand them over: closed, full, in another encoding, asked line by line."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Typed = Callable[..., Any]  # tests/edge/cli/conftest.py
PAGE = '<!doctype html><html lang="kk"><p>Балаларға тыйым салынады 18+</p>'.encode()


def questions(count: int) -> bytes:
    return b"".join(b'{"id": %d, "age": 10}\n' % number for number in range(count))


@pytest.mark.parametrize("words", ["schema", "law", "decide --jsonl", "where", "--help"])
def test_a_reader_that_has_read_enough_is_no_fault(command: list[str], words: str) -> None:
    """As in `qorgan law | head -1`; and a reader that is gone before the first line."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [*command, *words.split()], input=questions(2_000), stdout=writing, stderr=subprocess.PIPE, timeout=60
        )
    finally:
        os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 1


@pytest.mark.parametrize("words", ["schema", "where", "decide --jsonl"])
def test_a_full_disk_is_told(typed: Typed, words: str) -> None:
    with open("/dev/full", "wb") as full:
        done = typed(*words.split(), stdin=questions(2_000), stdout=full)
    assert done.err == "reading or writing failed: No space left on device\n"
    assert done.status == 1


@pytest.mark.parametrize(
    ("redirection", "words", "status", "says"),
    [
        ("<&-", "labels", 2, "cannot read standard input: it is closed\n"),
        ("<&-", "decide --jsonl", 2, "cannot read standard input: it is closed\n"),
        ("<&-", "password", 2, "cannot read standard input: it is closed\n"),
        (">&-", "schema", 0, ""),
        ("2>&-", "check missing.yaml", 1, ""),
        ("2>/dev/full", "check missing.yaml", 1, ""),
    ],
)
def test_closed_streams(command: list[str], redirection: str, words: str, status: int, says: str) -> None:
    shell = f'"$0" "$@" {redirection}'
    done = subprocess.run(["sh", "-c", shell, *command, *words.split()], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (status, says)


def test_a_terminal_without_kazakh_shows_what_it_can(typed: Typed, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(PAGE)
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    labels = typed("labels", page, env=environment)
    assert (labels.status, labels.err) == (0, "")
    assert r"\u0411\u0430\u043b\u0430" in labels.out
    check = typed("check", tmp_path / "жоқ.yaml", env=environment)
    assert (check.status, check.out) == (1, "")
    assert r"\u0436\u043e\u049b.yaml:1:1: the file or folder is missing" in check.err


def test_names_that_are_not_utf_8(typed: Typed, tmp_path: Path) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.yaml")
    Path(name).write_text("agee: 1\n")
    done = typed("check", name)
    assert done.status == 1
    assert r"\udcff.yaml:1:1: the key 'agee' is not known here" in done.err


def test_each_answer_comes_before_the_next_question(command: list[str]) -> None:
    """A program may ask one question, read its verdict, and only then know the next."""
    with subprocess.Popen([*command, "decide", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        for number in range(3):
            asked.stdin.write(b'{"id": %d, "age": 10}\n' % number)
            asked.stdin.flush()
            assert json.loads(asked.stdout.readline())["id"] == number
        asked.stdin.close()
        assert asked.wait(20) == 0


def test_ctrl_c_while_it_waits_for_a_question(command: list[str]) -> None:
    # A shell lets what it starts in the background ignore Ctrl-C, these tests too, and Python then leaves it ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        asked = subprocess.Popen(
            [*command, "decide", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        asked.stdin.write(b'{"age": 10}\n')
        asked.stdin.flush()
        asked.stdout.readline()
        asked.send_signal(signal.SIGINT)
        _, err = asked.communicate(timeout=20)
    assert asked.returncode != 0
    assert b"Traceback" not in err
