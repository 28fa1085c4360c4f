"""Minutes a day: a limit, and a count of the minutes in which somebody was active."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from gateway.profiles.calendar import DAILY, Calendar, Days
from gateway.profiles.pages import EVERYTHING, Subject

# Two signs of activity less than this apart belong to one sitting (squid's ext_time_quota_acl counts the same way).
SITTING_MINUTES: Final = 5
# A clock that is set back must not give minutes back. Further ahead than this, the day of a tally was the mistake.
AHEAD: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Tally:
    """What one person has used on one local day. `last` is the minute last counted, since 1970 in UTC."""

    day: date | None = None
    minutes: int = 0
    last: int = 0

    def count(self, local: datetime) -> "Tally":
        """The tally after a sign of activity at `local` (aware, in the person's zone).

        Each minute counts once; a gap of at most five minutes counts as activity; a new day begins at 0. Signs may come
        out of order by as much as a gap. After a clock was set back the count goes on from what was used.
        """
        day, minute = local.date(), int(local.timestamp()) // 60
        if self.day is None or day > self.day or self.day - day > AHEAD:
            return Tally(day, 1, minute)
        gap = minute - self.last
        if -SITTING_MINUTES <= gap <= 0:
            return self
        return Tally(self.day, self.minutes + (gap if 0 < gap <= SITTING_MINUTES else 1), minute)

    def joined(self, other: "Tally") -> "Tally":
        """What is known after `other`, who counts the same person too, has told: of one day the more.

        Of two days it is the later; a day of our own that lies too far ahead of the other's was a mistake.
        """
        if self.day is None or other.day is None:
            return self if other.day is None else other
        if self.day == other.day:
            return Tally(self.day, max(self.minutes, other.minutes), max(self.last, other.last))
        return other if other.day > self.day or self.day - other.day > AHEAD else self

    def used_on(self, day: date) -> int:
        """Minutes used on the local `day`. A tally of tomorrow counts today: then the clock was set back."""
        return 0 if self.day is None or not day <= self.day <= day + AHEAD else self.minutes


NONE_USED: Final = Tally()

type Used = tuple[str, str, Tally]  # person, service, what they used of it


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `minutes` on each of `days`, spent by the pages of `subject` and closing them when they are used up."""

    minutes: int
    rule: str
    where: str
    days: Days = DAILY
    subject: Subject = EVERYTHING

    @property
    def service(self) -> str:
        """What is counted, by a name that does not change with the limit: quotas of one subject share their count."""
        return self.subject.name

    def applies(self, day: int, calendar: Calendar) -> bool:
        return self.days.hold(day, calendar)
