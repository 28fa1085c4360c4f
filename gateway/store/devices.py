"""Devices with the add-on, and the codes by which they are paired. Tokens and codes are kept as hashes only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Connection, delete, insert, select, update

from gateway.store.tables import device as table
from gateway.store.tables import heard, pairing


class Rows(Protocol):
    """The database, or what says why there is none. Both methods raise StoreFault."""

    async def read[T](self, work: Callable[[Connection], T]) -> T: ...

    async def write[T](self, work: Callable[[Connection], T], *, durable: bool = True) -> T: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One browser of one person. `seen`: its last heartbeat, and `told` what that said, in JSON values.

    `enrolment`: the id of the enrolment token that made it, which may have ended; None: a code for one did.
    """

    id: str
    person: str
    name: str
    browser: str
    version: str
    token: str  # SHA-256 in hexadecimal
    paired: datetime
    seen: datetime | None = None
    told: Mapping[str, Any] | None = None
    enrolment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A code that has not been used up. `many`: an enrolment token; otherwise it is gone with its first use."""

    id: str
    person: str
    hash: str
    many: bool
    until: datetime


class DeviceStore:
    """Reads and writes through the database's threads. Moments are aware. All methods raise StoreFault."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def load(self) -> tuple[Device, ...]:
        """Every device, by its name."""
        return await self._rows.read(_read_devices)

    async def touch(self, device: Device) -> None:
        """Keeps the last heartbeat in the place of the one before."""
        await self._rows.write(partial(_touch, device), durable=False)

    async def remove(self, device_id: str) -> bool:
        """Forgets a device with everything that it told; False when there is none of that id."""
        return await self._rows.write(partial(_remove, device_id))

    async def offer(self, offered: Pairing, now: datetime, *, most: int) -> bool:
        """Keeps a code, and forgets those that have ended; False when `most` are kept already."""
        return await self._rows.write(partial(_offer, offered, now, most))

    async def pair(self, code: str, device: Callable[[Pairing], Device | None], now: datetime) -> Device | None:
        """The device that a code (by its hash) makes, kept; a code for one is used up in the same transaction.

        `device` makes it; when it makes none, the code stays. None: no such code holds.
        """
        return await self._rows.write(partial(_pair, code, device, now))

    async def enrolments(self, now: datetime) -> tuple[Pairing, ...]:
        """The enrolment tokens that hold."""
        return await self._rows.read(partial(_read_enrolments, now))

    async def withdraw(self, pairing_id: str) -> bool:
        """Takes back a code or an enrolment token; devices that it made stay."""
        return await self._rows.write(partial(_withdraw, pairing_id))


def _read_devices(connection: Connection) -> tuple[Device, ...]:
    return tuple(Device(**row) for row in connection.execute(select(table).order_by(table.c.name)).mappings())


def _touch(device: Device, connection: Connection) -> None:
    told = {"version": device.version, "browser": device.browser, "seen": device.seen, "told": device.told}
    connection.execute(update(table).where(table.c.id == device.id).values(told))


def _remove(device_id: str, connection: Connection) -> bool:
    connection.execute(delete(heard).where(heard.c.device == device_id))
    return connection.execute(delete(table).where(table.c.id == device_id)).rowcount > 0


def _offer(offered: Pairing, now: datetime, most: int, connection: Connection) -> bool:
    connection.execute(delete(pairing).where(pairing.c.until <= now))
    if len(connection.execute(select(pairing.c.id).limit(most)).all()) >= most:
        return False
    connection.execute(insert(pairing).values({name: getattr(offered, name) for name in offered.__slots__}))
    return True


def _pair(
    code: str, device: Callable[[Pairing], Device | None], now: datetime, connection: Connection
) -> Device | None:
    found = select(pairing).where(pairing.c.hash == code, pairing.c.until > now).with_for_update()
    row = connection.execute(found).mappings().one_or_none()
    if row is None:
        return None
    used = Pairing(**row)
    made = device(used)
    if made is None:
        return None
    if not used.many and not _withdraw(used.id, connection):
        return None
    connection.execute(insert(table).values({name: getattr(made, name) for name in made.__slots__}))
    return made


def _read_enrolments(now: datetime, connection: Connection) -> tuple[Pairing, ...]:
    standing = select(pairing).where(pairing.c.many, pairing.c.until > now).order_by(pairing.c.until)
    return tuple(Pairing(**row) for row in connection.execute(standing).mappings())


def _withdraw(pairing_id: str, connection: Connection) -> bool:
    return connection.execute(delete(pairing).where(pairing.c.id == pairing_id)).rowcount > 0
