"""What was learned from traffic, between two runs: hosts, and clients that take no certificate but a site's own.

Whoever's requests taught it is not kept: after a restart it takes that many people again.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, delete, func, insert, or_, select

from gateway.hosts.pinning import Pinned
from gateway.hosts.traffic import FORGOTTEN, Learned, Traffic
from gateway.store.database import Database
from gateway.store.tables import host_traffic, pinned

MOST_HOSTS: Final = 20_000
MOST_PINNED: Final = 5_000
_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class HostSeen:
    """What is known of a host from traffic, and what was concluded."""

    traffic: Traffic
    learned: Learned | None = None


class LearnedStore:
    """Reads and writes through the database's threads. All methods raise StoreFault."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, now: datetime) -> tuple[tuple[HostSeen, ...], tuple[Pinned, ...]]:
        """Hosts seen within a month, and the pinned clients that still are, the last seen last."""
        return await self._database.read(partial(_load, now))

    async def save(self, seen: Iterable[HostSeen], pins: Iterable[Pinned], unpinned: Iterable[tuple[str, str]]) -> None:
        """Keeps each in the place of what was kept of its host, or of its client there."""
        work = partial(_save, list(seen), list(pins), list(unpinned))
        await self._database.write(work, durable=False)

    async def forget(self, now: datetime) -> int:
        """Deletes what has expired, and what is beyond the bounds; how many rows."""
        return await self._database.write(partial(_forget, now), durable=False)


@cache
def _form() -> tuple[TypeAdapter[HostSeen], str]:
    adapter = TypeAdapter(HostSeen)
    return adapter, hashlib.sha256(repr(adapter.json_schema()).encode()).hexdigest()


def _load(now: datetime, connection: Connection) -> tuple[tuple[HostSeen, ...], tuple[Pinned, ...]]:
    adapter, version = _form()
    table, found = host_traffic, []
    asked = select(table.c.record).where(table.c.last > now - FORGOTTEN, table.c.version == version)
    for text in connection.scalars(asked.order_by(table.c.last)):
        try:
            found.append(adapter.validate_json(text))
        except ValidationError:  # written by other hands: as good as unknown
            continue
    rows = connection.execute(select(pinned).where(pinned.c.until > now))
    pins = tuple(Pinned(client=row.client, host=row.host, clean=row.clean, until=row.until) for row in rows)
    return tuple(found), pins


def _save(seen: list[HostSeen], pins: list[Pinned], unpinned: list[tuple[str, str]], connection: Connection) -> None:
    adapter, version = _form()
    table = host_traffic
    for start in range(0, len(seen), _AT_ONCE):
        some = seen[start : start + _AT_ONCE]
        connection.execute(delete(table).where(table.c.host.in_([each.traffic.host for each in some])))
        rows = []
        for each in some:
            nobody = replace(each, traffic=replace(each.traffic, people=frozenset()))
            text = adapter.dump_json(nobody).decode()
            rows.append({"host": each.traffic.host, "version": version, "last": each.traffic.last, "record": text})
        connection.execute(insert(table), rows)
    for client, host in [*unpinned, *((each.client, each.host) for each in pins)]:
        connection.execute(delete(pinned).where(pinned.c.client == client, pinned.c.host == host))
    if pins:
        connection.execute(
            insert(pinned),
            [{"client": each.client, "host": each.host, "clean": each.clean, "until": each.until} for each in pins],
        )


def _forget(now: datetime, connection: Connection) -> int:
    table = host_traffic
    gone = connection.execute(delete(table).where(table.c.last <= now - FORGOTTEN)).rowcount
    gone += connection.execute(delete(pinned).where(or_(pinned.c.until <= now))).rowcount
    above = (connection.scalar(select(func.count()).select_from(table)) or 0) - MOST_HOSTS
    if above > 0:
        oldest = select(table.c.host).order_by(table.c.last).limit(above)
        gone += connection.execute(delete(table).where(table.c.host.in_(oldest))).rowcount
    above = (connection.scalar(select(func.count()).select_from(pinned)) or 0) - MOST_PINNED
    if above > 0:
        last = connection.scalar(select(pinned.c.until).order_by(pinned.c.until).offset(above - 1).limit(1))
        gone += connection.execute(delete(pinned).where(pinned.c.until <= last)).rowcount
    return gone
