"""Host records, grants, tokens and settings in a real database."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, update

from gateway.hosts.record import Exempt, ExemptGround, HostRecord, Learned
from gateway.labels.label import Label, Reading, Scope, Status, Trust
from gateway.profiles.grant import Grant
from gateway.store import state as state_module
from gateway.store.database import Database
from gateway.store.fault import StoreFault
from gateway.store.state import KEPT_AFTER, State, TokenHash
from gateway.store.tables import host_record

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database.open(tmp_path / "qorgan.db")
    yield opened
    await opened.close()


@pytest.fixture
def state(database: Database) -> State:
    return State(database, now=lambda: NOW)


def record_of(host: str = "news.example", until: datetime | None = NOW + timedelta(hours=1)) -> HostRecord:
    label = Label(
        scale="kz", mark="12+", min_age=12, scope=Scope.SITE, trust=Trust.B, carrier="meta", raw="«12+»", place="byte 9"
    )
    return HostRecord(
        host=host,
        kind="online-publication",
        topics=frozenset({"news", "sport"}),
        exempt=Exempt(ExemptGround.EDUCATIONAL, "list of a ministry"),
        reading=Reading(status=Status.RATED, labels=(label,), flags=("sign-form",), notes=("a note",)),
        learned=Learned.VISIT,
        source=f"https://{host}/",
        until=until,
    )


async def test_a_record_comes_back_as_it_was(state: State) -> None:
    record = record_of()
    await state.save(record)
    found = await state.load("news.example")
    assert found == record
    assert found is not None
    assert found.reading is not None
    assert isinstance(found.reading.labels[0].trust, Trust)
    assert await state.load("other.example") is None


async def test_a_later_visit_replaces_the_earlier(state: State) -> None:
    await state.save(record_of())
    later = replace(record_of(), kind=None, until=None)
    await state.save(later)
    assert await state.load("news.example") == later


async def test_an_expired_record_stays_for_a_month_and_is_then_swept(state: State, database: Database) -> None:
    await state.save(record_of("old.example", NOW - KEPT_AFTER))
    await state.save(record_of("late.example", NOW))
    await state.save(record_of("always.example", None))
    assert await state.load("late.example") is not None
    assert await state.sweep() == 1
    left = await database.read(lambda connection: set(connection.scalars(select(host_record.c.host))))
    assert left == {"late.example", "always.example"}


@pytest.mark.parametrize(
    "spoil", [{"version": "another"}, {"record": "{}"}, {"record": "not json"}, {"record": '{"host": 7}'}]
)
async def test_a_record_of_another_form_is_learned_again(
    state: State, database: Database, spoil: dict[str, str]
) -> None:
    await state.save(record_of())
    await database.write(lambda connection: connection.execute(update(host_record).values(spoil)))
    assert await state.load("news.example") is None
    await state.save(record_of())
    assert await state.load("news.example") == record_of()


async def test_endless_hosts_do_not_fill_the_disk(
    state: State, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_module, "MOST_HOST_RECORDS", 5)
    monkeypatch.setattr(state_module, "SWEEP_BATCH", 3)
    for number in range(1, 13):
        await state.save(record_of(f"h{number}.example", NOW + timedelta(minutes=number)))
    assert await state.sweep() == 7
    count = await database.read(lambda connection: connection.scalar(select(func.count()).select_from(host_record)))
    assert count == 5
    assert await state.load("h12.example") is not None
    assert await state.load("h7.example") is None


async def test_a_broken_database_costs_what_was_learned_and_nothing_else(
    state: State, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def lose(connection: Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE host_record RENAME TO lost")

    await state.save(record_of())
    await database.write(lose)
    with caplog.at_level(logging.ERROR):
        assert await state.load("news.example") is None
        await state.save(record_of())
    assert state.faults == 2
    assert "host_record" in (state.fault or "")
    assert len(caplog.records) == 1
    await database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE lost RENAME TO host_record"))
    assert await state.load("news.example") == record_of()
    assert state.fault is None


GRANT = Grant(
    id="g1",
    by="parent",
    people=frozenset({"ana", "ұлан"}),
    host="tube.example",
    path="/lesson",
    until=NOW + timedelta(minutes=30),
    minutes=15,
    where="home.yaml:7",
)


async def test_grants_come_back_until_they_end(state: State) -> None:
    always = Grant(id="g0", by="school", people=frozenset(), host="wiki.example")
    ended = replace(GRANT, id="g2", until=NOW)
    for given in (GRANT, ended, always):
        await state.add_grant(given)
    assert await state.grants() == (always, GRANT)
    assert await state.sweep() == 1
    longer = replace(GRANT, until=None)
    await state.add_grant(longer)
    assert await state.grants() == (always, longer)
    assert await state.remove_grant("g1")
    assert not await state.remove_grant("g1")
    assert await state.grants() == (always,)


async def test_a_grant_that_cannot_be_kept_is_said(state: State, database: Database) -> None:
    await database.close()
    with pytest.raises(StoreFault, match="is closed"):
        await state.add_grant(GRANT)


async def test_one_set_of_tokens_holds(state: State) -> None:
    assert await state.token_hashes() == ()
    await state.replace_tokens(TokenHash("a", "hash-a"))
    await state.replace_tokens(TokenHash("b", "hash-b"))
    assert await state.token_hashes() == (TokenHash("b", "hash-b"),)


async def test_settings_and_the_installations_name_stay(state: State, database: Database) -> None:
    assert await state.setting("note") is None
    await state.set_setting("note", "one")
    await state.set_setting("note", "two")
    assert await state.setting("note") == "two"
    name = await state.installation_id()
    assert len(name) == 32
    assert await State(database).installation_id() == name
