"""`qorgan run` as somebody starts and stops it: one clear sentence when it cannot start, nothing left when it ends."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py
Running = Any  # tests/edge/conftest.py


def ended(process: psutil.Process, seconds: float) -> bool:
    """Whether the process ends in time. In a container nobody may collect it, so a zombie has ended too."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def config_of(folder: Path, port: int) -> Path:
    file = folder / "qorgan.yaml"
    file.write_text(yaml.safe_dump({"listeners": {"home": {"port": port}}, "data": "data"}))
    return file


@pytest.fixture
def taken() -> Any:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_port_that_is_taken_is_one_sentence(qorgan: Qorgan, tmp_path: Path, taken: int) -> None:
    file = config_of(tmp_path, taken)
    done = qorgan("run", "--config", file)
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        f"{file}: cannot listen on 127.0.0.1:{taken}: Address already in use; choose another address or port\n"
    )


def test_an_address_of_another_machine_is_one_sentence(qorgan: Qorgan, tmp_path: Path) -> None:
    file = tmp_path / "qorgan.yaml"
    file.write_text("listeners: {home: {address: 192.0.2.1, port: 8080}}\n")
    done = qorgan("run", "--config", file, "--data", tmp_path / "data")
    assert done.status == 1
    assert done.err.count("\n") == 1
    assert "cannot listen on 192.0.2.1:8080: Cannot assign requested address" in done.err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read: No such file"),
        ("", "holds no certificate"),
        ("-----BEGIN X-----", "holds no certificate"),
    ],
)
def test_an_authority_that_cannot_be_trusted_is_one_sentence(
    qorgan: Qorgan, tmp_path: Path, content: str | None, says: str
) -> None:
    if content is not None:
        (tmp_path / "school.pem").write_text(content)
    file = tmp_path / "qorgan.yaml"
    file.write_text("network: {upstream-ca: [school.pem]}\n")
    done = qorgan("run", "--config", file, "--data", tmp_path / "data")
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
    assert f"{tmp_path}/school.pem {says}" in done.err


def test_a_second_start_on_the_same_data_is_one_sentence(qorgan: Qorgan, demo: Running) -> None:
    folder = demo.folder / "data"
    done = qorgan("run", "--config", demo.folder / "qorgan.yaml")
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        f"a gateway runs with {folder} already (process {demo.process.pid}): "
        "stop it, or choose another data directory\n"
    )
    assert demo.curl("teen", demo.url("news.demo.test")).status == 200


def test_the_start_page_names_places_and_people_and_fits_a_terminal(demo: Running) -> None:
    page = demo.said()[demo.said().index("Qorgan is running.") :]
    for name, person in (("adult", "dana, 18+"), ("teen", "daniyar, 14-15"), ("child", "aigerim, 6-11")):
        assert f"http://127.0.0.1:{demo.ports[name]}" in page
        assert person in page
    admin = f"http://127.0.0.1:{demo.ports['admin']}"
    assert f"{admin}/ca.pem" in page
    data = str(demo.folder / "data")  # a long path, as tests have them; `make run` says `var`
    lines = [re.sub(r":[0-9]{5}\b", ":8080", line.replace(data, "var")) for line in page.splitlines()]
    assert [line for line in lines if len(line) > 80] == []
    assert len(lines) <= 40


def test_the_lines_of_the_start_page_do_what_they_say(demo: Running) -> None:
    lines = demo.said().replace("\\\n", "").splitlines()
    shown = [(lines[at - 1], line) for at, line in enumerate(lines) if line.startswith("  curl")]
    assert len(shown) == 9
    for says, command in shown:
        done = subprocess.run(command + " -s -w '\n%{http_code}'", shell=True, capture_output=True, text=True)
        status = done.stdout.rpartition("\n")[2]
        wanted = "451" if "blocked" in says else "200"
        assert status == wanted, (says, command, done.stdout, done.stderr)


def test_the_demo_site_answers_again_on_the_same_connection(demo: Running) -> None:
    """It once waited for ever, and every visit of the probe took its whole time limit."""
    pages = [demo.url("blog.demo.test"), "-o", os.devnull, demo.url("blog.demo.test", "/age.xml")]
    where = ["--resolve", f"blog.demo.test:{demo.ports['demo']}:127.0.0.1", "--cacert", str(demo.trust)]
    command = ["curl", "-s", "--http1.1", "--max-time", "10", *where, "-w", "%{http_code} %{num_connects}\n"]
    done = subprocess.run([*command, "-o", os.devnull, *pages], capture_output=True, text=True)
    assert done.stdout == "200 1\n404 0\n"


@pytest.mark.parametrize("ask", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_asked(launch: Callable[..., Running], tmp_path: Path, ask: signal.Signals) -> None:
    """Ctrl-C reaches the whole process group, as a terminal sends it; a service manager asks the first process."""
    running = launch(tmp_path)
    parts = psutil.Process(running.process.pid).children(recursive=True)
    assert parts
    if ask is signal.SIGINT:
        os.killpg(running.process.pid, ask)
    else:
        running.process.send_signal(ask)
    assert running.process.wait(20) == 0
    assert [part for part in parts if not ended(part, 2)] == []
    said = running.said()
    assert said[said.index("Ctrl-C stops it.") :] == "Ctrl-C stops it.\n", "it ends without a word"


def test_a_worker_whose_supervisor_was_killed_ends_and_another_start_works(
    launch: Callable[..., Running], tmp_path: Path
) -> None:
    first = launch(tmp_path)
    worker = first.worker()
    first.process.kill()
    first.process.wait()
    assert ended(worker, 8)
    second = launch(tmp_path, first.ports)
    assert second.curl("child", second.url("adult.demo.test")).status == 451
    assert second.stop() == 0


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An installation on ports that are free at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        listeners, admin = {"home": {"port": one.getsockname()[1]}}, {"port": two.getsockname()[1]}
    file = tmp_path / "qorgan.yaml"
    file.write_text(yaml.safe_dump({"listeners": listeners, "admin": admin, "data": "data"}))
    return file


@pytest.mark.parametrize("has_worker", [False, True])
def test_ctrl_c_while_it_starts(command: list[str], config: Path, has_worker: bool) -> None:
    """130 before there is anything to stop (128 and the signal's number, as shells count), 0 from then on."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*command, "run", "--config", str(config)], start_new_session=True, **pipes) as process:
        started = psutil.Process(process.pid)
        while not (started.children() if has_worker else (config.parent / "data").exists()):
            time.sleep(0.01)
        parts = started.children(recursive=True)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert b"Traceback" not in err
    assert process.returncode in ((0,) if has_worker else (0, 130)), err  # it may have come that far meanwhile
    assert [part for part in parts if not ended(part, 2)] == []


def test_a_terminal_that_is_closed_does_not_end_it(command: list[str], config: Path) -> None:
    """That a worker died is told on stderr; where nobody reads it any more, the worker is replaced all the same."""
    reading, writing = os.pipe()
    words = [*command, "run", "--config", str(config)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=writing, text=True) as process:
        os.close(writing)
        assert process.stdout is not None
        while "Ctrl-C" not in (line := process.stdout.readline()):
            assert line
        os.close(reading)
        first = psutil.Process(process.pid).children()[0]
        first.kill()
        end = time.monotonic() + 20
        while all(child.pid == first.pid for child in psutil.Process(process.pid).children()):
            assert time.monotonic() < end
            time.sleep(0.1)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
