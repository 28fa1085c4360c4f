"""Labels that devices saw in live documents: the strictest of each device and page, for a week.

The page is kept as a digest of its address: what is needed is whether a page that is asked for is the one, and no list
of addresses.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, delete, insert, select

from gateway.labels.label import Label
from gateway.store.devices import Rows
from gateway.store.tables import heard as table


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardLabel:
    device: str
    person: str
    page: str  # digest of the address (gateway/edge/heard.py)
    label: Label
    until: datetime


class HeardStore:
    """Reads and writes through the database's threads. Moments are aware. All methods raise StoreFault."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def load(self, now: datetime) -> tuple[HeardLabel, ...]:
        """Everything that still holds, what ends first before the rest; what has ended is forgotten."""
        return await self._rows.write(partial(_load, now), durable=False)

    async def put(self, told: HeardLabel) -> None:
        """Keeps it in the place of what the device told of the page before."""
        await self._rows.write(partial(_put, told), durable=False)

    async def drop(self, told: HeardLabel) -> None:
        """Forgets it."""
        await self._rows.write(partial(_drop, told), durable=False)


@cache
def _form() -> TypeAdapter[Label]:
    return TypeAdapter(Label)


def _load(now: datetime, connection: Connection) -> tuple[HeardLabel, ...]:
    connection.execute(delete(table).where(table.c.until <= now))
    found = []
    for row in connection.execute(select(table).order_by(table.c.until)).mappings():
        try:
            label = _form().validate_python(row["label"])
        except ValidationError:  # of another version: it is seen again
            continue
        found.append(HeardLabel(**{**row, "label": label}))
    return tuple(found)


def _put(told: HeardLabel, connection: Connection) -> None:
    _drop(told, connection)
    values = {name: getattr(told, name) for name in told.__slots__}
    connection.execute(insert(table).values({**values, "label": _form().dump_python(told.label, mode="json")}))


def _drop(told: HeardLabel, connection: Connection) -> None:
    connection.execute(delete(table).where(table.c.device == told.device, table.c.page == told.page))
