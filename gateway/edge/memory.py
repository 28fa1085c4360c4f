"""What the keeper remembers: database, journal, host records, tokens; or their absence when the database is damaged.

A journal that cannot be written (a full disk, a lock) is counted and changes no verdict. A database that is damaged is
trouble: nobody knows what was in it, so minors get an error page until it is mended.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from typing import Final, Protocol

from sqlalchemy import Connection

from gateway.edge.control_api.tokens import TokenStore, first_token
from gateway.edge.installation import Installation
from gateway.edge.keeper.kept import Counts, Nowhere
from gateway.edge.keeper.kept import Store as LearnedKeeper
from gateway.edge.minutes import Minutes
from gateway.edge.probe.probe import HostStore
from gateway.edge.retention import keeping_of
from gateway.edge.standing import Standing
from gateway.edge.token_file import TOKEN_FILE
from gateway.hosts.record import HostRecord
from gateway.profiles.grant import Grant
from gateway.store.database import Database
from gateway.store.devices import Rows
from gateway.store.fault import DataFault, StoreFault
from gateway.store.journal import Journal, Line
from gateway.store.learned import LearnedStore
from gateway.store.minutes import MinuteStore, Used
from gateway.store.opened import OpenedStore
from gateway.store.recorder import Counted
from gateway.store.state import State, TokenHash

_SWEEP_SECONDS: Final = 3_600.0


class Memory(Protocol):
    """What the rest of the keeper asks of it."""

    hosts: HostStore
    tokens: TokenStore
    standing: Standing
    rows: Rows
    learned: LearnedKeeper
    opened: Counts

    def note(self, entries: Sequence[Counted], lost: int) -> None:
        """Takes masked entries, and how many were lost on their way here; never blocks, never fails."""

    def trouble(self) -> str | None:
        """What is broken so that minors must be refused; None: nothing."""

    def dropped(self) -> int:
        """Journal entries lost since the start."""

    def journal_fault(self) -> str | None:
        """Why the journal cannot be written at the moment."""

    def tail(self, count: int) -> Awaitable[Sequence[Line]]:
        """The journal's last lines, newest first. Raises StoreFault."""

    async def close(self) -> None:
        """Writes what waits and closes."""


async def open_memory(installation: Installation, say: Callable[[str], None]) -> Memory:
    """The memory of an installation; when the database cannot be opened, `say` is told and Amnesia stands in."""
    try:
        database = await asyncio.to_thread(Database.open, installation.data / "qorgan.db")
        state = State(database)
        keeping = keeping_of(installation)
        journal = Journal(database, keeping)
        minutes = Minutes(MinuteStore(database), days=keeping.days, today=_today)
        standing = Standing(state, minutes, audit=journal.record_grant)
        await standing.load()
        if await first_token(state, installation.data) is not None:
            say(f"the token of the admin API was made: {installation.data / TOKEN_FILE}")
    except DataFault as fault:
        say(f"{fault}\nUntil it is mended, everybody under 18 gets an error page.")
        return Amnesia(str(fault))
    return Remembering(database, state, journal, standing)


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


class Remembering:
    """The database and what stands in it."""

    def __init__(self, database: Database, state: State, journal: Journal, standing: Standing) -> None:
        self.hosts: HostStore = state
        self.tokens: TokenStore = state
        self.standing = standing
        self.rows: Rows = database
        self.learned: LearnedKeeper = LearnedStore(database)
        self.opened: Counts = OpenedStore(database)
        self._database, self._state, self._journal = database, state, journal
        journal.start()
        standing.minutes.start()
        self._sweeping = asyncio.create_task(self._sweep(), name="sweep")

    def note(self, entries: Sequence[Counted], lost: int) -> None:
        self._journal.add_all(entries)
        self._journal.drop(lost)

    def trouble(self) -> str | None:
        return f"{self._database.name} is damaged" if self._database.damaged else None

    def dropped(self) -> int:
        return self._journal.dropped

    def journal_fault(self) -> str | None:
        return self._journal.fault

    def tail(self, count: int) -> Awaitable[Sequence[Line]]:
        return self._journal.tail(count)

    async def _sweep(self) -> None:
        """Forgets what has expired, once an hour."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            with contextlib.suppress(StoreFault):  # the journal's health tells of a database that fails
                await self._state.sweep()

    async def close(self) -> None:
        self._sweeping.cancel()
        await self.standing.minutes.close()
        await self._journal.close()
        await self._database.close()


class _Nowhere:
    """Keeps neither grants nor minutes: nobody may be told that something holds which a restart would lose."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def load(self, _since: date) -> tuple[Used, ...]:
        raise StoreFault(self._why)

    async def save(self, _used: Sequence[Used]) -> None:
        raise StoreFault(self._why)

    async def forget(self, _before: date) -> int:
        raise StoreFault(self._why)

    async def grants(self) -> tuple[Grant, ...]:
        raise StoreFault(self._why)

    async def add_grant(self, _given: Grant) -> None:
        raise StoreFault(self._why)

    async def remove_grant(self, _grant_id: str) -> bool:
        raise StoreFault(self._why)


class _NoRows:
    """The database of whoever has none."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def read[T](self, _work: Callable[[Connection], T]) -> T:
        raise StoreFault(self._why)

    async def write[T](self, _work: Callable[[Connection], T], *, durable: bool = True) -> T:
        raise StoreFault(self._why)


class Amnesia:
    """Stands in where the database cannot be opened: remembers nothing and says so."""

    def __init__(self, why: str) -> None:
        self.hosts: HostStore = self
        self.tokens: TokenStore = self
        self.rows: Rows = _NoRows(why)
        nowhere = _Nowhere(why)
        self.standing = Standing(nowhere, Minutes(nowhere, days=0, today=_today))
        self.learned: LearnedKeeper = Nowhere(why)
        self.opened: Counts = Nowhere(why)
        self._why, self._lost = why, 0

    def note(self, entries: Sequence[Counted], lost: int) -> None:
        self._lost += lost + sum(times for _, times in entries)

    def trouble(self) -> str | None:
        return self._why

    def dropped(self) -> int:
        return self._lost

    def journal_fault(self) -> str | None:
        return self._why

    async def tail(self, _count: int) -> Sequence[Line]:
        raise StoreFault(self._why)

    async def load(self, _host: str) -> HostRecord | None:
        return None

    async def save(self, _record: HostRecord) -> None:
        """There is nowhere to put it: the host is visited again after a restart."""

    async def token_hashes(self) -> tuple[TokenHash, ...]:
        raise StoreFault(self._why)

    async def replace_tokens(self, _token: TokenHash) -> None:
        raise StoreFault(self._why)

    async def close(self) -> None:
        """Nothing was opened."""
