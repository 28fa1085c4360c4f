"""`qorgan password`: the hash alone on stdout, from a pipe or from a person who types it unseen, twice."""

import fcntl
import os
import subprocess
import termios
from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py


@pytest.mark.parametrize(
    ("given", "word"), [(b"s3cret\n", "s3cret"), (b"  \xd3\x99 \r\n", "  ә "), (b"no end", "no end")]
)
def test_from_a_pipe_the_first_line_counts(qorgan: Qorgan, given: bytes, word: str) -> None:
    done = qorgan("password", stdin=given)
    assert (done.status, done.err) == (0, "")
    assert PasswordHasher().verify(done.out.removesuffix("\n"), word)
    assert word not in done.out


@pytest.mark.parametrize("given", [b"", b"\n", b"\r\n"])
def test_no_password_is_wrong_usage(qorgan: Qorgan, given: bytes) -> None:
    done = qorgan("password", stdin=given)
    assert (done.status, done.out, done.err) == (2, "", "no password was given\n")


def typed_at_a_terminal(command: list[str], *lines: str) -> tuple[int, str, str]:
    """Status, stdout, and what the terminal showed."""
    terminal, other = os.openpty()

    def take_terminal() -> None:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    with subprocess.Popen(
        [*command, "password"], stdin=other, stdout=subprocess.PIPE, stderr=other, preexec_fn=take_terminal
    ) as process:
        os.close(other)
        shown = b""
        for line in lines:
            while b": " not in shown.rpartition(b"\n")[2]:  # what is typed before the space is thrown away
                shown += os.read(terminal, 1_000)
            os.write(terminal, line.encode() + b"\n")
            shown += b"\n"
        assert process.stdout is not None
        out = process.stdout.read().decode()
        process.wait(20)
    try:
        while more := os.read(terminal, 1_000):
            shown += more
    except OSError:  # Linux ends a terminal whose other side is closed with EIO
        pass
    finally:
        os.close(terminal)
    return process.returncode, out, shown.decode()


def test_at_a_terminal_it_is_asked_for_twice_and_not_shown(command: list[str]) -> None:
    status, out, shown = typed_at_a_terminal(command, "s3cret", "s3cret")
    assert status == 0
    assert PasswordHasher().verify(out.removesuffix("\n"), "s3cret")
    assert "s3cret" not in shown


def test_two_passwords_that_differ_are_asked_for_again(command: list[str]) -> None:
    status, out, shown = typed_at_a_terminal(command, "s3cret", "secret", "one", "one")
    assert status == 0
    assert "do not match" in shown
    assert PasswordHasher().verify(out.removesuffix("\n"), "one")
