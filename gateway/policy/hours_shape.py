"""The shape of `timetable:`, `quota:`, `holidays:` and `terms:`: hours, minutes a day, and the days they hold on."""

import re
from collections.abc import Callable
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from gateway.policy import written
from gateway.policy.faults import Fault
from gateway.policy.strict import Kind, OneOrMore, Shape, Words, one_or_more
from gateway.profiles.calendar import DAILY, FREE, dates_of, days_from
from gateway.profiles.calendar import Days as DaysValue
from gateway.profiles.week import DAY

CALENDAR_NAME: Final = re.compile(r"(?<![\w.-])\w[\w.-]{0,118}\.ics\b")
_COUNTS_AS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "free")
_NO_DAYS: Final = "write daily, weekdays, weekends, mon-fri, or [fri, sat]"


def hours_days_of(value: object) -> DaysValue:
    """The days that a text, or a list of texts, names."""
    texts = value if isinstance(value, list) else [value]
    if not texts:
        raise Fault("no day is named", _NO_DAYS)
    return _faulty(lambda: days_from(str(text) for text in texts))


def holiday_dates_of(value: object) -> frozenset[int]:
    """The dates that a text, or a list of texts, names."""
    texts = value if isinstance(value, list) else [value]
    if not texts:
        raise Fault("no day is named", "write a date, like 2026-12-16, or a range, like 2027-01-01..2027-01-10")
    return _faulty(lambda: frozenset[int]().union(*(dates_of(str(text)) for text in texts)))


def file_of(value: str) -> str:
    """The name of a calendar file beside the policy file."""
    if not CALENDAR_NAME.fullmatch(value):
        raise Fault(f"{value!r} is not the name of a calendar file", "put it beside this file, like school.ics")
    return value


def counts_as_of(value: object) -> int:
    """ "sun" → 6; "free" → FREE."""
    word = str(value).strip().lower()[:3] if str(value).strip().lower() != "free" else "free"
    if word not in _COUNTS_AS:
        raise Fault(f"{value!r} is not a day of the week", "write mon … sun, or free for none")
    return FREE if word == "free" else _COUNTS_AS.index(word)


def _faulty[T](read: Callable[[], T]) -> T:
    try:
        return read()
    except ValueError as fault:
        raise Fault(str(fault)) from None


Clock = Annotated[int, BeforeValidator(written.clock_of, json_schema_input_type=str)]
Days = Annotated[DaysValue, BeforeValidator(hours_days_of, json_schema_input_type=OneOrMore)]
Dates = Annotated[frozenset[int], BeforeValidator(holiday_dates_of, json_schema_input_type=OneOrMore)]
CountsAs = Annotated[int, BeforeValidator(counts_as_of, json_schema_input_type=Literal[*_COUNTS_AS])]
CalendarFile = Annotated[str, AfterValidator(file_of)]
Hosts = Annotated[tuple[Annotated[str, AfterValidator(written.host_of)], ...], one_or_more]
Kinds = Annotated[tuple[Kind, ...], one_or_more]


class PagesShape(Shape):
    """Pages of hosts that are any of these."""

    host: Hosts = Field((), description="hosts, each with all below it")
    topic: Words = Field((), description="what the host is about, any of these")
    kind: Kinds = Field((), description="what the host is, any of these")

    @model_validator(mode="after")
    def _names_some(self) -> Self:
        if not (self.host or self.topic or self.kind):
            raise Fault("no page is named", "add host:, topic: or kind:")
        return self


class TimetableShape(Shape):
    """Hours that are closed, open or free. A window belongs to the day on which it begins."""

    block: Days | None = Field(
        None, description="closed on these days: daily, weekdays, mon-fri, [fri, sat], holidays, 2027-01-05"
    )
    open: Days | None = Field(
        None, description="open on these days, and closed at all other hours of them; several lines add up"
    )
    free: Days | None = Field(None, description="an exception: open on these days, whatever else closes")
    from_: Clock | None = Field(None, description='clock time in the policy\'s zone, like "21:30"; without it all day')
    to: Clock | None = Field(None, description="clock time; at or before `from` it lies on the next day")
    only: PagesShape | None = Field(None, description="only these pages, like {topic: games}; without it every page")
    except_: PagesShape | None = Field(None, description="not these pages, like {topic: education}")
    for_: Words = Field((), description="people and groups; without it everybody under 18")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        given = [key for key in ("block", "open", "free") if getattr(self, key) is not None]
        if len(given) != 1:
            said = f"it has {' and '.join(given)}" if given else "it has none"
            raise Fault(f"hours have one of block, open and free; {said}", "write it like block: daily")
        if (self.from_ is None) != (self.to is None):
            raise Fault(f"the key {'from' if self.from_ is None else 'to'!r} is missing")
        return self

    @property
    def days(self) -> DaysValue:
        found = self.block or self.open or self.free
        assert found is not None
        return found

    @property
    def minutes(self) -> tuple[int, int]:
        """The first minute of the day and the one after the last."""
        return (0, DAY) if self.from_ is None or self.to is None else (self.from_, self.to)


class QuotaShape(Shape):
    """At most so many minutes a day."""

    minutes: int = Field(ge=0, le=1440, description="minutes a day")
    on: Days = Field(DAILY, description="the days on which it holds")
    only: PagesShape | None = Field(None, description="only these pages spend it, and are closed when it is used up")
    except_: PagesShape | None = Field(None, description="these pages neither spend it nor are closed by it")
    for_: Words = Field((), description="people and groups; without it everybody under 18")


class HolidaysShape(Shape):
    """Days, or the whole-day events of a calendar file."""

    days: Dates | None = Field(None, description="a date, 2026-12-16, or a range, 2027-01-01..2027-01-10; or several")
    file: CalendarFile | None = Field(None, description="an iCalendar file (RFC 5545) beside this one, like school.ics")
    only: Words = Field((), description="only events whose title or category has one of these words")
    as_: CountsAs = Field(6, description="the day of the week that they count as; free: no weekly hours begin on them")

    @model_validator(mode="after")
    def _has_days(self) -> Self:
        if (self.days is None) == (self.file is None):
            raise Fault("this has either days or a file", "write days: 2026-12-16, or file: school.ics")
        if self.only and self.file is None:
            raise Fault("`only` chooses events of a file", "add file:")
        return self


def _as_group(value: object) -> object:
    """A plain text stands for a date, a range or a file."""
    if not isinstance(value, str):
        return value
    return {"file": value} if value.endswith(".ics") else {"days": value}


def _items(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,)


_tuple = BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)
TimetableList = Annotated[tuple[TimetableShape, ...], _tuple]
QuotaList = Annotated[tuple[QuotaShape, ...], _tuple]
HolidaysList = Annotated[
    tuple[Annotated[HolidaysShape, BeforeValidator(_as_group, json_schema_input_type=str | HolidaysShape)], ...],
    BeforeValidator(_items, json_schema_input_type=str | HolidaysShape | list[str | HolidaysShape]),
]
