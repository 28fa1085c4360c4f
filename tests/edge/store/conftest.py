from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.store.database import Database
from tests.masked_questions import question, verdict

__all__ = ["question", "verdict"]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database.open(tmp_path / "data" / "qorgan.db")
    yield opened
    await opened.close()
