from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.policy.compile import compile_policy
from gateway.profiles.edges import edges_of
from gateway.profiles.timetable import Timetable
from gateway.shipped import texts

ALMATY = ZoneInfo("Asia/Almaty")
NOON = datetime(2026, 12, 1, 12, tzinfo=ALMATY)
NIGHT = 'timetable: [{block: daily, from: "21:30", to: "07:00"}]'
WEDNESDAY = "quota: [{minutes: 0, on: [wed]}]"


def timetable_of(*lines, zone="Asia/Almaty"):
    """The timetable of a child under a policy with these lines."""
    text = "\n".join((f"zone: {zone}", "people: {aru: {age: 8}}", *lines, ""))
    policy = compile_policy({"home.yaml": text}, texts("presets"), texts("law"), date(2026, 12, 1))
    return policy.people["aru"].as_child.timetable


def shown(timetable, after=NOON, days=2):
    return [f"{edge:%d %H:%M}" for edge in edges_of(timetable, after, days)]


def test_an_empty_timetable_has_no_edge():
    assert shown(Timetable()) == []


def test_the_hours_begin_and_end_by_the_clock_on_the_wall():
    assert shown(timetable_of(NIGHT)) == ["01 21:30", "02 07:00", "02 21:30", "03 07:00"]
    assert next(edges_of(timetable_of(NIGHT), NOON)).tzinfo == ALMATY


def test_a_moment_within_a_minute_misses_no_edge():
    late = NOON.replace(hour=21, minute=29, second=59)
    assert shown(timetable_of(NIGHT), late, days=1) == ["01 21:30", "02 07:00"]


def test_a_quota_of_nothing_begins_at_midnight():
    assert shown(timetable_of(WEDNESDAY)) == ["02 00:00", "03 00:00"]


def test_an_hour_that_summer_time_skips_has_no_edge():
    early = 'timetable: [{block: [sun], from: "02:00", to: "03:30"}]'
    berlin = timetable_of(early, zone="Europe/Berlin")
    assert shown(berlin, datetime(2026, 3, 28, 23, 30, tzinfo=UTC), days=1) == ["29 03:00", "29 03:30"]


def test_at_the_end_of_the_calendar_there_are_no_more():
    assert shown(timetable_of(NIGHT), datetime.max.replace(tzinfo=UTC) - timedelta(hours=1)) == []
