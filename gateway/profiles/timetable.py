"""When a person may be online: weekly windows in local time, and minutes a day."""

from bisect import bisect_right
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Self

from gateway.decision.verdict import Reason
from gateway.profiles.grant import Grant
from gateway.profiles.quota import Quota, Tally
from gateway.profiles.week import DAY, WEEK, Window


@dataclass(frozen=True, slots=True)
class Blocked:
    """The time is blocked. `until` is the moment when it ends (aware); None when it never does."""

    rule: str
    where: str
    until: datetime | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Span:
    """Minutes of the week, `start` to before `end`, in which `window` blocks.

    `free` is the minute, counted on from Monday 0:00 and maybe past the week's end, at which nothing blocks any more;
    None when every minute of the week is blocked.
    """

    start: int
    end: int
    free: int | None
    window: Window


@dataclass(frozen=True, slots=True)
class Timetable:
    """The blocked spans of a week, the quotas and what is used of them. `Timetable()` never blocks; see `Timetable.of`.

    The zone is one that knows its own history (zoneinfo), never a fixed offset: Kazakhstan became one zone, UTC+5, on
    2024-03-01.
    """

    spans: tuple[Span, ...] = ()  # in order, none overlapping another
    zone: tzinfo = UTC
    quotas: tuple[Quota, ...] = ()
    tally: Tally = field(default_factory=Tally)
    extras: tuple[Grant, ...] = ()  # grants of minutes
    starts: tuple[int, ...] = ()  # of the spans, for the search
    windows: tuple[Window, ...] = ()  # as written, also those that another hides

    @classmethod
    def of(cls, windows: Iterable[Window], zone: tzinfo, quotas: Iterable[Quota] = ()) -> Self:
        """The timetable of windows that may overlap; where they do, the one that ends last is the one that speaks."""
        windows = tuple(windows)
        spans = tuple(_spans_of(windows))
        return cls(spans, zone, tuple(quotas), starts=tuple(span.start for span in spans), windows=windows)

    @property
    def empty(self) -> bool:
        return not self.spans and not self.quotas

    @property
    def key(self) -> Hashable:
        """The same for timetables that say the same, whoever they are for and wherever they are written."""
        hours = tuple((window.start, window.end) for window in self.windows)
        return hours, self.zone, tuple((quota.days, quota.minutes) for quota in self.quotas)

    @property
    def places(self) -> frozenset[str]:
        """Where the hours and quotas stand, each as file:line."""
        hours = (window.where for window in self.windows)
        return frozenset(hours).union(quota.where for quota in self.quotas)

    def without(self, places: Collection[str]) -> Self:
        """The same timetable without the hours and quotas that stand at `places`."""
        windows = (window for window in self.windows if window.where not in places)
        left = self.of(windows, self.zone, (quota for quota in self.quotas if quota.where not in places))
        return replace(left, tally=self.tally, extras=self.extras)

    def with_tally(self, tally: Tally) -> Self:
        """The same timetable, counting what `tally` says was used today."""
        return replace(self, tally=tally)

    def with_grants(self, grants: Iterable[Grant]) -> Self:
        """The same timetable with the extra minutes of `grants`; other grants change nothing."""
        extras = tuple(grant for grant in grants if grant.minutes and grant.until is not None)
        return replace(self, extras=self.extras + extras) if extras and not self.empty else self

    def block_at(self, moment: datetime) -> Blocked | None:
        """What blocks at `moment` (aware): hours before minutes. None: the time is free."""
        if self.empty:
            return None
        local = moment.astimezone(self.zone)
        minute = local.weekday() * DAY + local.hour * 60 + local.minute
        nearest = bisect_right(self.starts, minute) - 1
        if nearest >= 0 and minute < self.spans[nearest].end and not self._is_lifted(moment):
            span = self.spans[nearest]
            until = None if span.free is None else _later(local, span.free - minute)
            return Blocked(span.window.rule, span.window.where, until, Reason.SCHEDULE)
        for quota in self.quotas:
            if quota.is_used_up(self.tally, local, extra=self._extra_minutes(moment, local.date())):
                minutes_today = local.hour * 60 + local.minute
                return Blocked(quota.rule, quota.where, _later(local, DAY - minutes_today), Reason.QUOTA)
        return None

    def _is_lifted(self, moment: datetime) -> bool:
        return any(
            grant.until - timedelta(minutes=grant.minutes) <= moment < grant.until
            for grant in self.extras
            if grant.until is not None
        )

    def _extra_minutes(self, moment: datetime, day: date) -> int:
        """Extra minutes of the local `day`. A grant until midnight belongs to the day that ends with it."""
        return sum(
            grant.minutes
            for grant in self.extras
            if grant.until is not None
            and moment < grant.until
            and (grant.until.astimezone(self.zone) - timedelta(microseconds=1)).date() == day
        )


def _later(local: datetime, minutes: int) -> datetime:
    """`minutes` later by the clock on the wall, which in a zone with summer time may be an hour more or less.

    In an hour that happens twice (`fold`, PEP 495) the end lies in the same pass of it as `local`.
    """
    return (local.replace(second=0, microsecond=0) + timedelta(minutes=minutes)).replace(fold=local.fold)


def _spans_of(windows: Iterable[Window]) -> Iterator[Span]:
    """The spans of one week, in order. The weeks before and after it count: a window may run past Sunday midnight."""
    spans: list[Span] = []
    free = following = None
    for start, end, window in reversed(_stretches_of(sorted(windows, key=lambda window: window.start))):
        # Stretches that touch are one block, which ends where the last of them does.
        if free is None or following != end:
            free = end
        following = start
        if start < WEEK and end > 0:
            spans.append(Span(max(start, 0), min(end, WEEK), free if free - start < WEEK else None, window))
    return reversed(spans)


def _stretches_of(windows: Sequence[Window]) -> list[tuple[int, int, Window]]:
    """Start, end and window of three weeks around Monday 0:00, none overlapping: the window that ends last speaks."""
    stretches: list[tuple[int, int, Window]] = []
    for week in (-WEEK, 0, WEEK):
        for window in windows:
            start, end = window.start + week, window.end + week
            if stretches and end <= stretches[-1][1]:
                continue  # the one before ends later
            if stretches and start < stretches[-1][1]:
                begun, _, earlier = stretches.pop()
                if begun < start:
                    stretches.append((begun, start, earlier))
            stretches.append((start, end, window))
    return stretches
