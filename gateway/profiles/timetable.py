"""When a person may be online: hours by the clock of their zone, and minutes a day, compiled.

Each layer is a map of the week, a bit for each minute, with other maps for the dates on which something else holds:
holidays, dated exceptions, and the days after them into which a night runs.
"""

from bisect import bisect_left
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Final, Self

from gateway.decision.verdict import Reason
from gateway.hosts.record import HostRecord
from gateway.profiles.calendar import Calendar
from gateway.profiles.grant import Extra, Grant, extra_of
from gateway.profiles.hours import WHOLE, Hours, Span
from gateway.profiles.layer import Layer, layers_of, united_layers
from gateway.profiles.local_time import ONE_DAY, clock_change, later, midnight_after, minute_of_day, moment_at
from gateway.profiles.pages import EVERYTHING
from gateway.profiles.quota import NONE_USED, Quota, Tally
from gateway.profiles.spent_time import Blocked, Ending
from gateway.profiles.week import DAY

SOON: Final = 5  # minutes before the end of time at which it is said
SCHEDULE_SOON: Final = "schedule-ends-soon"
QUOTA_SOON: Final = "quota-ends-soon"

_NO_TALLIES: Final[Mapping[str, Tally]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Timetable:
    """The hours, the quotas and what is used of them. `Timetable()` never blocks; see `Timetable.of`.

    The zone is one that knows its own history (zoneinfo), never a fixed offset: Kazakhstan became one zone, UTC+5, on
    2024-03-01.
    """

    layers: tuple[Layer, ...] = field(default=(), repr=False)  # maps of whole weeks
    zone: tzinfo = UTC
    quotas: tuple[Quota, ...] = ()
    calendar: Calendar = field(default_factory=Calendar)
    dated: tuple[int, ...] = ()  # days on which a layer has a map of its own, in order
    selective: bool = False  # whether anything in it is about some pages and not about others
    tallies: Mapping[str, Tally] = _NO_TALLIES  # service → what is used of it
    extras: tuple[Extra, ...] = ()
    written: tuple[Hours, ...] = field(default=(), repr=False)  # as written, also those that others hide

    @classmethod
    def of(
        cls, hours: Iterable[Hours], zone: tzinfo, quotas: Iterable[Quota] = (), calendar: Calendar | None = None
    ) -> Self:
        """The timetable of one person."""
        known = calendar or Calendar()
        written = tuple(hours)
        return replace(cls._made(layers_of(written, known), zone, quotas, known), written=written)

    @classmethod
    def strictest(cls, timetables: Iterable[Self], zone: tzinfo) -> Self:
        """The timetable of somebody who may be any of several people: whatever blocks one of them blocks."""
        found = list(timetables)
        layers = united_layers([layer for each in found for layer in each.layers])
        calendar = found[0].calendar if found else Calendar()
        made = cls._made(layers, zone, (quota for each in found for quota in each.quotas), calendar)
        return replace(made, written=tuple(dict.fromkeys(hours for each in found for hours in each.written)))

    @classmethod
    def _made(cls, layers: tuple[Layer, ...], zone: tzinfo, quotas: Iterable[Quota], calendar: Calendar) -> Self:
        limits = tuple(dict.fromkeys(quotas))
        dated = tuple(sorted({day for layer in layers for day in layer.dates}))
        selective = any(layer.selective for layer in layers) or any(each.subject != EVERYTHING for each in limits)
        return cls(layers, zone, limits, calendar, dated, selective)

    @property
    def empty(self) -> bool:
        return not self.layers and not self.quotas

    @property
    def key(self) -> Hashable:
        """The same for timetables that say the same, whoever they are for and wherever they are written."""
        hours = tuple((each.does, each.days, each.start, each.end, each.subject) for each in self.written)
        holidays = frozenset(self.calendar.holidays.items())
        return hours, self.zone, holidays, tuple((quota.days, quota.minutes, quota.subject) for quota in self.quotas)

    @property
    def places(self) -> frozenset[str]:
        """Where the hours and quotas stand, each as file:line."""
        return frozenset(hours.where for hours in self.written).union(quota.where for quota in self.quotas)

    def without(self, places: Collection[str]) -> Self:
        """The same timetable without the hours and quotas that stand at `places`."""
        hours = (each for each in self.written if each.where not in places)
        quotas = (quota for quota in self.quotas if quota.where not in places)
        left = self.of(hours, self.zone, quotas, self.calendar)
        return replace(left, tallies=self.tallies, extras=self.extras)

    def with_tallies(self, tallies: Mapping[str, Tally]) -> Self:
        """The same timetable, counting what `tallies` (by service) say was used today."""
        return replace(self, tallies=tallies)

    def with_grants(self, grants: Iterable[Grant]) -> Self:
        """The same timetable with the extra minutes of `grants`; other grants change nothing."""
        extras = tuple(extra for grant in grants if (extra := extra_of(grant)) is not None)
        return replace(self, extras=self.extras + extras) if extras and not self.empty else self

    def at(self, moment: datetime, host: str = "", record: HostRecord | None = None) -> Blocked | Ending | None:
        """What blocks a page of `host` at `moment` (aware), hours before minutes; else what ends within five minutes.

        None: the time is free. Of two that end soon it is the one that ends first.
        """
        if not self.layers and not self.quotas:
            return None
        local = moment.astimezone(self.zone)
        day = local.toordinal()
        ending: Ending | None = None
        if self.layers:
            layers = self.layers if not self.selective else self._about(host, record)
            minute = local.hour * 60 + local.minute
            near = _bits(layers, day, host, record) >> minute
            if near & 1 and not self._is_lifted(moment):
                return self._blocked(layers, local, host, record)
            if near & _SOON_BITS or minute >= DAY - SOON:
                until = self._hours_begin(layers, local, host, record)
                ending = None if until is None else Ending(SCHEDULE_SOON, until)
        for quota in self.quotas:
            if not quota.days.hold(day, self.calendar) or not quota.subject.holds(host, record):
                continue
            left = self._remaining(quota, local)
            if left > SOON:
                continue
            if left <= 0:
                return Blocked(quota.rule, quota.where, self._next_day_of(quota, local), Reason.QUOTA)
            until = later(local, left)
            if ending is None or until.timestamp() < ending.until.timestamp():
                ending = Ending(QUOTA_SOON, until)
        return ending

    def block_at(self, moment: datetime, host: str = "", record: HostRecord | None = None) -> Blocked | None:
        """What blocks a page of `host` at `moment` (aware); None: the time is free."""
        found = self.at(moment, host, record)
        return found if isinstance(found, Blocked) else None

    def left_of(self, quota: Quota, moment: datetime) -> int | None:
        """Minutes that are left of a quota at `moment` (aware), 0 or more; None on days on which it does not hold."""
        local = moment.astimezone(self.zone)
        return max(self._remaining(quota, local), 0) if quota.applies(local.toordinal(), self.calendar) else None

    def used_of(self, quota: Quota, moment: datetime) -> int:
        """Minutes used of a quota on the day of `moment` (aware)."""
        day = moment.astimezone(self.zone).date()
        return self.tallies.get(quota.service, NONE_USED).used_on(day)

    def first_block(self, moment: datetime) -> datetime | None:
        """The first moment of the rest of the day at which hours block what nobody knows; None when none do."""
        local = moment.astimezone(self.zone)
        day, layers = local.toordinal(), self._about("", None)
        while local.toordinal() == day:
            bits = _bits(layers, day, "", None) >> minute_of_day(local)
            if not bits:
                return None
            wait = (bits & -bits).bit_length() - 1
            local = later(local, wait) if wait else local
            lifts = [extra.end for extra in self.extras if extra.start <= local < extra.end]
            if not lifts and _span_at(layers, local, "", None) is not None:
                return local
            local = max(lifts).astimezone(self.zone) if lifts else later(local, 1)
        return None

    def services_of(self, host: str, record: HostRecord | None) -> Iterator[str]:
        """What a minute on a page of `host` is counted to."""
        return iter(dict.fromkeys(quota.service for quota in self.quotas if quota.subject.holds(host, record)))

    # -- hours ----------------------------------------------------------------------------------------------------

    def _about(self, host: str, record: HostRecord | None) -> tuple[Layer, ...]:
        return tuple(layer for layer in self.layers if layer.subject.holds(host, record))

    def _blocked(self, layers: tuple[Layer, ...], local: datetime, host: str, record: HostRecord | None) -> Blocked:
        span = _span_at(layers, local, host, record)
        assert span is not None
        return Blocked(span.rule, span.where, self._until(layers, local, host, record), Reason.SCHEDULE)

    def _until(
        self, layers: tuple[Layer, ...], local: datetime, host: str, record: HostRecord | None
    ) -> datetime | None:
        """The first moment after `local`, which is blocked, at which the hours block no more, or are lifted."""
        found = self._end(layers, local, host, record)
        lifts = [extra.start for extra in self.extras if extra.start > local and extra.minutes]
        if not lifts:
            return found
        first = min(lifts)
        sooner = found is None or first.timestamp() < found.timestamp()
        return first.astimezone(self.zone) if sooner else found

    def _end(self, layers: tuple[Layer, ...], local: datetime, host: str, record: HostRecord | None) -> datetime | None:
        # A stretch is followed by the clock on the wall; where that is put forward or back, it is looked at anew. Only
        # within a day of either end can such a change matter: between them every minute of the wall is blocked.
        local = later(local, 0)
        while True:
            end = self._end_on_the_wall(layers, local, host, record)
            if end is None:
                return None
            day, minute = end
            ahead = (day - local.toordinal()) * DAY + minute - minute_of_day(local)
            candidate = later(local, min(ahead, DAY))
            change = clock_change(local, candidate)
            if change is not None:
                local = change
                if _span_at(layers, local, host, record) is None:
                    return local
            elif ahead <= DAY:
                return candidate
            else:
                local = max(candidate, moment_at(day, minute, self.zone) - ONE_DAY)

    def _end_on_the_wall(
        self, layers: tuple[Layer, ...], local: datetime, host: str, record: HostRecord | None
    ) -> tuple[int, int] | None:
        """Day and minute at which the stretch ends that blocks `local`; None when it never does."""
        day, minute, whole = local.toordinal(), minute_of_day(local), 0
        while True:
            left = _bits(layers, day, host, record) >> minute
            if left != WHOLE >> minute:
                return day, minute + (~left & (left + 1)).bit_length() - 1
            whole = whole + 1 if minute == 0 else 0
            day, minute = day + 1, 0
            if whole >= 8:  # a whole week is blocked, so only a date can end it
                at = bisect_left(self.dated, day)
                if at == len(self.dated):
                    return None
                day, whole = max(day, self.dated[at]), 0

    def _hours_begin(
        self, layers: tuple[Layer, ...], local: datetime, host: str, record: HostRecord | None
    ) -> datetime | None:
        """When within five minutes the hours begin to block, or their lifting ends."""
        for step in range(1, SOON + 1):
            then = later(local, step)
            if _span_at(layers, then, host, record) is not None and not self._is_lifted(then):
                return then
        return None

    def _is_lifted(self, moment: datetime) -> bool:
        return any(extra.start <= moment < extra.end for extra in self.extras)

    # -- minutes --------------------------------------------------------------------------------------------------

    def _remaining(self, quota: Quota, local: datetime) -> int:
        return quota.minutes + self._extra_minutes(local) - self.used_of(quota, local)

    def _extra_minutes(self, local: datetime) -> int:
        """Extra minutes of the day. Those that end at midnight belong to the day that ends with it."""
        if not self.extras:
            return 0
        day = local.date()
        return sum(extra.minutes for extra in self.extras if local < extra.until and _day_of(extra, self.zone) == day)

    def _next_day_of(self, quota: Quota, local: datetime) -> datetime | None:
        """The first moment of the next day on which the quota leaves a minute; None when none does."""
        if quota.minutes > 0:
            return midnight_after(local)
        today = local.toordinal()
        last = max(today, max(self.calendar.holidays, default=0), max(quota.days.dates, default=0))
        free = (day for day in range(today + 1, last + 9) if not quota.applies(day, self.calendar))
        day = next(free, None)
        return None if day is None else moment_at(day, 0, self.zone)


_SOON_BITS: Final = (1 << (SOON + 1)) - 1


def _day_of(extra: Extra, zone: tzinfo) -> object:
    instant = extra.start if extra.by_start else extra.until - timedelta(microseconds=1)
    return instant.astimezone(zone).date()


def _bits(layers: Iterable[Layer], day: int, host: str, record: HostRecord | None) -> int:
    bits = 0
    for layer in layers:
        bits |= layer.bits_on(day, host, record)
    return bits


def _span_at(layers: Iterable[Layer], local: datetime, host: str, record: HostRecord | None) -> Span | None:
    """The span that blocks at `local`; the layer that was written first speaks."""
    day, minute = local.toordinal(), minute_of_day(local)
    for layer in layers:
        if layer.bits_on(day, host, record) >> minute & 1:
            return layer.map_on(day).span_at(minute)
    return None
