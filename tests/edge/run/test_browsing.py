"""An ordinary site works behind the gateway: whatever a browser does on it has the result that it has without it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Running = Any  # tests/edge/conftest.py
WANTED = {
    "module": "module", "script": "yes", "style": "rgb(1, 2, 3)", "images": 60, "json": "apple", "fragment": "200 17",
    "gzip": "200 5000", "redirect": "200 17", "missing": "404 14", "empty": "204 0", "upload": "200 7", "form": "200 1",
    "head": "200 0", "range": "206 10", "blob": 1048576, "cached": "200 7 / 200 7", "events": "0,1,2",
    "socket": "echo apple", "frame": "inner",
}  # fmt: skip


@pytest.fixture(scope="module")
def web() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(Path(__file__).with_name("web.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.terminate()


@pytest.mark.parametrize("person", ["teen", "child"])
def test_an_ordinary_site_is_not_broken(
    launch: Callable[..., Running], tmp_path: Path, site: dict[str, Any], web: subprocess.Popen[str], person: str
) -> None:
    network = {
        "hosts": {"web.test": "127.0.0.1"},
        "allow-private": [f"127.0.0.1:{site['port']}"],
        "connect-ports": [443, site["port"]],
        "upstream-ca": [site["ca"]],
    }
    running = launch(tmp_path, network=network, drop=("demo",))
    with running.browsing(person, f"https://web.test:{site['port']}/"):
        assert web.stdout is not None
        reported = web.stdout.readline()
    assert json.loads(reported) == WANTED


@pytest.fixture(scope="module")
def site(web: subprocess.Popen[str]) -> dict[str, Any]:
    assert web.stdout is not None
    found: dict[str, Any] = json.loads(web.stdout.readline())
    return found
