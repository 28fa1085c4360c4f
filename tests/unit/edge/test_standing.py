"""Grants that hold and minutes that are used: in memory at once, in the keeper soon, there again after a restart."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.edge import minutes as minutes_module
from gateway.edge.minutes import Minutes
from gateway.edge.standing import Standing, TooManyGrants
from gateway.profiles.activity import NEEDED, Sign, sign_of
from gateway.profiles.grant import Grant
from gateway.profiles.quota import Tally
from gateway.store.fault import StoreFault
from gateway.store.minutes import Used

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
TODAY = NOW.date()


class Kept:
    """A keeper that keeps, and fails while it is told to. (tests/edge/store has the real one.)"""

    def __init__(self) -> None:
        self.used: dict[tuple[str, str, date | None], Tally] = {}
        self.held: dict[str, Grant] = {}
        self.forgotten: list[date] = []
        self.fails = False

    def _check(self) -> None:
        if self.fails:
            raise StoreFault("the disk is full")

    async def load(self, since: date) -> tuple[Used, ...]:
        self._check()
        found = [(person, service, tally) for (person, service, _), tally in self.used.items()]
        return tuple(each for each in found if each[2].day and each[2].day >= since)

    async def save(self, used: Sequence[Used]) -> None:
        self._check()
        self.used |= {(person, service, tally.day): tally for person, service, tally in used}

    async def forget(self, before: date) -> int:
        self._check()
        self.forgotten.append(before)
        return 0

    async def grants(self) -> tuple[Grant, ...]:
        return tuple(self.held.values())

    async def add_grant(self, given: Grant) -> None:
        self._check()
        self.held[given.id] = given

    async def remove_grant(self, grant_id: str) -> bool:
        self._check()
        return self.held.pop(grant_id, None) is not None


def minutes_of(keeper: Kept) -> Minutes:
    return Minutes(keeper, days=7, today=lambda: TODAY)


def grant(name: str, *people: str, until: datetime = NOW + timedelta(hours=1)) -> Grant:
    return Grant(id=name, by="dana", people=frozenset(people), host="a.kz", until=until)


def test_one_page_is_a_minute_and_nine_pictures_are_none() -> None:
    minutes = minutes_of(Kept())
    minutes.count("ana", ["everything"], NOW, Sign.OPENED)
    for _ in range(NEEDED[Sign.PICTURE] - 1):
        minutes.count("bek", ["everything"], NOW, Sign.PICTURE)
    assert (minutes.of("ana")["everything"].minutes, dict(minutes.of("bek"))) == (1, {})
    minutes.count("bek", ["everything"], NOW + timedelta(seconds=59), Sign.PICTURE)
    assert minutes.of("bek")["everything"].minutes == 1


def test_a_picture_a_minute_is_none() -> None:
    minutes = minutes_of(Kept())
    for minute in range(30):
        minutes.count("ana", ["everything"], NOW + timedelta(minutes=minute), Sign.PICTURE)
        minutes.count("ana", ["everything"], NOW + timedelta(minutes=minute), Sign.MESSAGE)
    assert dict(minutes.of("ana")) == {}


async def test_what_was_counted_is_there_again_after_a_restart() -> None:
    keeper = Kept()
    before = minutes_of(keeper)
    for minute in range(3):
        before.count("ana", ["everything", "topic:games"], NOW + timedelta(minutes=minute), Sign.OPENED)
    await before.flush()
    after = minutes_of(keeper)
    await after.load()
    assert {service: tally.minutes for service, tally in after.of("ana").items()} == {"everything": 3, "topic:games": 3}


async def test_a_day_far_ahead_was_a_wrong_clocks() -> None:
    keeper = Kept()
    far = TODAY + timedelta(days=400)
    await keeper.save([("ana", "everything", Tally(far, 60, 1)), ("bek", "everything", Tally(TODAY, 5, 1))])
    minutes = minutes_of(keeper)
    await minutes.load()
    assert dict(minutes.of("ana")) == {}
    assert minutes.of("bek")["everything"].minutes == 5


async def test_while_the_disk_fails_memory_says_and_nothing_is_lost() -> None:
    keeper = Kept()
    minutes = minutes_of(keeper)
    keeper.fails = True
    minutes.count("ana", ["everything"], NOW, Sign.OPENED)
    await minutes.flush()
    assert minutes.fault == "the disk is full"
    assert minutes.of("ana")["everything"].minutes == 1
    minutes.count("ana", ["everything"], NOW + timedelta(minutes=1), Sign.OPENED)
    await minutes.flush()
    keeper.fails = False
    await minutes.flush()
    assert minutes.fault is None
    assert [tally.minutes for tally in keeper.used.values()] == [2]


async def test_it_writes_by_itself_and_forgets_old_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minutes_module, "_FLUSH_SECONDS", 0.01)
    keeper = Kept()
    await keeper.save([("old", "everything", Tally(TODAY - timedelta(days=1), 60, 1))])
    minutes = Minutes(keeper, days=7, today=lambda: TODAY)
    await minutes.load()
    minutes._put("older", "everything", Tally(TODAY - timedelta(days=9), 60, 1))
    minutes.start()
    minutes.count("ana", ["everything"], NOW, Sign.MEDIA)
    await asyncio.sleep(0.1)
    await minutes.close()
    assert ("ana", "everything", TODAY) in keeper.used
    assert keeper.forgotten == [TODAY - timedelta(days=7)]
    assert dict(minutes.of("older")) == {}
    keeper.fails = True
    minutes._swept = None
    await minutes._sweep()
    assert minutes.fault == "the disk is full"


async def test_a_grant_holds_at_once_and_after_a_restart_until_it_is_taken_back() -> None:
    keeper, audit = Kept(), list[tuple[str, str]]()
    standing = Standing(keeper, minutes_of(keeper), audit=lambda given, done: audit.append((given.id, done)))
    await standing.give([grant("1", "ana"), grant("2", "bek", until=NOW + timedelta(minutes=1))], NOW)
    assert [each.id for each in standing.grants(NOW)] == ["2", "1"]
    assert [each.id for each in standing.grants(NOW + timedelta(minutes=1))] == ["1"]
    after = Standing(keeper, minutes_of(keeper))
    await after.load()
    assert {each.id for each in after.grants(NOW)} == {"1", "2"}
    assert await standing.revoke("1") == grant("1", "ana")
    assert await standing.revoke("1") is None
    assert [each.id for each in standing.grants(NOW)] == ["2"]
    assert audit == [("1", "given"), ("2", "given"), ("1", "revoked")]


async def test_a_grant_that_cannot_be_kept_does_not_hold() -> None:
    keeper = Kept()
    standing = Standing(keeper, minutes_of(keeper))
    keeper.fails = True
    with pytest.raises(StoreFault):
        await standing.give([grant("1", "ana")], NOW)
    assert standing.grants(NOW) == ()


async def test_there_are_not_endless_grants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.edge.standing.MOST_GRANTS", 2)
    standing = Standing(Kept(), minutes_of(Kept()))
    await standing.give([grant("1", "ana"), grant("2", "ana", until=NOW)], NOW)
    await standing.give([grant("3", "ana")], NOW + timedelta(seconds=1))
    with pytest.raises(TooManyGrants, match="take some back"):
        await standing.give([grant("4", "ana")], NOW)


@pytest.mark.parametrize(
    ("destination", "essence", "sign"),
    [
        ("document", "text/html", Sign.OPENED),
        ("document", "application/pdf", Sign.OPENED),
        ("iframe", "text/html", None),
        ("empty", "application/json", None),
        ("empty", "text/html", None),
        ("script", "text/javascript", None),
        ("image", "image/png", Sign.PICTURE),
        ("video", "video/mp4", Sign.MEDIA),
        ("empty", "video/mp2t", Sign.MEDIA),
        ("empty", "application/vnd.yt-ump", Sign.MEDIA),
        ("audio", None, Sign.MEDIA),
        ("", "text/html", Sign.OPENED),
        ("", "application/xhtml+xml", Sign.OPENED),
        ("", "image/jpeg", Sign.PICTURE),
        ("", "audio/mpeg", Sign.MEDIA),
        ("", "application/json", None),
        ("", None, None),
    ],
)
def test_what_a_request_tells(destination: str, essence: str | None, sign: Sign | None) -> None:
    assert sign_of(destination, essence) is sign
