"""The week as people write it: days ("mon-fri", "weekends"), clock times, windows that may run past midnight."""

import re
from dataclasses import dataclass
from typing import Final

DAY: Final = 24 * 60
WEEK: Final = 7 * DAY

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMED: Final = {
    "daily": frozenset(range(7)),
    "weekdays": frozenset(range(5)),
    "weekends": frozenset({5, 6}),
}
_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])", re.ASCII)


def days_of(text: str) -> frozenset[int]:
    """The days that `text` names, Monday being 0: "daily", "weekdays", "weekends", "mon-fri", "sun-thu", "fri,sat".

    Raises ValueError with a sentence when it names none.
    """
    found: set[int] = set()
    for part in (piece.strip().lower() for piece in text.split(",")):
        first, dash, last = part.partition("-")
        if part in _NAMED:
            found |= _NAMED[part]
        elif first in _DAYS and not dash:
            found.add(_DAYS.index(first))
        elif first in _DAYS and last in _DAYS:
            start, length = _DAYS.index(first), (_DAYS.index(last) - _DAYS.index(first)) % 7 + 1
            found |= {(start + step) % 7 for step in range(length)}
        else:
            raise ValueError(
                f"{part!r} is not a day: write daily, weekdays, weekends, mon … sun, mon-fri, or [fri, sat]"
            )
    return frozenset(found)


def minute_of(text: str) -> int:
    """The minute of the day of a clock time from "0:00" to "24:00". Raises ValueError with a sentence."""
    match = _CLOCK.fullmatch(text)
    minute = int(match[1]) * 60 + int(match[2]) if match else DAY + 1
    if minute > DAY:
        raise ValueError(f'{text!r} is not a clock time: write it like "21:30"')
    return minute


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of the week in minutes from Monday 0:00, local time; `start` in 0..10079, `end` at most a day later."""

    start: int
    end: int
    rule: str
    where: str


def windows_of(days: frozenset[int], start: int, end: int, *, rule: str, where: str) -> tuple[Window, ...]:
    """A window for each day, from minute `start` to `end` of the day; it belongs to the day on which it starts.

    An `end` at or before `start` lies on the next day; so equal times mean a whole day.
    """
    length = end - start if end > start else end - start + DAY
    starts = [(day * DAY + start) % WEEK for day in sorted(days)]
    return tuple(Window(begin, begin + length, rule, where) for begin in starts)
