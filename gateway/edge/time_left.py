"""What time somebody has: whether it is blocked, what is left of each limit, and what ends soon."""

from dataclasses import dataclass
from datetime import datetime

from gateway.profiles.profile import Profile
from gateway.profiles.spent_time import Blocked, Ending


@dataclass(frozen=True, slots=True)
class Limit:
    """A quota of today. `left` is in minutes, extra ones counted; `of` says what it is about."""

    rule: str
    where: str
    of: str
    minutes: int
    used: int
    left: int


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """`blocked` and `ending` speak of pages that no rule is about."""

    person: str
    at: datetime
    blocked: Blocked | None
    ending: Ending | None
    limits: tuple[Limit, ...]


def time_left_of(profile: Profile, moment: datetime) -> TimeLeft:
    """The time of `profile`, with what was granted and used, at `moment` (aware)."""
    timetable = profile.timetable
    local = moment.astimezone(timetable.zone)
    found = timetable.at(moment)
    blocked = found if isinstance(found, Blocked) else None
    ending = found if isinstance(found, Ending) else None
    limits = []
    for quota in timetable.quotas:
        left = timetable.left_of(quota, moment)
        if left is not None:
            used = timetable.used_of(quota, moment)
            limits.append(Limit(quota.rule, quota.where, quota.service, quota.minutes, used, left))
    return TimeLeft(profile.person, local, blocked, ending, tuple(limits))
