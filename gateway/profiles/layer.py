"""A layer of a timetable: what is blocked of one subject, by the day of the week and by date."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from gateway.hosts.record import HostRecord
from gateway.profiles.calendar import Calendar
from gateway.profiles.hours import DayMap, Does, Hours, blocked_on, united
from gateway.profiles.pages import EVERYTHING, Subject

_WEEKDAYS: Final = range(7)
_FIRST: Final = 15  # a Monday of the year 1: no policy names a date of that week


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """`week` has a map for each day of the week, `dates` those of the days on which another one holds.

    `lifts` say where it does not block: on their pages, at the minutes that they have. A layer is equal to itself
    alone: the people of a policy share them.
    """

    subject: Subject
    week: tuple[DayMap, ...]
    dates: Mapping[int, DayMap] = field(default_factory=lambda: MappingProxyType({}))
    lifts: tuple["Layer", ...] = ()

    @property
    def selective(self) -> bool:
        return self.subject != EVERYTHING or bool(self.lifts)

    def map_on(self, day: int) -> DayMap:
        return self.dates.get(day) or self.week[(day + 6) % 7]

    def bits_on(self, day: int, host: str, record: HostRecord | None) -> int:
        """The minutes of `day` in which a page of `host`, which is one of the subject, is blocked."""
        bits = self.map_on(day).bits
        for lift in self.lifts:
            if lift.subject.holds(host, record):
                bits &= ~lift.map_on(day).bits
        return bits


def layers_of(hours: Sequence[Hours], calendar: Calendar) -> tuple[Layer, ...]:
    """The layers of one person's hours: one for each subject that is blocked, everything first."""
    closing = [each for each in hours if each.does is not Does.FREE]
    freeing = [each for each in hours if each.does is Does.FREE]
    always = [each for each in freeing if each.subject == EVERYTHING]
    lifts = tuple(
        _layer(subject, [_as_block(each) for each in freeing if each.subject == subject], (), calendar)
        for subject in dict.fromkeys(each.subject for each in freeing)
        if subject != EVERYTHING
    )
    subjects = sorted(dict.fromkeys(each.subject for each in closing), key=lambda subject: subject != EVERYTHING)
    return tuple(
        _layer(subject, [each for each in closing if each.subject == subject], always, calendar, lifts)
        for subject in subjects
    )


def united_layers(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """Layers that block what any of `layers` does; those that differ in nothing but their maps become one."""
    alike: dict[tuple[Subject, tuple[Layer, ...]], list[Layer]] = {}
    for layer in dict.fromkeys(layers):
        alike.setdefault((layer.subject, layer.lifts), []).append(layer)
    return tuple(
        found[0] if len(found) == 1 else _united(subject, lifts, found) for (subject, lifts), found in alike.items()
    )


def _united(subject: Subject, lifts: tuple[Layer, ...], layers: Sequence[Layer]) -> Layer:
    week = tuple(united(layer.week[weekday] for layer in layers) for weekday in _WEEKDAYS)
    dates = {
        day: united(layer.map_on(day) for layer in layers) for day in {day for each in layers for day in each.dates}
    }
    return Layer(subject, week, MappingProxyType(dates), lifts)


def _layer(
    subject: Subject,
    hours: Sequence[Hours],
    freed: Sequence[Hours],
    calendar: Calendar,
    lifts: tuple[Layer, ...] = (),
) -> Layer:
    drawn: dict[tuple[bool, ...], DayMap] = {}  # two days on which the same windows begin look the same

    def blocked(day: int, known: Calendar) -> DayMap:
        key = tuple(each.days.hold(begun, known) for each in (*hours, *freed) for begun in (day - 1, day))
        if key not in drawn:
            drawn[key] = blocked_on(day, hours, freed, known)
        return drawn[key]

    ordinary = Calendar()
    week = tuple(blocked(_FIRST + weekday, ordinary) for weekday in _WEEKDAYS)
    special = {*calendar.holidays, *(day for each in (*hours, *freed) for day in each.days.dates)}
    around = sorted({day + after for day in special for after in (0, 1)})
    dates = {day: found for day in around if (found := blocked(day, calendar)) != week[(day + 6) % 7]}
    return Layer(subject, week, MappingProxyType(dates), lifts)


def _as_block(hours: Hours) -> Hours:
    return Hours(
        days=hours.days, start=hours.start, end=hours.end, subject=hours.subject, rule=hours.rule, where=hours.where
    )
