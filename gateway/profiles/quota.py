"""Minutes a day: a limit, and a count of the minutes in which somebody was active."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

# Two signs of activity less than this apart belong to one sitting (squid's ext_time_quota_acl counts the same way).
_SITTING_MINUTES: Final = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """What one person has used on one local day. `last` is the minute of the day last counted."""

    day: date | None = None
    minutes: int = 0
    last: int = -1

    def count(self, local: datetime) -> "Tally":
        """The tally after a sign of activity at `local` (aware, in the person's zone).

        Each minute counts once; a gap of at most five minutes counts as activity; a new day begins at 0. A moment
        before the last one counted, as after a clock was set back, changes nothing.
        """
        minute = local.hour * 60 + local.minute
        if self.day is None or local.date() > self.day:
            return Tally(local.date(), 1, minute)
        gap = minute - self.last
        if local.date() < self.day or gap <= 0:
            return self
        return Tally(self.day, self.minutes + (gap if gap <= _SITTING_MINUTES else 1), minute)


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `minutes` on each of `days` (Monday is 0)."""

    days: frozenset[int]
    minutes: int
    rule: str
    where: str

    def is_used_up(self, tally: Tally, local: datetime, *, extra: int = 0) -> bool:
        """Whether nothing is left at `local`, `extra` minutes added; a tally of another day counts as none."""
        used = tally.minutes if tally.day == local.date() else 0
        return local.weekday() in self.days and used >= self.minutes + extra
