"""A school's calendar (iCalendar, RFC 5545) → the days that its whole-day events cover.

Only dates count here: an event with times of the day is left out, unless it runs from midnight to midnight. A rule that
repeats is followed within the days that are asked for and no further, whatever the file says.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Final

from gateway.policy.faults import shortened
from gateway.problems import Problem

MOST_EVENTS: Final = 5_000
_MOST_PROBLEMS: Final = 20
_LONGEST_EVENT: Final = 400  # days
_LONGEST_INTERVAL: Final = 1_000
_OLDEST: Final = 1970
_LINE: Final = re.compile(r"\r\n|\n|\r")
_UNTIL: Final = re.compile(r"UNTIL=([0-9]{8})(?:T[0-9]{6}Z?)?")
# What a year of school needs. Others can ask for an occurrence that never comes, or for one each second.
_PARTS: Final = {
    "DAILY": frozenset({"BYDAY"}),
    "WEEKLY": frozenset({"BYDAY"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH"}),
    "YEARLY": frozenset({"BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH"}),
}
_ALWAYS: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})


class _Unusable(Exception):  # noqa: N818 - reads as a sentence
    pass


@dataclass(frozen=True, slots=True)
class _Event:
    """`occurrences`: the first day of each → the days that it covers. `replaces`: the one it stands for, by its day."""

    uid: str
    replaces: int | None
    occurrences: dict[int, frozenset[int]]


@lru_cache(maxsize=64)  # an operator's calendar is asked for by each of ten thousand tenants
def days_of_calendar(
    text: str, file: str, first: int, last: int, zone: tzinfo, words: tuple[str, ...] = ()
) -> tuple[frozenset[int], tuple[Problem, ...]]:
    """The days from `first` to `last` (day numbers) that events cover, and what is wrong with the file.

    `words`: only events that have one of them in their title or categories. Never raises; what is unusable of a file is
    told with its line.
    """
    blocks, problems = _blocks_of(text, file)
    events: list[_Event] = []
    chosen = 0
    for line, block in blocks:
        try:
            component = _parsed(block)
            if _is_chosen(component, words):
                chosen += 1
                events += _events_of(component, line, first, last, zone)
        except _Unusable as fault:
            problems.append(Problem(file, line, 1, f"the event that begins here cannot be used: {fault}"))
        except Exception as fault:  # noqa: BLE001 - a library's own trouble with the bytes of others
            said = type(fault).__name__
            problems.append(Problem(file, line, 1, f"the event that begins here cannot be read ({said})"))
    if not problems and not chosen:
        about = f" with {' or '.join(words)} in its title or categories" if words else ""
        problems.append(Problem(file, 1, 1, shortened(f"the calendar has no event{about}")))
    elif not problems and not events:
        hint = "a holiday is written like DTSTART;VALUE=DATE:20261216"
        problems.append(Problem(file, 1, 1, "the calendar has no event that covers whole days", hint))
    found = _days_of(events)
    return frozenset(day for day in found if first <= day <= last), tuple(problems[:_MOST_PROBLEMS])


def _blocks_of(text: str, file: str) -> tuple[list[tuple[int, str]], list[Problem]]:
    """Each VEVENT with the line on which it begins, and what is wrong with the frame around them."""
    lines = _LINE.split(text.removeprefix("\ufeff"))
    if not any(line.strip().upper() == "BEGIN:VCALENDAR" for line in lines):
        hint = "an iCalendar file begins with BEGIN:VCALENDAR"
        return [], [Problem(file, 1, 1, "this is not a calendar", hint)]
    blocks: list[tuple[int, str]] = []
    problems: list[Problem] = []
    begun: int | None = None
    for number, line in enumerate([*lines, "BEGIN:VEVENT"], 1):
        word = line.strip().upper()
        if word == "BEGIN:VEVENT":
            if begun is not None:
                problems.append(Problem(file, begun, 1, "the event that begins here does not end"))
            begun = number
        elif word == "END:VEVENT" and begun is not None:
            blocks.append((begun, "\r\n".join(lines[begun - 1 : number]) + "\r\n"))
            begun = None
    if len(blocks) > MOST_EVENTS:
        problems.append(Problem(file, 1, 1, f"the calendar has {len(blocks)} events; at most {MOST_EVENTS} are read"))
    return blocks[:MOST_EVENTS], problems


def _parsed(block: str) -> Any:
    from icalendar import Event  # it loads slowly, and few policies name a calendar

    return Event.from_ical(block)


def _is_chosen(component: Any, words: Sequence[str]) -> bool:
    if str(component.get("STATUS", "")).upper() == "CANCELLED":
        return False
    if not words:
        return True
    categories = _listed(component.get("CATEGORIES"))
    told = [component.get("SUMMARY", ""), *(word for entry in categories for word in getattr(entry, "cats", [entry]))]
    text = "\n".join(str(each) for each in told).casefold()
    return any(word.casefold() in text for word in words)


def _events_of(component: Any, line: int, first: int, last: int, zone: tzinfo) -> Iterator[_Event]:
    """The event with its occurrences within the days asked for; nothing when it does not cover whole days."""
    if "DTSTART" not in component:
        raise _Unusable("it has no DTSTART")
    begin = _whole_day(_value(component, "DTSTART"), zone)
    length = _length_of(component, begin, zone)
    if begin is None or length is None:
        return
    if not 1 <= length <= _LONGEST_EVENT:
        raise _Unusable(f"it lasts {length} days; from 1 to {_LONGEST_EVENT} can be used")
    if begin.year < _OLDEST:
        raise _Unusable(f"it begins in the year {begin.year}")
    left_out = {day.toordinal() for day in _dates_in(component, "EXDATE", zone)}
    starts = {begin.toordinal(), *(day.toordinal() for day in _dates_in(component, "RDATE", zone))}
    for rule in _listed(component.get("RRULE")):
        starts.update(_repeated(rule, begin, first - length, last))
    instead = _value(component, "RECURRENCE-ID")
    yield _Event(
        uid=str(component.get("UID", line)),
        replaces=None if instead is None else _date_of(instead, zone).toordinal(),
        occurrences={day: frozenset(range(day, day + length)) for day in starts - left_out},
    )


def _length_of(component: Any, begin: date | None, zone: tzinfo) -> int | None:
    """How many days an event covers; None when it does not cover whole days."""
    if "DTEND" in component:
        end = _whole_day(_value(component, "DTEND"), zone)
        if begin is None or end is None:
            return None
        # DTEND is the day after the last one (RFC 5545, section 3.6.1); some programs write the day itself.
        return end.toordinal() - begin.toordinal() or 1
    if "DURATION" not in component:
        return 1
    duration: timedelta = _value(component, "DURATION")
    return None if duration % timedelta(days=1) else duration.days


def _repeated(rule: Any, begin: date, first: int, last: int) -> Iterator[int]:
    """The first days of a rule's occurrences from `first` to `last`."""
    from dateutil.rrule import rrulestr

    frequency = str((rule.get("FREQ") or [""])[0]).upper()
    if frequency not in _PARTS:
        raise _Unusable(f"it repeats {frequency or 'without FREQ'}; DAILY, WEEKLY, MONTHLY and YEARLY can be used")
    unknown = sorted({str(key).upper() for key in rule} - _ALWAYS - _PARTS[frequency])
    if unknown:
        raise _Unusable(f"{', '.join(unknown)} of a {frequency} rule cannot be used")
    if not all(isinstance(each, int) and 1 <= each <= _LONGEST_INTERVAL for each in rule.get("INTERVAL", [])):
        raise _Unusable(f"its INTERVAL is not a whole number from 1 to {_LONGEST_INTERVAL}")
    # The rule is followed by dates without a zone, so its end has none either (RFC 5545, section 3.3.10).
    text = _UNTIL.sub(r"UNTIL=\1T235959", rule.to_ical().decode())
    for moment in rrulestr(text, dtstart=datetime.combine(begin, time())):
        day = moment.toordinal()
        if day > last:
            return
        if day >= first:
            yield day


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _dates_in(component: Any, name: str, zone: tzinfo) -> Iterator[date]:
    for entry in _listed(component.get(name)):
        for each in entry.dts:
            yield _date_of(each.dt[0] if isinstance(each.dt, tuple) else each.dt, zone)


def _value(component: Any, name: str) -> Any:
    found = _listed(component.get(name))
    return found[0].dt if found else None


def _date_of(value: Any, zone: tzinfo) -> date:
    return _whole_day(value, zone) or value.date()


def _whole_day(value: Any, zone: tzinfo) -> date | None:
    """The date of a value that is a date, or midnight by its own clock or the policy's."""
    if not isinstance(value, datetime):
        return value if isinstance(value, date) else None
    here = value if value.tzinfo is None else value.astimezone(zone)
    return next((each.date() for each in (here, value) if each.time() == time()), None)


def _days_of(events: Sequence[_Event]) -> frozenset[int]:
    """What all events cover; an occurrence that another event replaces counts as that one says."""
    replaced = {(event.uid, event.replaces) for event in events if event.replaces is not None}
    days: set[int] = set()
    for event in events:
        for start, covered in event.occurrences.items():
            if event.replaces is not None or (event.uid, start) not in replaced:
                days |= covered
    return frozenset(days)
