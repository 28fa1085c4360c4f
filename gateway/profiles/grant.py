"""A temporary permission: by whom, for whom, what, until when.

A grant of minutes is extra time: the last `minutes` before `until` are free of blocked hours, and a limit of minutes a
day is so much higher on that day.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    id: str
    by: str
    people: frozenset[str]
    host: str  # the host and all below it; "" with `minutes` set: time, not a page
    path: str | None = None  # None: the whole host
    until: datetime | None = None  # aware; None: always
    minutes: int = 0  # extra minutes of a timetable or quota; then `until` is set
    where: str = ""  # file:line, or the journal entry that made it
