"""Written holidays and terms → the calendar of a policy."""

from collections.abc import Mapping
from datetime import date, tzinfo
from types import MappingProxyType
from typing import Final

from gateway.policy.draft import Draft
from gateway.policy.from_ical import days_of_calendar
from gateway.policy.hours_shape import HolidaysShape
from gateway.policy.source import Written
from gateway.problems import Problem
from gateway.profiles.calendar import Calendar

type Calendars = Mapping[str, str | Problem]

NO_CALENDARS: Final[Calendars] = MappingProxyType({})
_BEFORE: Final = 31  # days of the past that are known of a calendar file, and of the future
_AHEAD: Final = 800


def build_calendar(draft: Draft, calendars: Calendars, day: date | None, zone: tzinfo) -> Calendar:
    """The holidays of a draft, known for some two years from `day` on.

    `calendars`: the texts of calendar files by their paths, or why one has none. What cannot be used becomes a problem
    of the draft. Of a day written twice the first says; what a house writes itself comes before what it inherits, and
    its own terms stand instead of those. The days between two terms are holidays; before the first term and after the
    last one nobody knows, so they are none.
    """
    # Without a day the files are read all the same, for what is wrong with them.
    first, last = (0, 0) if day is None else (day.toordinal() - _BEFORE, day.toordinal() + _AHEAD)
    reader = _Reader(draft, calendars, first, last, zone)
    holidays: dict[int, int] = {}
    for written in sorted(draft.holidays, key=lambda written: written.source.inherited):  # the house's own before it
        for each in reader.days_of(written):
            holidays.setdefault(each, written.value.as_)
    terms: set[int] = set()
    own = [written for written in draft.terms if not written.source.inherited] or draft.terms
    for written in own:
        terms |= reader.days_of(written)
    if terms:
        counts_as = own[0].value.as_
        for each in range(min(terms), max(terms)):
            if each not in terms:
                holidays.setdefault(each, counts_as)
    return Calendar(MappingProxyType(holidays))


class _Reader:
    def __init__(self, draft: Draft, calendars: Calendars, first: int, last: int, zone: tzinfo) -> None:
        self._draft, self._calendars, self._first, self._last, self._zone = draft, calendars, first, last, zone

    def days_of(self, written: Written[HolidaysShape]) -> frozenset[int]:
        shape = written.value
        if shape.days is not None:
            return shape.days
        assert shape.file is not None
        name = beside(written.source.file, shape.file)
        text = self._calendars.get(name)
        if text is None:
            problem = written.problem(f"there is no calendar file {shape.file!r} beside this file", at=("file",))
            self._draft.problems.append(problem)
            return frozenset()
        if isinstance(text, Problem):
            self._draft.problems.append(text)
            return frozenset()
        days, problems = days_of_calendar(text, name, self._first, self._last, self._zone, shape.only)
        self._draft.problems += problems
        return days


def beside(file: str, name: str) -> str:
    """The path of the file `name` in the folder of `file`."""
    folder, slash, _ = file.rpartition("/")
    return f"{folder}{slash}{name}"
