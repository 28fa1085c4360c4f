from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.edge.authority.authority import Authority, ensure

NOW = datetime.now(UTC)
NAMES = ("bank.example", "gov.example")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def make(data: Path) -> Callable[..., Authority]:
    def make(now: datetime = NOW, name: str = "Мектеп № 12", never_signed: tuple[str, ...] = NAMES) -> Authority:
        return ensure(data, now, name, never_signed)

    return make


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
