"""The days on which something holds, and the days that are no ordinary ones: holidays.

A day is a number here: `date.toordinal()`, which is cheap to compare and to count on from.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from gateway.profiles.week import days_of

HOLIDAYS: Final = "holidays"
FREE: Final = 7  # what a holiday counts as on which no day of the week is
MOST_DAYS: Final = 400  # of one range: a slip in the year must not make a thousand years of it

_YEARS: Final = ("1970", "2199")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`holidays`: day → the day of the week that it counts as, Monday being 0; FREE: none."""

    holidays: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))

    def weekday(self, day: int) -> int:
        """The day of the week, 0 to 6, or FREE. The first day of the first year was a Monday."""
        return self.holidays.get(day, (day + 6) % 7)


@dataclass(frozen=True, slots=True)
class Days:
    """Days of the week (Monday is 0), dates, and maybe the holidays; whichever of them holds."""

    week: frozenset[int] = frozenset(range(7))
    dates: frozenset[int] = frozenset()
    holidays: bool = False

    def hold(self, day: int, calendar: Calendar) -> bool:
        return calendar.weekday(day) in self.week or day in self.dates or (self.holidays and day in calendar.holidays)


DAILY: Final = Days()


def days_from(texts: Iterable[str]) -> Days:
    """The days that texts name: "mon-fri", "holidays", "2027-01-05", "2026-12-30..2027-01-10", with commas between.

    Raises ValueError with a sentence for what names no day.
    """
    week: set[int] = set()
    dates: set[int] = set()
    holidays = False
    for part in (piece.strip() for text in texts for piece in text.split(",")):
        if part.lower() == HOLIDAYS:
            holidays = True
        elif part[:4].isdigit():
            dates |= dates_of(part)
        else:
            week |= days_of(part)
    return Days(frozenset(week), frozenset(dates), holidays)


def dates_of(text: str) -> frozenset[int]:
    """The days from "2026-12-30" to "2027-01-10", both counted, written with ".." between; or one day."""
    first, dots, last = (part.strip() for part in text.partition(".."))
    start = _day_of(first)
    end = _day_of(last) if dots else start
    if not 0 <= end - start < MOST_DAYS:
        raise ValueError(f"{text!r}: the last day comes after the first, and at most {MOST_DAYS} days are one range")
    return frozenset(range(start, end + 1))


def _day_of(text: str) -> int:
    try:
        if _DATE.fullmatch(text) and _YEARS[0] <= text[:4] <= _YEARS[1]:
            return date.fromisoformat(text).toordinal()
    except ValueError:
        pass
    raise ValueError(f"{text!r} is not a day of the calendar: write it year-month-day, like 2027-01-05")
