"""The masked record of verdicts: written in the background, bounded, and never in the way of a decision."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from gateway.profiles.grant import Grant
from gateway.store.clock import utc_now
from gateway.store.database import Database
from gateway.store.fault import StoreFault
from gateway.store.masking import JournalEntry, Keeping, lost, mask_grant
from gateway.store.recorder import QUEUE_LIMIT, Recorder
from gateway.store.tables import journal as table

BATCH = 500  # entries written, or rows deleted, in one transaction
FLUSH_SECONDS = 0.5
SLOWEST_FLUSH_SECONDS = 30.0  # between tries while the database fails
PURGE_SECONDS = 3_600.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A journal entry as it was kept, and how often it came."""

    entry: JournalEntry
    times: int


class Journal(Recorder):
    """A recorder that writes what it takes, in the database's thread.

    While the database fails, entries wait up to the limit; what is beyond it is counted in `dropped`, and a line of the
    journal says so once it can be written. Nothing here can stop or open the gateway.
    """

    def __init__(
        self,
        database: Database,
        keeping: Keeping,
        *,
        limit: int = QUEUE_LIMIT,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(keeping, limit=limit, now=now)
        self.fault: str | None = None  # why the last write failed; None when it did not
        self._database = database
        self._writing = asyncio.Lock()
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def record_grant(self, grant: Grant, done: str) -> None:
        """Notes that a grant was "given" or "revoked"; who gave it, for whom and until when."""
        entry = mask_grant(grant, done, self._keeping, self._now())
        if entry is not None:
            self.add(entry, 1)

    def start(self) -> None:
        """Begins to write in the background and to delete what is past its days."""
        self._task = asyncio.create_task(self._run(), name="journal")

    async def close(self) -> None:
        """Writes what waits, once; what cannot be written then is counted as dropped."""
        self._stop.set()
        if self._task is not None:
            await self._task
        await self.flush()
        self.give_up()

    async def flush(self) -> bool:
        """Writes everything that waits; False when the database failed (the reason is in `fault`)."""
        async with self._writing:
            while self.has_work:
                if not await self._write_batch():
                    return False
            return True

    async def purge(self) -> int:
        """Deletes what is older than the journal's days (everything, for 0 days); how many rows. Raises StoreFault."""
        oldest = (
            self._now() - timedelta(days=self._keeping.days) if self._keeping.days else datetime.max.replace(tzinfo=UTC)
        )
        deleted = 0
        # In small pieces, so that no other write waits long for its turn.
        while count := await self._database.write(partial(_delete_before, oldest), durable=False):
            deleted += count
        return deleted

    async def tail(self, count: int) -> tuple[Line, ...]:
        """The last `count` lines, newest first. Raises StoreFault."""
        return await self._database.read(partial(last_lines, count))

    async def count_by_reason(self, since: datetime) -> dict[str, int]:
        """How many verdicts of each reason there were from `since` (aware) on. Raises StoreFault."""
        return await self._database.read(partial(_count_by_reason, since))

    async def _write_batch(self) -> bool:
        batch, said = self.take(BATCH), self.unsaid
        told = {**batch, lost(self._now()): said} if said else batch
        try:
            await self._database.write(partial(_add, told), durable=False)
        except StoreFault as fault:
            self.add_all(batch.items())
            if self.fault is None:
                _log.error("the journal cannot be written and waits: %s", fault)
            self.fault = str(fault)
            return False
        except BaseException:
            self.drop(sum(batch.values()))
            raise
        if self.fault is not None:
            _log.info("the journal is written again")
        self.fault = None
        self.unsaid -= said
        return True

    async def _run(self) -> None:
        pause, purge_at = FLUSH_SECONDS, 0.0
        while not await self._stopped_within(pause):
            try:
                written = await self.flush()
                if written and monotonic() >= purge_at:
                    await self.purge()
                    purge_at = monotonic() + PURGE_SECONDS
            except Exception as fault:  # noqa: BLE001 - the writer lives as long as the gateway
                written = False
                self.fault = str(fault)
                _log.exception("the journal could not be written")
            pause = FLUSH_SECONDS if written else min(pause * 2, SLOWEST_FLUSH_SECONDS)

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return False
        return True


def _add(batch: Mapping[JournalEntry, int], connection: Connection) -> None:
    by_key = {entry.key: (entry, times) for entry, times in batch.items()}
    known = set(connection.scalars(select(table.c.key).where(table.c.key.in_(by_key))))
    # In the order of their keys, so that two writers on one PostgreSQL cannot hold each other up for ever.
    if known:
        more = update(table).where(table.c.key == bindparam("known")).values(times=table.c.times + bindparam("more"))
        connection.execute(more, [{"known": key, "more": by_key[key][1]} for key in sorted(known)])
    new = [
        {"key": key, "times": times, "moment": entry.moment, "reason": entry.reason, "entry": entry.to_json()}
        for key, (entry, times) in by_key.items()
        if key not in known
    ]
    if new:
        connection.execute(insert(table), new)


def _delete_before(oldest: datetime, connection: Connection) -> int:
    some = select(table.c.id).where(table.c.moment < oldest).limit(BATCH)
    return connection.execute(delete(table).where(table.c.id.in_(some))).rowcount


def last_lines(count: int, connection: Connection) -> tuple[Line, ...]:
    """The newest `count` lines of the journal in a database, newest first. Raises SQLAlchemyError."""
    newest = select(table).order_by(table.c.moment.desc(), table.c.id.desc()).limit(count)
    return tuple(Line(JournalEntry.of_json(row.moment, row.entry), row.times) for row in connection.execute(newest))


def _count_by_reason(since: datetime, connection: Connection) -> dict[str, int]:
    counted = select(table.c.reason, func.sum(table.c.times)).where(table.c.moment >= since).group_by(table.c.reason)
    return {reason: int(times) for reason, times in connection.execute(counted)}
