"""The journal: bounded, off the loop, counted when it loses, and never in the way."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from sqlalchemy import Connection, select, text

from gateway.decision.question import Question
from gateway.decision.verdict import Action, Reason, Verdict
from gateway.store import journal as journal_module
from gateway.store.database import Database
from gateway.store.journal import Journal
from gateway.store.masking import KEEPING, Keeping
from gateway.store.tables import journal as table

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOME = replace(KEEPING["home"], host=True)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database.open(tmp_path / "qorgan.db")
    yield opened
    await opened.close()


def journal_of(database: Database, keeping: Keeping = HOME, **more: object) -> Journal:
    return Journal(database, keeping, now=lambda: NOW, **more)  # type: ignore[arg-type]


def at(question: Question, minutes: int) -> Question:
    return replace(question, moment=NOW + timedelta(minutes=minutes))


async def rows(database: Database) -> int:
    return len(await database.read(lambda connection: connection.execute(select(table)).all()))


async def test_what_was_recorded_comes_back_newest_first(
    database: Database, verdict: Verdict, question: Question
) -> None:
    journal = journal_of(database)
    for minutes in (-3, -1, -2):
        journal.record(verdict, at(question, minutes))
    journal.record(replace(verdict, action=Action.ALLOW), question)
    assert await journal.flush()
    lines = await journal.tail(2)
    assert [line.entry.moment for line in lines] == [NOW - timedelta(minutes=1), NOW - timedelta(minutes=2)]
    assert lines[0].entry.host == "m.tube.example"
    assert lines[0].entry.person == "pupil-17"
    assert len(await journal.tail(100)) == 3


async def test_equal_entries_are_one_row_with_a_count(database: Database, verdict: Verdict, question: Question) -> None:
    journal = journal_of(database, KEEPING["school"])
    for minutes in range(60):
        journal.record(verdict, at(question, minutes))
        if minutes % 20 == 0:
            await journal.flush()  # also with rows that are written already
    await journal.flush()
    (line,) = await journal.tail(10)
    assert (line.entry.moment, line.times) == (NOW, 60)


async def test_nothing_unmasked_reaches_the_file(
    database: Database, tmp_path: Path, verdict: Verdict, question: Question
) -> None:
    journal = journal_of(database, KEEPING["school"])
    journal.record(verdict, question)
    await journal.flush()
    await database.close()
    content = (tmp_path / "qorgan.db").read_bytes()
    assert b"pupil-17" in content
    assert b"tube" not in content
    assert b"secret" not in content


async def test_reasons_are_counted_since_a_moment(database: Database, verdict: Verdict, question: Question) -> None:
    journal = journal_of(database)
    for minutes in (-90, -30, -10):
        journal.record(verdict, at(question, minutes))
    journal.record(replace(verdict, reason=Reason.SCHEDULE), at(question, -5))
    await journal.flush()
    assert await journal.count_by_reason(NOW - timedelta(hours=1)) == {"label": 2, "schedule": 1}


async def test_a_full_queue_counts_what_it_drops_and_says_so_later(
    database: Database, verdict: Verdict, question: Question
) -> None:
    journal = journal_of(database, limit=10)
    for minutes in range(25):
        journal.record(verdict, at(question, -minutes))
    journal.record(verdict, at(question, 0))  # already waiting: counted, not dropped
    assert journal.dropped == 15
    await journal.flush()
    lines = await journal.tail(100)
    assert sum(line.times for line in lines if line.entry.action == "block") == 11
    assert [line.times for line in lines if line.entry.action == "dropped"] == [15]
    assert await journal.count_by_reason(NOW - timedelta(days=1)) == {"label": 11, "dropped": 15}
    await journal.flush()
    assert await rows(database) == 11  # the loss is told once


async def test_it_writes_by_itself_and_the_rest_when_it_is_closed(
    database: Database, verdict: Verdict, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "FLUSH_SECONDS", 0.02)
    journal = journal_of(database)
    journal.start()
    journal.record(verdict, at(question, 0))
    async with asyncio.timeout(10):
        while not await journal.tail(1):
            await asyncio.sleep(0.01)
    journal.record(verdict, at(question, 1))
    await journal.close()
    assert len(await journal.tail(10)) == 2
    assert journal.dropped == 0


async def test_recording_waits_for_nobody(database: Database, verdict: Verdict, question: Question) -> None:
    import threading

    go_on = threading.Event()
    busy = asyncio.create_task(database.write(lambda _connection: go_on.wait(10)))
    journal = journal_of(database)
    journal.start()
    began = perf_counter()
    for minutes in range(300):
        journal.record(verdict, at(question, -minutes))
    assert perf_counter() - began < 5  # not the ten seconds that the database is busy
    go_on.set()
    await busy
    await journal.close()
    assert await rows(database) == 300


async def test_while_the_database_is_locked_entries_wait(
    tmp_path: Path, database: Database, verdict: Verdict, question: Question, caplog: pytest.LogCaptureFixture
) -> None:
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout=20"))
    journal = journal_of(database, limit=3)
    with closing(sqlite3.connect(tmp_path / "qorgan.db", isolation_level=None)) as other, caplog.at_level(logging.INFO):
        other.execute("BEGIN IMMEDIATE")
        for minutes in range(5):
            journal.record(verdict, at(question, -minutes))
        assert not await journal.flush()
        assert not await journal.flush()
        assert journal.fault is not None
        assert "database is locked" in journal.fault
        assert journal.dropped == 2
        other.execute("ROLLBACK")
        assert await journal.flush()
    assert journal.fault is None
    assert {line.entry.action: line.times for line in await journal.tail(10)} == {"block": 1, "dropped": 2}
    assert await rows(database) == 4
    assert [record.levelname for record in caplog.records if record.name == journal_module.__name__] == [
        "ERROR",
        "INFO",
    ]


def fill(connection: Connection) -> None:
    """From here on the file may not grow: SQLite answers as on a full disk."""
    pages = connection.scalar(text("PRAGMA page_count"))
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


async def test_a_full_disk_loses_entries_and_counts_them(
    database: Database, verdict: Verdict, question: Question
) -> None:
    await database.write(fill)
    journal = journal_of(database, limit=200)
    for minutes in range(300):
        journal.record(verdict, at(question, -minutes))
    assert not await journal.flush()
    assert journal.fault is not None
    assert "full" in journal.fault
    await journal.close()
    assert journal.dropped == 300
    journal.record(verdict, question)  # and it still takes what comes


async def test_a_closed_database_stops_nothing(database: Database, verdict: Verdict, question: Question) -> None:
    journal = journal_of(database)
    journal.start()
    await database.close()
    journal.record(verdict, question)
    await journal.close()
    assert journal.dropped == 1
    assert "is closed" in (journal.fault or "")


async def test_a_verdict_that_cannot_be_masked_is_counted(
    database: Database, verdict: Verdict, question: Question, caplog: pytest.LogCaptureFixture
) -> None:
    journal = journal_of(database)
    broken = replace(question, moment="noon")  # type: ignore[arg-type]
    journal.record(verdict, broken)
    assert journal.dropped == 1
    assert "could not be masked" in caplog.text


async def test_past_its_days_it_is_deleted_and_overwritten(
    database: Database, tmp_path: Path, verdict: Verdict, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "BATCH", 7)
    journal = journal_of(database)
    for minutes in range(20):
        old = at(question, -7 * 24 * 60 - 1 - minutes)
        journal.record(verdict, replace(old, profile=replace(old.profile, person="long-gone")))
    journal.record(verdict, at(question, -7 * 24 * 60 + 1))
    await journal.flush()
    assert await journal.purge() == 20
    assert await journal.purge() == 0
    assert [line.entry.person for line in await journal.tail(50)] == ["pupil-17"]
    await database.close()
    assert b"long-gone" not in (tmp_path / "qorgan.db").read_bytes()


async def test_zero_days_delete_what_was_kept_before(database: Database, verdict: Verdict, question: Question) -> None:
    before = journal_of(database)
    before.record(verdict, at(question, 0))
    await before.flush()
    journal = journal_of(database, replace(HOME, days=0))
    journal.record(verdict, at(question, 0))
    assert await journal.flush()
    assert await journal.purge() == 1
    assert await rows(database) == 0


async def test_retention_runs_by_itself(
    database: Database, verdict: Verdict, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "FLUSH_SECONDS", 0.02)
    journal = journal_of(database)
    journal.record(verdict, at(question, -30 * 24 * 60))
    await journal.flush()
    journal.start()
    async with asyncio.timeout(10):
        while await rows(database):
            await asyncio.sleep(0.01)
    await journal.close()
