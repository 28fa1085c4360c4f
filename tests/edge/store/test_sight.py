"""What was learned and what was opened, in a real database: replaced, read back, bounded, forgotten."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.edge.keeper.learning import Learning
from gateway.edge.sights import Sights
from gateway.hosts.pinning import Pinned
from gateway.hosts.record import Front, HostRecord
from gateway.hosts.traffic import ENOUGH_PARTS, Learned, Served, Sign, Traffic
from gateway.store import learned as learned_store
from gateway.store import opened as opened_store
from gateway.store.database import Database
from gateway.store.learned import HostSeen, LearnedStore
from gateway.store.masking import KEEPING
from gateway.store.opened import Opened, OpenedStore, kept_of, merged

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIX = frozenset({Sign("kz", "6+", 6)})
TRAFFIC = Traffic(host="a.kz", since=NOW, last=NOW, shown=50, people=frozenset({"x"}), signs=SIX)
LEARNED = Learned(host="a.kz", what="parts", until=NOW + timedelta(days=1), shown=True)
PINNED = Pinned(client="192.0.2.1", host="b.kz", clean=True, until=NOW + timedelta(days=1))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database.open(tmp_path / "qorgan.db")
    yield made
    await made.close()


async def test_what_was_learned_comes_back_without_the_people_who_taught_it(database: Database) -> None:
    store = LearnedStore(database)
    await store.save([HostSeen(TRAFFIC)], [replace(PINNED, clean=False)], [])
    await store.save([HostSeen(TRAFFIC, LEARNED)], [PINNED], [])
    seen, pinned = await store.load(NOW)
    assert seen == (HostSeen(replace(TRAFFIC, people=frozenset()), LEARNED),)
    assert pinned == (PINNED,)
    await store.save([], [], [("192.0.2.1", "b.kz")])
    assert (await store.load(NOW))[1] == ()


async def test_it_expires_and_is_bounded(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned_store, "MOST_HOSTS", 3)
    monkeypatch.setattr(learned_store, "MOST_PINNED", 2)
    store = LearnedStore(database)
    seen = [HostSeen(replace(TRAFFIC, host=f"{n}.kz", last=NOW + timedelta(hours=n))) for n in range(5)]
    pins = [replace(PINNED, host=f"{n}.kz", until=NOW + timedelta(hours=n)) for n in range(5)]
    await store.save(seen, pins, [])
    await store.forget(NOW)
    found, pinned = await store.load(NOW)
    assert [each.traffic.host for each in found] == ["2.kz", "3.kz", "4.kz"]
    assert {each.host for each in pinned} == {"3.kz", "4.kz"}
    assert await store.forget(NOW + timedelta(days=60)) == 5


async def test_connections_are_counted_together_and_forgotten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, one = OpenedStore(database), Opened("ana", "a.kz", "look", "labels")
    other = Opened("", "", "pass", "adult")
    await store.add({one: 2, other: 1}, NOW.date())
    await store.add({one: 3}, NOW.date() + timedelta(days=1))
    first, second = await store.lines()
    assert (first.opened, first.times, first.first, first.last) == (one, 5, NOW.date(), NOW.date() + timedelta(days=1))
    assert second.opened == other
    assert [line.opened for line in await store.lines("ana")] == [one]
    assert await store.forget(NOW + timedelta(days=8), 7) == 1
    monkeypatch.setattr(opened_store, "MOST_ROWS", 2)
    await store.add({Opened("ana", f"{n}.kz", "look", "labels"): 1 for n in range(250)}, NOW.date())
    await store.forget(NOW, 7)
    assert len(await store.lines()) == 2


@pytest.mark.parametrize(
    ("preset", "unseen", "kept"),
    [
        ("home", False, ("ana", "a.kz")),
        ("school", False, ("", "a.kz")),
        ("library", False, ("", "a.kz")),
        ("isp", False, ("", "")),
        ("home", True, ("ana", "")),
    ],
)
def test_each_preset_keeps_its_own(preset: str, unseen: bool, kept: tuple[str, str]) -> None:
    found = kept_of("ana", "a.kz", "look", "labels", KEEPING[preset], unseen=unseen)
    assert found == Opened(*kept, "look", "labels")


def test_a_journal_that_keeps_nothing_keeps_none_of_it() -> None:
    assert kept_of("ana", "a.kz", "look", "labels", replace(KEEPING["home"], days=0), unseen=False) is None


def test_counts_are_bounded() -> None:
    into: dict[Opened, int] = {}
    many = [(Opened("", f"{n}.kz", "look", "labels"), 2) for n in range(10)]
    assert merged(into, many, 4) == 12
    assert len(into) == 4


class Keeper:
    """A keeper with a database; what it tells goes to its worker."""

    def __init__(self, database: Database) -> None:
        self.now, self.told = NOW, list[Any]()
        self.sights = Sights(KEEPING["home"], clock=lambda: self.now)
        self.learning = Learning(LearnedStore(database), OpenedStore(database), self.visit, lambda: self.now, days=7)
        self.learning.on_change = self.told.append

    async def visit(self, host: str, port: int) -> HostRecord:
        return HostRecord(host=f"{host}:{port}", front=Front.NOTHING)

    def teach(self, url: Any) -> None:
        for person, count in (("ana", ENOUGH_PARTS), ("bek", 1)):
            for _ in range(count):
                self.sights.saw(person, url, Served.SHOWN)
            self.learning.take(self.sights.take() or {})
            self.now += timedelta(hours=1)


async def test_another_keeper_goes_on_with_what_this_one_learned(database: Database) -> None:
    from gateway.document.url import canonical

    url, before = canonical("https://a.kz:8443/x.png"), Keeper(database)
    before.teach(url)
    await asyncio.sleep(0.05)
    assert [each["host"] for told in before.told for each in told["learned"]] == ["a.kz:8443"]
    for _ in range(2):
        before.sights.struck("192.0.2.1", url)
    before.learning.take(before.sights.take() or {})
    await asyncio.sleep(0.05)
    await before.learning.close()
    after = Keeper(database)
    await after.learning.load()
    told = list(after.learning.all())
    assert [each["host"] for some in told for each in some["learned"]] == ["a.kz:8443"]
    assert [(each["client"], each["clean"]) for some in told for each in some["pinned"]] == [("192.0.2.1", True)]
    after.sights.saw("ana", url, Served.PAGE)
    after.learning.take(after.sights.take() or {})
    assert after.told[0]["gone"] == ["a.kz:8443"]
    assert [each["clean"] for each in after.told[1]["pinned"]] == [False]
    await after.learning.close()
    assert [each.learned for each in (await LearnedStore(database).load(NOW))[0]] == [None]


async def test_a_client_that_takes_the_certificate_is_never_pinned(database: Database) -> None:
    from gateway.document.url import canonical

    url, keeper = canonical("https://a.kz/"), Keeper(database)
    keeper.sights.trusted("192.0.2.1", url)
    keeper.learning.take(keeper.sights.take() or {})
    for _ in range(9):
        keeper.sights.struck("192.0.2.1", url)
    keeper.learning.take(keeper.sights.take() or {})
    await asyncio.sleep(0.05)
    assert not any(told["pinned"] for told in keeper.told)
    await keeper.learning.close()


async def test_what_finds_no_room_is_counted_and_never_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    from gateway.document.url import canonical
    from gateway.edge import sights

    monkeypatch.setattr(sights, "MOST_WAITING", 2)
    monkeypatch.setattr(sights, "MOST_STRIKES", 2)
    lost: list[str] = []
    made = Sights(KEEPING["home"], on_lost=lost.append)
    for number in range(4):
        made.saw("ana", canonical(f"https://{number}.kz/"), Served.PART)
        made.struck("192.0.2.1", canonical(f"https://{number}.kz/"))
    assert lost == ["glimpses", "strikes"] * 2
    told = made.take()
    assert told is not None
    assert (len(told["glimpses"]), len(told["strikes"])) == (2, 2)
    assert made.take() is None
