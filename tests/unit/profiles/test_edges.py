from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from gateway.profiles.edges import edges_of
from gateway.profiles.quota import Quota
from gateway.profiles.timetable import Timetable
from gateway.profiles.week import windows_of

ALMATY = ZoneInfo("Asia/Almaty")
NOON = datetime(2026, 12, 1, 12, tzinfo=ALMATY)


def night(zone=ALMATY, quotas=()):
    return Timetable.of(
        windows_of(frozenset(range(7)), 21 * 60 + 30, 7 * 60, rule="night", where="home.yaml:4"), zone, quotas
    )


def shown(timetable, after=NOON, days=2):
    return [f"{edge:%d %H:%M}" for edge in edges_of(timetable, after, days)]


def test_an_empty_timetable_has_no_edge():
    assert shown(Timetable()) == []


def test_the_hours_begin_and_end_by_the_clock_on_the_wall():
    assert shown(night()) == ["01 21:30", "02 07:00", "02 21:30", "03 07:00"]
    assert next(edges_of(night(), NOON)).tzinfo is ALMATY


def test_a_moment_within_a_minute_misses_no_edge():
    assert shown(night(), NOON.replace(hour=21, minute=29, second=59), days=1) == ["01 21:30", "02 07:00"]


def test_a_quota_of_nothing_begins_at_midnight():
    quota = Quota(days=frozenset({2}), minutes=0, rule="none on Wednesdays", where="home.yaml:5")
    assert shown(night(quotas=(quota,))) == [
        "01 21:30",
        "02 07:00",
        "02 21:30",
        "03 07:00",
    ]
    only = Timetable.of((), ALMATY, (quota,))
    assert shown(only) == ["02 00:00", "03 00:00"]


def test_where_summer_time_begins_the_hour_that_is_skipped_is_no_edge_of_its_own():
    berlin = ZoneInfo("Europe/Berlin")
    windows = windows_of(frozenset({6}), 2 * 60, 3 * 60 + 30, rule="early", where="home.yaml:6")
    found = edges_of(Timetable.of(windows, berlin), datetime(2026, 3, 29, tzinfo=berlin), 1)
    assert [f"{edge:%H:%M}" for edge in islice(found, 3)] == ["03:00", "03:30"]


def test_at_the_end_of_the_calendar_there_are_no_more():
    assert shown(night(UTC), datetime.max.replace(tzinfo=UTC) - timedelta(hours=1)) == []
