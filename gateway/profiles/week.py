"""The week as people write it: days ("mon-fri", "weekends") and clock times."""

import re
from typing import Final

DAY: Final = 24 * 60  # minutes

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
                f"{part!r} is not a day: write daily, weekdays, weekends, mon … sun, mon-fri, [fri, sat], "
                "holidays, or a date like 2027-01-05"
            )
    return frozenset(found)


def minute_of(text: str) -> int:
    """The minute of the day of a clock time from "0:00" to "24:00". Raises ValueError with a sentence."""
    match = _CLOCK.fullmatch(text)
    minute = int(match[1]) * 60 + int(match[2]) if match else DAY + 1
    if minute > DAY:
        raise ValueError(f'{text!r} is not a clock time: write it like "21:30"')
    return minute
