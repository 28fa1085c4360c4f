"""Days and clock times as people write them."""

import pytest

from gateway.profiles.week import days_of, minute_of


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("daily", {0, 1, 2, 3, 4, 5, 6}),
        ("weekdays", {0, 1, 2, 3, 4}),
        ("weekends", {5, 6}),
        ("mon", {0}),
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("sun-thu", {6, 0, 1, 2, 3}),
        ("fri-fri", {4}),
        ("fri,sat", {4, 5}),
        ("Mon, weekends", {0, 5, 6}),
    ],
)
def test_days_are_read(text: str, days: set[int]) -> None:
    assert days_of(text) == days


@pytest.mark.parametrize("text", ["", "monday", "mon-", "-fri", "mon-friday", "fri,,sat", "mon-wed-fri", "1"])
def test_what_names_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a day"):
        days_of(text)


@pytest.mark.parametrize(
    ("text", "minute"), [("0:00", 0), ("00:00", 0), ("7:05", 425), ("21:30", 1290), ("23:59", 1439), ("24:00", 1440)]
)
def test_clock_times_are_read(text: str, minute: int) -> None:
    assert minute_of(text) == minute


@pytest.mark.parametrize(
    "text", ["", "7", "7:5", "24:01", "25:00", "21:60", "21.30", "-1:00", "21:30:00", "٢١:٣٠", " 7:00"]
)
def test_what_is_no_clock_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a clock time"):
        minute_of(text)
