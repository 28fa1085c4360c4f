"""The database file: created whole, kept private, checked, migrated, never made anew in the place of a damaged one."""

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Connection, text

from gateway.store.database import Database
from gateway.store.fault import DataFault, StoreFault
from gateway.store.migration import is_newest, newest_form
from tests.edge.store.settings import mode_of, names, put

FORM = newest_form()


async def names_in(path: Path) -> set[str]:
    database = Database.open(path)
    try:
        return await database.read(names)
    finally:
        await database.close()


async def test_only_the_gateways_user_may_read_the_files(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        database = Database.open(tmp_path / "data" / "qorgan.db")
        await database.write(put("a"))
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "data") == 0o700
    modes = {path.name: mode_of(path) for path in (tmp_path / "data").iterdir()}
    assert modes == {"qorgan.db": 0o600, "qorgan.db-wal": 0o600, "qorgan.db-shm": 0o600}
    await database.close()
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["qorgan.db"]


async def test_a_file_and_folder_that_others_may_read_are_closed_to_them(tmp_path: Path) -> None:
    await Database.open(tmp_path / "data" / "qorgan.db").close()
    (tmp_path / "data").chmod(0o755)
    (tmp_path / "data" / "qorgan.db").chmod(0o644)
    await Database.open(tmp_path / "data" / "qorgan.db").close()
    assert mode_of(tmp_path / "data") == 0o700
    assert mode_of(tmp_path / "data" / "qorgan.db") == 0o600


async def test_writes_are_as_durable_as_they_ask(database: Database) -> None:
    def synchronous(connection: Connection) -> object:
        return connection.scalar(text("PRAGMA synchronous"))

    assert await database.write(synchronous) == 2  # FULL
    assert await database.write(synchronous, durable=False) == 1  # NORMAL
    assert await database.write(synchronous) == 2


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 5000), ("secure_delete", 1), ("trusted_schema", 0)],
)
async def test_every_connection_is_set_up(database: Database, pragma: str, value: object) -> None:
    assert await database.read(lambda connection: connection.scalar(text(f"PRAGMA {pragma}"))) == value


async def test_a_failed_write_leaves_nothing(database: Database) -> None:
    def half(connection: Connection) -> None:
        put("half")(connection)
        put("half")(connection)

    with pytest.raises(StoreFault, match=r"qorgan\.db: UNIQUE constraint failed: setting\.name$"):
        await database.write(half)
    assert await database.read(names) == set()


async def test_readers_do_not_wait_for_a_writer_nor_the_loop_for_either(database: Database) -> None:
    import threading

    inside, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        put("slow")(connection)
        inside.set()
        go_on.wait(10)

    writing = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(inside.wait, 10)
    assert await asyncio.wait_for(database.read(names), 5) == set()
    go_on.set()
    await writing
    assert await database.read(names) == {"slow"}


async def test_after_closing_it_says_so(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "qorgan.db")
    await database.close()
    with pytest.raises(StoreFault, match="is closed"):
        await database.read(names)


async def test_a_kill_in_the_middle_of_writing_loses_no_commit(tmp_path: Path) -> None:
    path = tmp_path / "qorgan.db"
    writer = textwrap.dedent(f"""
        import asyncio
        from pathlib import Path
        from sqlalchemy import insert
        from gateway.store.database import Database
        from gateway.store.tables import setting

        async def write_for_ever():
            database = Database.open(Path({str(path)!r}))
            number = 0
            while True:
                row = insert(setting).values(name=str(number), value="x")
                await database.write(lambda connection: connection.execute(row), durable=number % 2 == 0)
                print(number, flush=True)
                number += 1

        asyncio.run(write_for_ever())
    """)
    with subprocess.Popen([sys.executable, "-c", writer], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(60)]
        process.send_signal(signal.SIGKILL)
        said += [int(line) for line in process.stdout.read().split("\n")[:-1]]
    assert {str(number) for number in said} <= await names_in(path)


async def test_two_that_start_at_once_make_one_database(tmp_path: Path) -> None:
    path = tmp_path / "data" / "qorgan.db"
    opened = await asyncio.gather(*(asyncio.to_thread(Database.open, path) for _ in range(4)))
    for number, database in enumerate(opened):
        await database.write(put(str(number)))
    assert await opened[0].read(names) == {"0", "1", "2", "3"}
    for database in opened:
        await database.close()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda _content: b"", r"the database is empty \(0 bytes\)"),
        (lambda _content: b"this is no database at all" * 200, r"damaged \(file is not a database\)"),
        (lambda content: content[:5000], r"damaged"),
        (lambda content: content[:4096] + b"\xa5" * (len(content) - 4096), r"damaged"),
    ],
    ids=["empty", "foreign", "cut", "overwritten"],
)
async def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path, spoil, says: str) -> None:
    path = tmp_path / "qorgan.db"
    await Database.open(path).close()
    spoilt = spoil(path.read_bytes())
    path.write_bytes(spoilt)
    with pytest.raises(StoreFault, match=f"{re.escape(str(path))}.*{says}.*put back a backup.*move it away"):
        Database.open(path)
    assert path.read_bytes() == spoilt


async def test_damage_while_it_runs_is_a_fault_and_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "qorgan.db"
    database = Database.open(path)
    for number in range(300):
        await database.write(put(str(number), "x" * 500), durable=False)
    await database.close()
    database = Database.open(path)
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xa5" * (len(content) - 8192))
    assert not database.damaged
    with pytest.raises(StoreFault, match=re.escape(str(path))):
        await database.read(names)
    assert database.damaged
    await database.close()


async def test_another_programs_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
        other.commit()
    with pytest.raises(StoreFault, match="is not a database of Qorgan"):
        Database.open(path)


async def test_a_missing_file_whose_log_is_there_is_not_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "qorgan.db"
    (tmp_path / "qorgan.db-wal").write_bytes(b"something")
    with pytest.raises(StoreFault, match=r"is missing, but its log qorgan\.db-wal is there"):
        Database.open(path)
    assert not path.exists()


async def test_what_a_killed_first_start_left_is_cleared(tmp_path: Path) -> None:
    (tmp_path / ".qorgan.db.new").write_bytes(b"half")
    (tmp_path / ".qorgan.db.new-wal").write_bytes(b"half")
    assert await names_in(tmp_path / "qorgan.db") == set()


async def test_a_locked_database_waits_and_then_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "qorgan.db"
    database = Database.open(path)
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout=50"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreFault, match="database is locked"):
            await database.write(put("a"))
        other.execute("ROLLBACK")
    assert not database.damaged  # a lock says nothing about the file
    await database.write(put("b"))
    assert await database.read(names) == {"b"}
    await database.close()


READ_ONLY = """
    import os, sys
    from pathlib import Path
    from gateway.store.database import Database
    from gateway.store.fault import DataFault
    folder = Path(sys.argv[1])
    Database.open(folder / "open" / "qorgan.db")  # everything is imported before the rights go
    if os.geteuid() == 0:
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
    for place in ("closed/qorgan.db", "closed/below/qorgan.db"):
        try:
            Database.open(folder / place)
        except DataFault as fault:
            print(fault)
"""


def test_the_newest_form_is_known_without_a_look_at_all_steps() -> None:
    assert is_newest(newest_form())
    assert not is_newest("0001")
    assert not is_newest(None)


def test_a_folder_that_may_not_be_written_is_named() -> None:
    with TemporaryDirectory() as place:  # unlike tmp_path, another user can be let in
        Path(place).chmod(0o711)
        (Path(place) / "closed").mkdir(mode=0o500)
        command = [sys.executable, "-c", textwrap.dedent(READ_ONLY), place]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert len(lines) == 2, done.stderr
    assert all(line.startswith(f"{place}/closed") and "Permission denied" in line for line in lines), lines


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(DataFault, match=r"data: the data directory cannot be used"):
        Database.open(tmp_path / "data" / "qorgan.db")


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("sqlite://", "a database in memory is not kept"),
        ("mysql://root@localhost/q", "mysql: this kind of database is not known"),
        ("no address", "neither sqlite:///path nor postgresql"),
        ("postgresql+nonesuch://u:hidden@localhost/q", "the driver is missing"),
    ],
)
def test_an_address_that_cannot_be_is_explained_without_its_password(where: str, says: str) -> None:
    with pytest.raises(StoreFault, match=says) as fault:
        Database.open(where)
    assert "hidden" not in str(fault.value)


async def test_an_sqlite_url_is_a_file(tmp_path: Path) -> None:
    await Database.open(f"sqlite:///{tmp_path}/qorgan.db").close()
    assert (tmp_path / "qorgan.db").stat().st_size > 0
