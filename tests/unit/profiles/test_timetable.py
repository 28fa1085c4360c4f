"""The compiled week against minutes counted one by one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.profiles.timetable import Timetable
from gateway.profiles.week import WEEK, Window, windows_of

MONDAY = datetime(2026, 11, 23, tzinfo=ZoneInfo("Asia/Almaty"))


def test_a_timetable_that_is_none_never_blocks() -> None:
    assert Timetable().empty
    assert Timetable().block_at(MONDAY) is None
    assert Timetable.of([], UTC).block_at(MONDAY) is None


def covers(window: Window, minute: int) -> bool:
    return any(window.start <= minute + shift < window.end for shift in (0, WEEK))


@pytest.mark.parametrize(
    "windows",
    [
        windows_of(frozenset(range(7)), 1290, 420, rule="night", where=""),
        windows_of(frozenset({6}), 1380, 1380, rule="day", where=""),
        (
            *windows_of(frozenset({0, 2}), 600, 700, rule="a", where=""),
            *windows_of(frozenset({2, 6}), 650, 100, rule="b", where=""),
        ),
        windows_of(frozenset(range(7)), 0, 1440, rule="always", where=""),
        (Window(100, 200, "short", ""), Window(100, 300, "long", ""), Window(150, 250, "inside", "")),
    ],
)
def test_every_minute_of_the_week_is_blocked_as_its_windows_say(windows: tuple[Window, ...]) -> None:
    timetable = Timetable.of(windows, MONDAY.tzinfo or UTC)
    blocked = [any(covers(window, minute) for window in windows) for minute in range(WEEK)]
    for minute in range(0, WEEK, 7):
        found = timetable.block_at(MONDAY + timedelta(minutes=minute))
        assert (found is not None) == blocked[minute], minute
        if found is not None and found.until is not None:
            end = (found.until - MONDAY) // timedelta(minutes=1)
            assert all(blocked[at % WEEK] for at in range(minute, end))
            assert not blocked[end % WEEK]
        elif found is not None:
            assert all(blocked)


def test_windows_that_are_the_same_count_once() -> None:
    window = Window(0, 60, "r", "w")
    assert len(Timetable.of([window, window], UTC).spans) == 1
