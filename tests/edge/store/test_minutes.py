"""Minutes in a real database: replaced, read back, forgotten, and kept through a kill."""

import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.profiles.grant import Grant
from gateway.profiles.quota import Tally
from gateway.store.database import Database
from gateway.store.journal import Journal
from gateway.store.masking import KEEPING
from gateway.store.migration import MIGRATIONS
from gateway.store.minutes import MinuteStore
from gateway.store.state import State

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database.open(tmp_path / "qorgan.db")
    yield opened
    await opened.close()


async def test_a_tally_replaces_the_one_before_and_no_other(database: Database) -> None:
    store = MinuteStore(database)
    await store.save([("ana", "everything", Tally(TODAY, 3, 7)), ("ana", "topic:games", Tally(TODAY, 1, 7))])
    await store.save([("ana", "everything", Tally(TODAY, 4, 8)), ("bek", "everything", Tally(TODAY, 9, 8))])
    await store.save([])
    found = await store.load(TODAY)
    assert sorted(found, key=lambda used: used[:2]) == [
        ("ana", "everything", Tally(TODAY, 4, 8)),
        ("ana", "topic:games", Tally(TODAY, 1, 7)),
        ("bek", "everything", Tally(TODAY, 9, 8)),
    ]


async def test_a_thousand_people_are_kept_at_once(database: Database) -> None:
    store = MinuteStore(database)
    everybody = [(f"pupil {number}", "everything", Tally(TODAY, number, 1)) for number in range(1000)]
    await store.save(everybody)
    await store.save(everybody)
    assert len(await store.load(TODAY)) == 1000


async def test_old_days_are_forgotten(database: Database) -> None:
    store = MinuteStore(database)
    days = [TODAY - timedelta(days=back) for back in range(5)]
    await store.save([("ana", "everything", Tally(day, 1, 1)) for day in days])
    assert await store.forget(TODAY - timedelta(days=1)) == 3
    assert [tally.day for _, _, tally in await store.load(TODAY - timedelta(days=9))] == [days[1], TODAY]
    assert len(await store.load(TODAY)) == 1


async def test_a_kill_loses_no_minute_that_was_written(tmp_path: Path) -> None:
    path = tmp_path / "qorgan.db"
    writer = textwrap.dedent(f"""
        import asyncio
        from datetime import date
        from pathlib import Path
        from gateway.profiles.quota import Tally
        from gateway.store.database import Database
        from gateway.store.minutes import MinuteStore

        async def count_for_ever():
            store = MinuteStore(Database.open(Path({str(path)!r})))
            number = 0
            while True:
                number += 1
                await store.save([("ana", "everything", Tally(date(2026, 11, 23), number, number))])
                print(number, flush=True)

        asyncio.run(count_for_ever())
    """)
    with subprocess.Popen([sys.executable, "-c", writer], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(30)]
        process.send_signal(signal.SIGKILL)
        said += [int(line) for line in process.stdout.read().split("\n")[:-1]]
    database = Database.open(path)
    [(_, _, tally)] = await MinuteStore(database).load(TODAY)
    assert tally.minutes >= said[-1]
    await database.close()


async def test_grants_of_the_form_before_are_kept(tmp_path: Path) -> None:
    """A database of the first form has grants without `since`."""
    from alembic.command import upgrade
    from alembic.config import Config
    from sqlalchemy import create_engine

    path = tmp_path / "qorgan.db"
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        upgrade(config, "0001")
        connection.execute(
            text(
                'INSERT INTO granted (id, "by", people, host, path, until, minutes, "where") '
                "VALUES ('1', 'dana', '[\"ana\"]', 'a.kz', NULL, NULL, 0, 'x')"
            )
        )
    engine.dispose()
    database = Database.open(path)
    state = State(database)
    old = Grant(id="1", by="dana", people=frozenset({"ana"}), host="a.kz", where="x")
    assert await state.grants() == (old,)
    new = Grant(id="2", by="dana", people=frozenset({"ana"}), host="", minutes=5, since=NOW, until=NOW, where="y")
    await state.add_grant(new)
    assert {grant.id: grant.since for grant in await State(database, now=lambda: NOW - timedelta(1)).grants()} == {
        "1": None,
        "2": NOW,
    }
    await database.close()


@pytest.mark.parametrize(
    ("like", "person", "by", "masked"),
    [("home", "ana", "dana", ("host", "moment")), ("isp", None, None, ("host", "moment", "person"))],
)
async def test_the_journal_says_who_granted_what_until_when(
    database: Database, like: str, person: str | None, by: str | None, masked: tuple[str, ...]
) -> None:
    journal = Journal(database, KEEPING[like], now=lambda: NOW)
    grant = Grant(id="1", by="dana", people=frozenset({"ana"}), host="a.kz", until=NOW + timedelta(hours=1))
    journal.record_grant(grant, "given")
    journal.record_grant(Grant(id="2", by="dana", people=frozenset({"ana"}), host="a.kz"), "revoked")
    assert await journal.flush()
    lines = {line.entry.action: line.entry for line in await journal.tail(5)}
    assert {entry.reason for entry in lines.values()} == {"grant"}
    given = lines["given"]
    assert (given.person, given.by, given.host, given.until) == (person, by, None, "2026-11-23T13:00:00+00:00")
    assert given.masked == masked
    assert lines["revoked"].until is None


async def test_a_journal_that_keeps_nothing_keeps_no_grants(database: Database) -> None:
    from dataclasses import replace

    journal = Journal(database, replace(KEEPING["home"], days=0))
    journal.record_grant(Grant(id="1", by="dana", people=frozenset({"ana"}), host="a.kz"), "given")
    assert await journal.flush()
    assert await journal.tail(5) == ()
