"""`qorgan grant` where no gateway runs, or the command makes no sense."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py


def installation(folder: Path, port: int, address: str = "127.0.0.1", token: bytes | None = b"t\n") -> Path:
    file = folder / "qorgan.yaml"
    file.write_text(f"data: {folder}\nadmin: {{address: {address}, port: {port}}}\npeople: {{dana: {{age: adult}}}}\n")
    if token is not None:
        (folder / "admin-token").write_bytes(token)
    return file


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--minutes", "15"],
        ["dana", "--list"],
        ["--list", "--revoke", "1"],
        ["--revoke", "1", "--minutes", "5"],
        ["dana", "--minutes", "soon"],
    ],
)
def test_a_command_that_makes_no_sense_is_wrong_usage(qorgan: Qorgan, tmp_path: Path, words: list[str]) -> None:
    done = qorgan("grant", *words, "--config", installation(tmp_path, free_port()))
    assert (done.status, done.out) == (2, "")
    assert done.err


def test_without_a_gateway_it_says_so(qorgan: Qorgan, tmp_path: Path) -> None:
    port = free_port()
    done = qorgan("grant", "--list", "--config", installation(tmp_path, port))
    assert (done.status, done.out) == (1, "")
    assert f"no gateway answers at 127.0.0.1:{port}" in done.err
    assert "start it with qorgan run" in done.err


def test_without_a_token_it_says_so(qorgan: Qorgan, tmp_path: Path) -> None:
    done = qorgan("grant", "--list", "--config", installation(tmp_path, free_port(), token=None))
    assert (done.status, "admin-token is missing" in done.err) == (1, True)
    done = qorgan("grant", "--list", "--config", installation(tmp_path, free_port(), token=b"\xff"))
    assert (done.status, "cannot be read" in done.err) == (1, True)


def test_a_file_with_problems_is_shown(qorgan: Qorgan, tmp_path: Path) -> None:
    file = tmp_path / "qorgan.yaml"
    file.write_text("admin: {port: no}\n")
    done = qorgan("grant", "--list", "--config", file)
    assert (done.status, "qorgan.yaml:1:15" in done.err) == (1, True)


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b"\xff\xfe"])
def test_another_program_on_the_port_is_told_from_a_gateway(qorgan: Qorgan, tmp_path: Path, body: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            client, _ = listening.accept()
            with client:
                client.recv(65_536)
                client.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body)

        threading.Thread(target=answer, daemon=True).start()
        file = installation(tmp_path, listening.getsockname()[1], "0.0.0.0")
        done = qorgan("grant", "--list", "--config", file)
    assert (done.status, "is no gateway of this version" in done.err) == (1, True)
