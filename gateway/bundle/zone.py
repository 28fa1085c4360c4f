"""A time zone as a table: what the clocks there are ahead of UTC, and from when on.

The browser does not ask its own tables: one that is older than 2024 still puts Kazakhstan into two zones.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

_STEP: Final = timedelta(days=1)
_LONGEST: Final = timedelta(days=3 * 366)
_LAST: Final = datetime.max.replace(tzinfo=UTC) - timedelta(days=3)


def zone_values(zone: tzinfo, start: datetime, end: datetime) -> dict[str, Any]:
    """The zone's name and its offsets (seconds) from `start` to `end` (aware), at most three years of them.

    The first offset also holds before `start`, the last one after `end`. What is put forward and back again within one
    day is not noticed.
    """
    moment = start.astimezone(UTC).replace(microsecond=0)
    last = moment + min(min(end.astimezone(UTC), _LAST) - moment, _LONGEST)
    offset = _offset(zone, moment)
    found = [(moment, offset)]
    while moment < last:
        then = min(moment + _STEP, last)
        ahead = _offset(zone, then)
        if ahead != offset:
            found.append((_change(zone, moment, then), ahead))
            offset = ahead
        moment = then
    return {"name": str(zone), "offsets": [{"from": at.isoformat(), "seconds": ahead} for at, ahead in found]}


def _offset(zone: tzinfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def _change(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """The first second after `before` with the offset of `after`."""
    offset = _offset(zone, before)
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after
