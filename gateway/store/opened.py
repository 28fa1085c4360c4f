"""What was opened: how often connections of each person to each host were opened, passed or refused, and why.

It is no record of visits: hosts and never addresses, no hour, and a host only where something of it was opened, or
where a family has to know why not. Who is passed because nobody may look (an adult, a bank) is counted without a host.
A home sees whose connections they were, a school and a library only which hosts, an operator only how many.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from gateway.store.database import Database
from gateway.store.masking import Keeping
from gateway.store.tables import opened as table

MOST_ROWS: Final = 20_000
_AT_ONCE: Final = 200

type Count = Mapping["Opened", int]


@dataclass(frozen=True, slots=True)
class Opened:
    """What connections have in common that are counted together. "" for a person or a host that is not kept."""

    person: str
    host: str
    sight: str  # "pass", "look" or "refuse"
    why: str  # gateway.decision.splice.Why


@dataclass(frozen=True, slots=True)
class OpenedLine:
    """How often it came, from the day `first` to the day `last`."""

    opened: Opened
    times: int
    first: date
    last: date


def kept_of(person: str, host: str, sight: str, why: str, keeping: Keeping, *, unseen: bool) -> Opened | None:
    """What may be kept of one connection; None when nothing may. `unseen`: nobody may look at it at all."""
    if keeping.days == 0:
        return None
    return Opened(
        person if keeping.opened == "person" or (keeping.person and keeping.host) else "",
        host if (keeping.opened != "count" or keeping.host) and not unseen else "",
        sight,
        why,
    )


class OpenedStore:
    """Reads and writes through the database's threads. All methods raise StoreFault."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, counted: Count, day: date) -> None:
        """Adds to what was counted."""
        if counted:
            await self._database.write(partial(_add, counted, day), durable=False)

    async def lines(self, person: str | None = None) -> tuple[OpenedLine, ...]:
        """What is kept, of one person or of all, the latest and most frequent first."""
        return await self._database.read(partial(_lines, person))

    async def forget(self, now: datetime, days: int) -> int:
        """Deletes what did not come again for `days`, and the oldest beyond MOST_ROWS; how many rows."""
        return await self._database.write(
            partial(_forget, now.astimezone(UTC).date() - timedelta(days=days)), durable=False
        )


def _add(counted: Count, day: date, connection: Connection) -> None:
    every = list(counted)
    for start in range(0, len(every), _AT_ONCE):
        some = every[start : start + _AT_ONCE]
        known = {
            Opened(row.person, row.host, row.sight, row.why)
            for row in connection.execute(select(table).where(or_(*map(_is, some))))
        }
        for each in some:
            if each in known:
                more = {"times": table.c.times + counted[each], "last": day}
                connection.execute(update(table).where(_is(each)).values(more))
        rows = [
            {
                "person": each.person,
                "host": each.host,
                "sight": each.sight,
                "why": each.why,
                "times": counted[each],
                "first": day,
                "last": day,
            }
            for each in some
            if each not in known
        ]
        if rows:
            connection.execute(insert(table), rows)


def _is(each: Opened):  # type: ignore[no-untyped-def]  # SQLAlchemy's own type of a condition is private
    return and_(
        table.c.person == each.person,
        table.c.host == each.host,
        table.c.sight == each.sight,
        table.c.why == each.why,
    )


def _lines(person: str | None, connection: Connection) -> tuple[OpenedLine, ...]:
    asked = select(table).order_by(table.c.last.desc(), table.c.times.desc(), table.c.host)
    if person is not None:
        asked = asked.where(table.c.person == person)
    return tuple(
        OpenedLine(Opened(row.person, row.host, row.sight, row.why), row.times, row.first, row.last)
        for row in connection.execute(asked)
    )


def _forget(before: date, connection: Connection) -> int:
    gone = connection.execute(delete(table).where(table.c.last < before)).rowcount
    above = (connection.scalar(select(func.count()).select_from(table)) or 0) - MOST_ROWS
    if above > 0:
        oldest = select(table).order_by(table.c.last, table.c.times).limit(above)
        for row in list(connection.execute(oldest)):
            gone += connection.execute(
                delete(table).where(_is(Opened(row.person, row.host, row.sight, row.why)))
            ).rowcount
    return gone


def merged(into: dict[Opened, int], counted: Iterable[tuple[Opened, int]], most: int) -> int:
    """Adds counts to `into`, which never has more than `most` keys; how many connections found no room."""
    lost = 0
    for each, times in counted:
        if each in into or len(into) < most:
            into[each] = into.get(each, 0) + times
        else:
            lost += times
    return lost
