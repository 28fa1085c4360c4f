"""What a timetable answers: the time is blocked, or ends soon."""

from datetime import datetime
from typing import NamedTuple

from gateway.decision.verdict import Reason


class Blocked(NamedTuple):
    """The time is blocked. `until` is the first moment at which it is not (aware); None when it never ends."""

    rule: str
    where: str
    until: datetime | None
    reason: Reason


class Ending(NamedTuple):
    """The time ends within five minutes, at `until` (aware); `flag` says which time."""

    flag: str
    until: datetime
