"""What the gateway keeps beside the journal: host records learned by visits, grants, API tokens, settings."""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, delete, func, insert, or_, select

from gateway.hosts.record import HostRecord
from gateway.profiles.grant import Grant
from gateway.store.asks import ASKED_FOR
from gateway.store.clock import utc_now
from gateway.store.database import Database
from gateway.store.fault import StoreFault
from gateway.store.tables import api_token, ask, grant, heard, host_record, pairing, setting

MOST_HOST_RECORDS = 200_000  # a client that asks for endless names must not fill the disk
SWEEP_BATCH = 1_000
# An expired record is what the probe falls back on when a site cannot be visited again: a high label is not lost so.
KEPT_AFTER = timedelta(days=30)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TokenHash:
    """What is kept of an API token: its public id and the argon2id hash of the whole token."""

    id: str
    hash: str


class State:
    """Reads and writes through the database's threads. Moments are aware.

    `load` and `save` are the probe's HostStore: what they keep can be learned again, so a fault of the database is
    noted in `fault` and counted, not raised. All other methods raise StoreFault.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime] = utc_now) -> None:
        self.faults = 0  # host records that could not be read or written
        self.fault: str | None = None  # the last such fault; None after a success
        self._database, self._now = database, now

    async def load(self, host: str) -> HostRecord | None:
        """The record learned of the canonical `host`, expired or not; None when there is none, or none of this form."""
        try:
            found = await self._database.read(partial(_read_record, host))
        except StoreFault as fault:
            self._note(fault)
            return None
        self.fault = None
        return found

    async def save(self, record: HostRecord) -> None:
        """Keeps `record` in the place of what was known of its host."""
        try:
            await self._database.write(partial(_write_record, record), durable=False)
        except StoreFault as fault:
            self._note(fault)
        else:
            self.fault = None

    async def sweep(self) -> int:
        """Deletes what has expired: grants, codes, questions, labels that devices told; host records KEPT_AFTER ago.

        Of host records the soonest to expire go too, above the limit.

        Returns how many rows.
        """
        swept = 0
        while count := await self._database.write(partial(_sweep, self._now()), durable=False):
            swept += count
        return swept

    async def add_grant(self, given: Grant) -> None:
        """Keeps a grant; one with the same id is replaced."""
        await self._database.write(partial(_write_grant, given))

    async def remove_grant(self, grant_id: str) -> bool:
        """Takes a grant back; False when there is none of that id."""
        return await self._database.write(partial(_remove_grant, grant_id))

    async def grants(self) -> tuple[Grant, ...]:
        """Every grant that holds now, by id."""
        return await self._database.read(partial(_read_grants, self._now()))

    async def token_hashes(self) -> tuple[TokenHash, ...]:
        """Every API token that is valid."""
        return await self._database.read(_read_tokens)

    async def replace_tokens(self, token: TokenHash) -> None:
        """Makes `token` the one that is valid."""
        await self._database.write(partial(_replace_tokens, token, self._now()))

    async def setting(self, name: str) -> str | None:
        return await self._database.read(partial(_read_setting, name))

    async def set_setting(self, name: str, value: str) -> None:
        await self._database.write(partial(_write_setting, name, value))

    async def installation_id(self) -> str:
        """A random name of this installation, made once; it says nothing about the machine."""
        return await self._database.write(partial(_first_setting, "installation-id", uuid4().hex))

    def _note(self, fault: StoreFault) -> None:
        if self.fault is None:
            _log.error("host records cannot be kept: %s", fault)
        self.faults += 1
        self.fault = str(fault)


@cache
def _form() -> tuple[TypeAdapter[HostRecord], str]:
    """How a record becomes JSON, and the version of that form: a digest of its schema.

    A record whose fields have changed since is thus never misread: it is learned again.
    """
    adapter = TypeAdapter(HostRecord)
    schema = json.dumps(adapter.json_schema(), sort_keys=True)
    return adapter, hashlib.sha256(schema.encode()).hexdigest()


def _read_record(host: str, connection: Connection) -> HostRecord | None:
    adapter, version = _form()
    table = host_record.c
    text = connection.scalar(select(table.record).where(table.host == host, table.version == version))
    if text is None:
        return None
    try:
        return adapter.validate_json(text)
    except ValidationError:  # written by other hands: as good as unknown
        return None


def _write_record(record: HostRecord, connection: Connection) -> None:
    adapter, version = _form()
    connection.execute(delete(host_record).where(host_record.c.host == record.host))
    text = adapter.dump_json(record).decode()
    connection.execute(insert(host_record).values(host=record.host, version=version, until=record.until, record=text))


def _sweep(now: datetime, connection: Connection) -> int:
    swept = connection.execute(delete(grant).where(grant.c.until <= now)).rowcount
    for table in (pairing, heard):
        swept += connection.execute(delete(table).where(table.c.until <= now)).rowcount
    swept += connection.execute(delete(ask).where(ask.c.asked <= now - ASKED_FOR)).rowcount
    expired = select(host_record.c.host).where(host_record.c.until <= now - KEPT_AFTER).limit(SWEEP_BATCH)
    swept += connection.execute(delete(host_record).where(host_record.c.host.in_(expired))).rowcount
    above = (connection.scalar(select(func.count()).select_from(host_record)) or 0) - MOST_HOST_RECORDS
    if above > 0:
        soonest = select(host_record.c.host).order_by(host_record.c.until).limit(min(above, SWEEP_BATCH))
        swept += connection.execute(delete(host_record).where(host_record.c.host.in_(soonest))).rowcount
    return swept


def _write_grant(given: Grant, connection: Connection) -> None:
    _remove_grant(given.id, connection)
    values = {name: getattr(given, name) for name in given.__slots__} | {"people": sorted(given.people)}
    connection.execute(insert(grant).values(values))


def _remove_grant(grant_id: str, connection: Connection) -> bool:
    return connection.execute(delete(grant).where(grant.c.id == grant_id)).rowcount > 0


def _read_grants(now: datetime, connection: Connection) -> tuple[Grant, ...]:
    standing = select(grant).where(or_(grant.c.until.is_(None), grant.c.until > now)).order_by(grant.c.id)
    return tuple(
        Grant(**{**row, "people": frozenset(row["people"])}) for row in connection.execute(standing).mappings()
    )


def _read_tokens(connection: Connection) -> tuple[TokenHash, ...]:
    return tuple(TokenHash(row.id, row.hash) for row in connection.execute(select(api_token)))


def _replace_tokens(token: TokenHash, now: datetime, connection: Connection) -> None:
    connection.execute(delete(api_token))
    connection.execute(insert(api_token).values(id=token.id, hash=token.hash, made=now))


def _read_setting(name: str, connection: Connection) -> str | None:
    return connection.scalar(select(setting.c.value).where(setting.c.name == name))


def _write_setting(name: str, value: str, connection: Connection) -> None:
    connection.execute(delete(setting).where(setting.c.name == name))
    connection.execute(insert(setting).values(name=name, value=value))


def _first_setting(name: str, value: str, connection: Connection) -> str:
    kept = _read_setting(name, connection)
    if kept is None:
        _write_setting(name, value, connection)
    return value if kept is None else kept
