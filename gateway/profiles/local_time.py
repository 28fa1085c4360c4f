"""Moments by the clock on the wall, exact where it is put forward or back."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from gateway.profiles.week import DAY

ONE_DAY: Final = timedelta(days=1)


def minute_of_day(local: datetime) -> int:
    return local.hour * 60 + local.minute


def later(local: datetime, minutes: int) -> datetime:
    """So many minutes after the minute of `local` (aware), counted as they pass; in the zone of `local`."""
    passed = local.replace(second=0, microsecond=0).astimezone(UTC) + timedelta(minutes=minutes)
    return passed.astimezone(local.tzinfo)


def moment_at(day: int, minute: int, zone: tzinfo) -> datetime:
    """The first moment at which the wall shows minute `minute` (0 to 1440) of `day`, or would if it were not left out.

    An hour that the clock leaves out begins when the hour after it does (PEP 495).
    """
    days, rest = divmod(minute, DAY)
    wall = datetime.fromordinal(day + days) + timedelta(minutes=rest)
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)


def midnight_after(local: datetime) -> datetime:
    """The first moment of the next local day; it is later than midnight where midnight is left out."""
    zone = local.tzinfo
    assert zone is not None
    return moment_at(local.toordinal() + 1, 0, zone)


def clock_change(after: datetime, before: datetime) -> datetime | None:
    """The first second of (`after`, `before`] with another offset from UTC than `after`; None when both have the same.

    Both are aware, in one zone; what is put forward and back again within that time is not noticed.
    """
    offset, zone = after.utcoffset(), after.tzinfo
    if before.utcoffset() == offset:
        return None
    same, other = int(after.timestamp()), int(before.timestamp())
    while other - same > 1:
        middle = (same + other) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            same = middle
        else:
            other = middle
    return datetime.fromtimestamp(other, zone)
