"""The compiled timetable by itself: what a case cannot say."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.profiles.calendar import Calendar, Days
from gateway.profiles.grant import Grant
from gateway.profiles.hours import Does, Hours
from gateway.profiles.pages import Pages, Subject
from gateway.profiles.quota import Quota, Tally
from gateway.profiles.timetable import Timetable

ALMATY = ZoneInfo("Asia/Almaty")
MONDAY = datetime(2026, 11, 23, tzinfo=ALMATY)
NIGHT = Hours(start=1290, end=420, rule="night", where="home.yaml:1")
GAMES = Subject(only=Pages(topics=frozenset({"games"}), hosts=frozenset({"b.kz", "a.kz"})))


def grant(since: datetime, minutes: int) -> Grant:
    return Grant(
        id="1",
        by="dana",
        people=frozenset({"p"}),
        host="",
        since=since,
        until=since + timedelta(hours=12),
        minutes=minutes,
    )


def test_a_timetable_that_is_none_never_blocks() -> None:
    assert Timetable().empty
    assert Timetable().block_at(MONDAY) is None
    assert Timetable().at(MONDAY) is None
    assert Timetable.of([], UTC).empty
    assert Timetable.strictest([], UTC).empty


def test_hours_that_are_the_same_count_once() -> None:
    [layer] = Timetable.of([NIGHT, NIGHT], UTC).layers
    assert len(layer.week[0].spans) == 2


def test_people_for_whom_the_same_holds_are_one() -> None:
    one = Timetable.of([NIGHT], ALMATY)
    assert Timetable.strictest([one, one], ALMATY).layers == one.layers


def test_dates_of_one_person_are_laid_over_the_week_of_another() -> None:
    day = date(2026, 11, 24).toordinal()
    one = Timetable.of([Hours(days=Days(frozenset(), frozenset({day})), rule="date", where="")], ALMATY)
    stranger = Timetable.strictest([one, Timetable.of([NIGHT], ALMATY)], ALMATY)
    blocked = stranger.block_at(MONDAY.replace(hour=22))
    assert blocked is not None
    assert blocked.until == MONDAY + timedelta(days=2, hours=7)


@pytest.mark.parametrize(
    ("at", "first"),
    [
        ("12:00", "21:30"),
        ("21:30", "21:30"),
        ("23:00", "23:00"),
        ("00:00", "00:00"),
        ("06:59", "06:59"),
        ("07:00", "21:30"),
    ],
)
def test_the_first_block_of_the_rest_of_the_day(at: str, first: str) -> None:
    moment = datetime.fromisoformat(f"2026-11-23T{at}+05:00")
    assert Timetable.of([NIGHT], ALMATY).first_block(moment) == datetime.fromisoformat(f"2026-11-23T{first}+05:00")


def test_extra_minutes_are_left_out_of_the_first_block() -> None:
    night = Timetable.of([NIGHT], ALMATY)
    lifted = night.with_grants([grant(MONDAY.replace(hour=21, minute=30), 15)])
    assert lifted.first_block(MONDAY.replace(hour=12)) == MONDAY.replace(hour=21, minute=45)
    to_the_end = night.with_grants([grant(MONDAY.replace(hour=21, minute=30), 150)])
    assert to_the_end.first_block(MONDAY.replace(hour=12)) is None
    evening = Timetable.of([Hours(start=600, end=660, rule="r", where="")], ALMATY)
    assert evening.first_block(MONDAY.replace(hour=12)) is None


def test_hours_of_some_pages_are_not_the_first_block_of_what_nobody_knows() -> None:
    games = Timetable.of([Hours(subject=GAMES, rule="games", where="")], ALMATY)
    assert games.selective
    assert games.first_block(MONDAY) is None


def test_a_subject_is_named_the_same_however_it_is_written() -> None:
    assert GAMES.name == "host:a.kz host:b.kz topic:games"
    assert Subject(but=Pages(kinds=frozenset({"forum"}))).name == "everything but kind:forum"


def test_what_is_left_of_a_quota() -> None:
    quota = Quota(10, "q", "", Days(frozenset({0})))
    timetable = Timetable.of([], ALMATY, [quota]).with_tallies({"everything": Tally(date(2026, 11, 23), 12, 0)})
    assert timetable.left_of(quota, MONDAY) == 0
    assert timetable.left_of(quota, MONDAY + timedelta(days=1)) is None
    assert timetable.used_of(quota, MONDAY) == 12
    more = timetable.with_grants([grant(MONDAY, 30)])
    assert more.left_of(quota, MONDAY) == 28
    assert more.left_of(quota, MONDAY + timedelta(days=1, minutes=5)) is None


def test_no_minutes_on_dates_end_with_them() -> None:
    days = frozenset(MONDAY.toordinal() + ahead for ahead in range(20))
    timetable = Timetable.of([], ALMATY, [Quota(0, "q", "", Days(frozenset(), days))])
    blocked = timetable.block_at(MONDAY)
    assert blocked is not None
    assert blocked.until == MONDAY + timedelta(days=20)


def test_a_long_block_ends_right_beyond_two_changes_of_the_clock() -> None:
    """Half a year is closed, over both ends of summer time, until an hour that comes twice."""
    berlin = ZoneInfo("Europe/Berlin")
    first, last = date(2026, 2, 1).toordinal(), date(2026, 10, 24).toordinal()
    days = Days(frozenset(), frozenset(range(first, last + 1)))
    hours = [
        Hours(days=days, rule="closed", where=""),
        Hours(days=Days(frozenset(), frozenset({last + 1})), end=150, rule="closed", where=""),
    ]
    blocked = Timetable.of(hours, berlin).block_at(datetime(2026, 2, 1, 12, tzinfo=berlin))
    assert blocked is not None
    assert blocked.until is not None
    assert blocked.until.isoformat() == "2026-10-25T02:30:00+02:00"


def test_a_block_until_an_hour_that_the_clock_leaps_over_ends_where_it_lands() -> None:
    berlin = ZoneInfo("Europe/Berlin")  # on 2026-03-29 two o'clock is three o'clock
    night = Timetable.of([Hours(start=1320, end=150, rule="night", where="")], berlin)
    blocked = night.block_at(datetime(2026, 3, 28, 23, tzinfo=berlin))
    assert blocked is not None
    assert blocked.until is not None
    assert blocked.until.isoformat() == "2026-03-29T03:00:00+02:00"


def test_a_week_that_is_closed_but_for_a_far_day() -> None:
    far = MONDAY.toordinal() + 500
    closed = [
        Hours(rule="closed", where=""),
        Hours(does=Does.FREE, days=Days(frozenset(), frozenset({far})), rule="f", where=""),
    ]
    blocked = Timetable.of(closed, ALMATY).block_at(MONDAY)
    assert blocked is not None
    assert blocked.until is not None
    assert blocked.until.toordinal() == far
    holidays = Calendar({far + ahead: 7 for ahead in range(3)})
    week = Timetable.of([Hours(rule="closed", where="")], ALMATY, (), holidays)
    blocked = week.block_at(MONDAY)
    assert blocked is not None
    assert blocked.until is not None
    assert blocked.until.toordinal() == far


def test_of_two_quotas_that_end_soon_the_first_to_end_is_told() -> None:
    sooner, later = Quota(10, "q", ""), Quota(11, "r", "", subject=Subject(only=Pages(hosts=frozenset({"a.kz"}))))
    used = {"everything": Tally(MONDAY.date(), 8), "host:a.kz": Tally(MONDAY.date(), 8)}
    for quotas in ([sooner, later], [later, sooner]):
        timetable = Timetable.of([], ALMATY, quotas).with_tallies(used)
        ending = timetable.at(MONDAY, "a.kz")
        assert ending is not None
        assert ending.until == MONDAY + timedelta(minutes=2)
