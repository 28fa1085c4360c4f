"""A temporary permission: by whom, for whom, what, until when.

A grant of minutes is extra time: for `minutes` no hours are blocked, and a limit of minutes a day is so much higher on
that day. The minutes without hours begin at `since`; without it they are the last before `until`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    id: str
    by: str
    people: frozenset[str]
    host: str  # the host and all below it; "" with `minutes` set: time, not a page
    path: str | None = None  # None: the whole host
    until: datetime | None = None  # aware; None: always
    minutes: int = 0  # extra minutes of a timetable or quota; then `until` is set
    since: datetime | None = None  # aware; when the extra minutes begin to lift hours
    where: str = ""  # file:line, or the journal entry that made it


@dataclass(frozen=True, slots=True)
class Extra:
    """Extra minutes as a timetable needs them: no hours block from `start` to before `end`, and a day has more minutes.

    They are there until `until`, and belong to the day of `start`, or else to the one that `until` ends or lies in.
    """

    start: datetime
    end: datetime
    until: datetime
    minutes: int
    by_start: bool  # which day they belong to


def extra_of(grant: Grant) -> Extra | None:
    """The extra minutes of `grant`; None when it gives none."""
    if not grant.minutes or grant.until is None:
        return None
    length = timedelta(minutes=grant.minutes)
    start = grant.until - length if grant.since is None else grant.since
    return Extra(start, start + length, grant.until, grant.minutes, grant.since is not None)
