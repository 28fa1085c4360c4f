"""An installation with two workers, and an origin that its people may reach."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.edge.conftest import free_ports
from tests.edge.workers.load import origin

Running = Any  # tests/edge/conftest.py

NAMES = ("adult", "teen", "child", "admin", "demo")
HOSTS = ("demo.test", "adult.demo.test", "blog.demo.test", "news.demo.test", "web.test")


@pytest.fixture(scope="session")
def web() -> Iterator[int]:
    with origin() as port:
        yield port


@pytest.fixture
def two(launch: Callable[..., Running], tmp_path: Path, web: int) -> Callable[..., Running]:
    """Starts it: two("more policy", **more of the installation). The policy is in a file of its own, more.yaml."""

    def start(policy: str = "zone: Asia/Almaty\n", **more: Any) -> Running:
        (tmp_path / "more.yaml").write_text(policy)
        ports = dict(zip(NAMES, free_ports(len(NAMES)), strict=True))
        network = {
            "hosts": dict.fromkeys(HOSTS, "127.0.0.1"),
            "allow-private": [f"127.0.0.1:{ports['demo']}", f"127.0.0.1:{web}"],
            "connect-ports": [80, 443, ports["demo"], web],
        }
        more = {"workers": 2, **more}
        return launch(tmp_path, ports, policy=["more.yaml"], network=network, drop=("zone",), **more)

    return start
