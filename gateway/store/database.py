"""The database: SQLite in the data directory by default, PostgreSQL by URL; never on the event loop's thread."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from gateway.store.fault import StoreFault, cause_of
from gateway.store.migration import MIGRATIONS, form_of, is_newest, refuse_newer, upgrade
from gateway.store.sqlite_file import open_sqlite
from gateway.store.transaction import Purpose, begin_by_purpose


class Database:
    """One database, one thread that writes and one that reads.

    The threads are the database's own, so that a slow disk delays neither the event loop nor its default threads.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        """Use `open`. `name` is the file or the URL without its password: it stands in every error."""
        self.name = name
        self.damaged = False  # SQLite has said that the file is none of its own, or broken (until it is opened anew)
        self._engine = engine
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="store-reader")

    @classmethod
    def open(cls, where: Path | str, *, migrations: Path = MIGRATIONS) -> Self:
        """Opens, creates or migrates the database: a path or `sqlite:///path`, or a `postgresql+driver://…` URL.

        Blocks; call it before the event loop runs or in a thread. Raises DataFault with a sentence for a person.
        """
        if isinstance(where, Path):
            return cls(open_sqlite(where, migrations), str(where))
        url = _url(where)
        if url.get_backend_name() == "sqlite":
            if url.database in (None, "", ":memory:"):
                raise StoreFault(
                    f"{where}: a database in memory is not kept: name a file, as in sqlite:///var/qorgan.db"
                )
            return cls(open_sqlite(Path(str(url.database)), migrations), str(url.database))
        name = url.render_as_string(hide_password=True)
        return cls(_open_postgresql(url, name, migrations), name)

    async def read[T](self, work: Callable[[Connection], T]) -> T:
        """Runs `work` in a read transaction on the reader's thread. Raises StoreFault."""
        return await self._in_thread(self._reader, work, Purpose.READ)

    async def write[T](self, work: Callable[[Connection], T], *, durable: bool = True) -> T:
        """Runs `work` in one write transaction on the writer's thread; after an error nothing of it stays.

        `durable`: it must survive a power cut; without it the last seconds may not. Raises StoreFault.
        """
        purpose = Purpose.DURABLE if durable else Purpose.QUICK
        return await self._in_thread(self._writer, work, purpose)

    async def close(self) -> None:
        """Finishes what was begun, then closes; SQLite's log is moved into the file."""
        await asyncio.to_thread(self._shut)

    async def _in_thread[T](self, thread: ThreadPoolExecutor, work: Callable[[Connection], T], purpose: Purpose) -> T:
        try:
            running = asyncio.get_running_loop().run_in_executor(thread, self._run, work, purpose)
        except RuntimeError as fault:  # concurrent.futures refuses work after shutdown
            raise StoreFault(f"{self.name}: is closed") from fault
        return await running

    def _shut(self) -> None:
        self._writer.shutdown()
        self._reader.shutdown()
        self._engine.dispose()

    def _run[T](self, work: Callable[[Connection], T], purpose: Purpose) -> T:
        try:
            with self._engine.connect().execution_options(purpose=purpose) as connection, connection.begin():
                return work(connection)
        except SQLAlchemyError as fault:
            self.damaged = self.damaged or _tells_damage(fault)
            raise StoreFault(f"{self.name}: {cause_of(fault)}") from fault


def _tells_damage(fault: SQLAlchemyError) -> bool:
    cause = fault.orig if isinstance(fault, DBAPIError) else None
    # The low byte is the primary result code (sqlite.org, "Result and Error Codes").
    primary = cause.sqlite_errorcode & 0xFF if isinstance(cause, sqlite3.Error) else sqlite3.SQLITE_OK
    return primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError as fault:
        raise StoreFault(
            "the database address is neither sqlite:///path nor postgresql+psycopg://user@host/name"
        ) from fault
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreFault(f"{url.get_backend_name()}: this kind of database is not known: use sqlite or postgresql")
    return url


def _open_postgresql(url: URL, name: str, migrations: Path) -> Engine:
    try:
        engine = create_engine(url, pool_pre_ping=True)
    except (ImportError, NoSuchModuleError) as fault:
        raise StoreFault(f"{name}: the driver is missing ({fault}): install psycopg beside Qorgan") from fault
    begin_by_purpose(engine)
    try:
        with engine.begin() as connection:
            if not is_newest(form := form_of(connection), migrations):
                refuse_newer(form, name, migrations)
                upgrade(connection, migrations)
    except SQLAlchemyError as fault:
        engine.dispose()
        raise StoreFault(f"{name}: cannot be opened or migrated; nothing was changed ({cause_of(fault)})") from fault
    except StoreFault:
        engine.dispose()
        raise
    return engine
