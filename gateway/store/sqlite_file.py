"""One SQLite file: how it is created, checked, opened and backed up."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from gateway.store.fault import StoreFault, cause_of
from gateway.store.migration import MIGRATIONS, form_of, is_newest, newest_form, refuse_newer, upgrade
from gateway.store.private_files import FILE_MODE, private_folder
from gateway.store.transaction import begin_by_purpose

BUSY_MS = 5_000  # how long a statement waits for another process's lock
WAL_LIMIT_BYTES = 16 * 1024 * 1024  # the write-ahead log is cut back to this after a checkpoint

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",  # a planted file must not run functions by its schema
    "PRAGMA secure_delete=ON",  # what retention deletes is overwritten, not only forgotten
    f"PRAGMA journal_size_limit={WAL_LIMIT_BYTES}",
)


def open_sqlite(path: Path, migrations: Path = MIGRATIONS) -> Engine:
    """An engine on the file `path`, created when it is missing, checked and migrated when it is there.

    A file that is damaged, empty or from a newer program raises StoreFault and is left as it is: nothing is ever
    created in its place. Before a migration the file is copied to `<name>.form-<the form it had>`.
    """
    private_folder(path.parent)
    try:
        with _alone_in(path.parent):
            if path.exists():
                _check(path)
            else:
                _create(path, migrations)
            path.chmod(FILE_MODE)  # SQLite gives -wal and -shm the mode of the file itself
            return _migrated(path, migrations)
    except OSError as fault:
        raise StoreFault(f"{path}: the database cannot be opened ({fault.strerror}): {_ACCESS}") from fault
    except (SQLAlchemyError, sqlite3.Error) as fault:
        raise StoreFault(f"{path}: the database cannot be opened ({cause_of(fault)}): {_ACCESS}") from fault


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Two gateways that start at once create and migrate one after the other; the lock ends with the process."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_MS / 1000})
    begin_by_purpose(engine)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours (transaction.py); sqlite3 would send it too late or never
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    return engine


def _create(path: Path, migrations: Path) -> None:
    """A new database, made beside `path` and moved there when it is whole: a half-made one is never seen."""
    log = _beside(path, "-wal")
    if log.exists():  # SQLite would replay it into the new file
        raise StoreFault(
            f"{path}: is missing, but its log {log.name} is there: "
            "put the database file back, or remove the log to begin with an empty database"
        )
    draft = path.with_name(f".{path.name}.new")
    for leftover in (draft, _beside(draft, "-wal"), _beside(draft, "-shm")):
        leftover.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE))
    engine = _engine(draft)
    try:
        with engine.begin() as connection:
            upgrade(connection, migrations)
    finally:
        engine.dispose()  # the last connection moves the log into the file
    draft.replace(path)


def _check(path: Path) -> None:
    if path.stat().st_size == 0:
        raise StoreFault(f"{path}: the database is empty (0 bytes): {_ADVICE}")
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_MS / 1000)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as fault:
        if isinstance(fault, sqlite3.OperationalError):  # locked, not readable, disk error: no word about its content
            raise
        found = str(fault)
    if found != "ok":
        raise StoreFault(f"{path}: the database is damaged ({found.splitlines()[-1]}): {_ADVICE}")


_ADVICE = (
    "put back a backup (a file beside it whose name ends in .form-…, or your own), "
    "or move it away to begin with an empty one; journal, grants and API tokens in it are then lost"
)
_ACCESS = "see that the gateway's user may read and write it and that no other program holds it"


def _migrated(path: Path, migrations: Path) -> Engine:
    engine = _engine(path)
    try:
        _migrate(engine, path, migrations)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _migrate(engine: Engine, path: Path, migrations: Path) -> None:
    with engine.connect() as connection:
        form = form_of(connection)
    if form is None:
        raise StoreFault(f"{path}: is not a database of Qorgan: name another file")
    if is_newest(form, migrations):
        return
    refuse_newer(form, str(path), migrations)
    backup = _back_up(path, form)
    try:
        with engine.begin() as connection:
            upgrade(connection, migrations)
    except Exception as fault:
        raise StoreFault(
            f"{path}: could not be brought from form {form} to {newest_form(migrations)} ({cause_of(fault)}); "
            f"nothing in it was changed, and {backup.name} is a copy: go on with the version of Qorgan that wrote it"
        ) from fault


def _back_up(path: Path, form: str) -> Path:
    """A consistent copy of the database, log included (sqlite.org, "Online Backup API")."""
    backup = path.with_name(f"{path.name}.form-{form}")
    backup.unlink(missing_ok=True)
    os.close(os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE))
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    return backup


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
