"""The moments at which a timetable begins or ends to block."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from gateway.hosts.record import HostRecord
from gateway.profiles.spent_time import Blocked
from gateway.profiles.timetable import Timetable

_MINUTE = timedelta(minutes=1)
_LAST = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)


def edges_of(
    timetable: Timetable, after: datetime, days: int = 8, host: str = "", record: HostRecord | None = None
) -> Iterator[datetime]:
    """Each minute within `days` days after `after` (aware) from which another window or limit speaks on a page.

    Found by asking the timetable minute by minute, so that it holds whatever a timetable is made of.
    """
    moment = after.astimezone(UTC).replace(second=0, microsecond=0)
    # The last days of the calendar have no week after them.
    minutes = min(timedelta(days=days), _LAST - moment) // _MINUTE
    if timetable.empty or minutes <= 0:
        return
    before = _told(timetable.block_at(after, host, record))
    for _ in range(minutes - 1):
        moment += _MINUTE
        now = _told(timetable.block_at(moment, host, record))
        if now != before:
            yield moment.astimezone(timetable.zone)
        before = now


def _told(blocked: Blocked | None) -> tuple[str, str] | None:
    return None if blocked is None else (blocked.rule, blocked.where)
