"""One build of the add-on for all tests of what was built."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.edge.addon.building import Built, build
from gateway.edge.installation import Installation, read_installation

BASE = "http://192.168.1.2:8088"


@dataclass(frozen=True)
class Making:
    built: Built
    out: Path
    data: Path

    def bytes_of(self, name: str) -> bytes:
        return (self.out / name).read_bytes()


def installation(data: Path) -> Installation:
    return read_installation(None, data)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Making:
    folder = tmp_path_factory.mktemp("addon")
    return Making(build(installation(folder / "data"), folder / "out", None, BASE), folder / "out", folder / "data")


@pytest.fixture
def build_again(made: Making, tmp_path: Path) -> Callable[..., Path]:
    """Builds with the same key into another folder."""

    def run(url: str = BASE) -> Path:
        build(installation(made.data), tmp_path / "out", None, url)
        return tmp_path / "out"

    return run
