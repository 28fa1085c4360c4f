"""Whatever a file turns out to be, a command ends with a short message and a status; it never fails as a program."""

import itertools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py

SIZE = 5_000_000
CONTENTS = {
    "empty": b"",
    "blank": b"\n \n\t\n",
    "nul": b"\0" * 100,
    "binary": bytes(range(256)) * 40,
    "latin-1": "ставка: наверно".encode("windows-1251"),
    "bom": b"\xef\xbb\xbf" + b"\xef\xbb\xbf",
    "utf-16": "extends: home\n".encode("utf-16"),
    "long line": b"a" * SIZE,
    "long value": b"zone: " + b"a" * 900_000,
    "many lines": b"a: b\n" * 10_000,
    "deep": b"[" * 100_000,
    "deep map": b'{"a":' * 100_000,
    "deep block": b"".join(b" " * depth + b"a:\n" for depth in range(1_000)),
    "scalar": b"just words",
    "list": b"- a\n- b\n",
    "alias": b"a: &a [x]\nb: *a\n",
    "tag": b"a: !!python/object/apply:os.system [ls]\n",
    "merge": b"<<: {a: 1}\n",
    "escape": b"zone: \x1b]0;owned\x07\x1b[2J\n",
    "surrogate": b'zone: "\\ud800"\n',
    "unclosed": b'people: {a: "\n',
    "two documents": b"a: 1\n---\nb: 2\n",
    "number": b"people: 1e999\n",
}
COMMANDS = [
    "check FILE",
    "run --config FILE --data DATA",
    "ca --config FILE --data DATA",
    "explain https://site.test/ --as aigerim --config FILE --data DATA",
    "decide --jsonl --policy FILE",
    "test FILE",
    "prove FILE",
    "diff FILE FILE",
    "decide --jsonl FILE",
    "labels --jsonl FILE",
    "labels FILE",
]
READS_STREAMS = ("decide --jsonl FILE", "labels --jsonl FILE", "labels FILE")
DEFAULTS = {"empty", "blank"}  # a file in which everything has its default
POLICY = {"long value"}  # a fault of the policy alone: a gateway starts, closed, until it is mended


@pytest.fixture
def given(qorgan: Qorgan, tmp_path: Path) -> Callable[[str, Path], Any]:
    def run(command: str, file: Path) -> Any:
        places = {"FILE": file, "DATA": tmp_path / "data"}
        return qorgan(*(places.get(word, word) for word in command.split()))

    return run


def require_civil(done: Any) -> None:
    """Messages that a person can read in a terminal, and nothing else."""
    assert "Traceback" not in done.err
    for line in done.err.splitlines():
        assert len(line) < 500, line[:200]
        assert line.isprintable(), repr(line[:200])


STARTS = [("run --config FILE --data DATA", kind) for kind in DEFAULTS | POLICY]
CASES = [case for case in itertools.product(COMMANDS, CONTENTS) if case not in STARTS]


@pytest.mark.parametrize(("command", "kind"), CASES)
def test_whatever_is_in_the_file(given: Callable[[str, Path], Any], tmp_path: Path, command: str, kind: str) -> None:
    file = tmp_path / "file.yaml"
    file.write_bytes(CONTENTS[kind])
    done = given(command, file)
    require_civil(done)
    assert done.status in (0, 1, 2)
    if command in ("check FILE", "run --config FILE --data DATA") and kind not in DEFAULTS:
        assert done.status == 1
        assert f"{file}:1:" in done.err or f"{file}:" in done.err
    if command.startswith("run"):
        assert not (tmp_path / "data").exists(), "a file with problems starts nothing"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("kind", ["missing", "folder", "empty folder", "pipe", "loop", "dangling", "device"])
def test_whatever_the_file_is(given: Callable[[str, Path], Any], tmp_path: Path, command: str, kind: str) -> None:
    file = tmp_path / "file.yaml"
    match kind:
        case "folder":
            file.mkdir()
            (file / "bad.yaml").write_text("nonsense: 1\n")
        case "empty folder":
            file.mkdir()
        case "pipe" if command not in READS_STREAMS:  # which rightly wait for what comes
            os.mkfifo(file)
        case "loop":
            file.symlink_to(file)
        case "dangling":
            file.symlink_to("gone.yaml")
        case "device":
            file.symlink_to("/dev/null")
    done = given(command, file)
    require_civil(done)
    if kind == "device" and command in READS_STREAMS:
        assert done.status == 0
    elif command in READS_STREAMS:
        assert (done.status, done.out) == (2, "")
        assert f"cannot read {file}: " in done.err
    else:
        # Of diff 1 says that something changes, as of diff(1); where there is no case to try, that is wrong usage.
        statuses = {"diff": (2,), "test": (1, 2)}.get(command.split()[0], (1,))
        assert done.status in statuses
        assert done.out == ""
        assert str(file) in done.err
