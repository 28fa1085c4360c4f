"""The command line as somebody types it: in this process where many cases are needed, else as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.commands import cli

ROOT = Path(__file__).parents[3]


@dataclass
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="session")
def qorgan() -> Callable[..., Done]:
    """qorgan(*words, stdin=b""): runs a command in this process; an exception that is none of its own ends the test."""
    runner = CliRunner()

    def run(*words: str | Path, stdin: bytes = b"") -> Done:
        done = runner.invoke(cli, [str(word) for word in words], input=stdin, catch_exceptions=False)
        return Done(done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def command() -> list[str]:
    """The first words of a command line that starts a process."""
    return [sys.executable, "-m", "gateway.cli"]


@pytest.fixture(scope="session")
def typed(command: list[str]) -> Callable[..., Done]:
    """typed(*words, stdin=b"", **options of subprocess.run): runs a command as a process from the checkout."""

    def run(*words: str | Path, stdin: bytes = b"", **options) -> Done:
        options = {"cwd": ROOT, "env": {**os.environ}, "timeout": 60, **options}
        pipes = {name: options.pop(name, subprocess.PIPE) for name in ("stdout", "stderr")}
        done = subprocess.run([*command, *map(str, words)], input=stdin, **pipes, **options)
        out, err = ((data or b"").decode("utf-8", "replace") for data in (done.stdout, done.stderr))
        return Done(done.returncode, out, err)

    return run
