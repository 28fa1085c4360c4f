"""Minutes used, one row for each person, service and local day: how many, never on which page or when."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from sqlalchemy import Connection, and_, delete, insert, or_, select

from gateway.profiles.quota import Tally
from gateway.profiles.quota import Used as Used
from gateway.store.database import Database
from gateway.store.tables import minutes_used as table

_MOST_AT_ONCE = 200  # rows of one statement: SQLite bounds its parameters


class MinuteStore:
    """Reads and writes through the database's threads. All methods raise StoreFault."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, since: date) -> tuple[Used, ...]:
        """What was used on the local day `since` and later, the earliest day first."""
        return await self._database.read(partial(_load, since))

    async def save(self, used: Sequence[Used]) -> None:
        """Keeps each in the place of what was kept of that person, service and day."""
        if used:
            await self._database.write(partial(_save, used), durable=False)

    async def forget(self, before: date) -> int:
        """Deletes the days before `before`; how many rows."""
        return await self._database.write(partial(_forget, before), durable=False)


def _load(since: date, connection: Connection) -> tuple[Used, ...]:
    rows = connection.execute(select(table).where(table.c.day >= since).order_by(table.c.day))
    return tuple((row.person, row.service, Tally(row.day, row.minutes, row.last)) for row in rows)


def _save(used: Sequence[Used], connection: Connection) -> None:
    for start in range(0, len(used), _MOST_AT_ONCE):
        some = used[start : start + _MOST_AT_ONCE]
        same = [
            and_(table.c.person == person, table.c.service == service, table.c.day == tally.day)
            for person, service, tally in some
        ]
        connection.execute(delete(table).where(or_(*same)))
        rows = [
            {"person": person, "service": service, "day": tally.day, "minutes": tally.minutes, "last": tally.last}
            for person, service, tally in some
        ]
        connection.execute(insert(table), rows)


def _forget(before: date, connection: Connection) -> int:
    return connection.execute(delete(table).where(table.c.day < before)).rowcount
