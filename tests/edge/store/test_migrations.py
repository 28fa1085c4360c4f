"""Forms of the database: each is brought up with its rows, a newer one is refused, a failed step leaves the old."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select, text

from gateway.store.database import Database
from gateway.store.fault import StoreFault
from gateway.store.migration import MIGRATIONS, newest_form
from gateway.store.tables import metadata, setting
from tests.edge.store.settings import mode_of, names, put

FORM = newest_form()


async def test_the_migrations_make_the_tables_of_the_program(database: Database) -> None:
    differences = await database.read(
        lambda connection: compare_metadata(MigrationContext.configure(connection), metadata)
    )
    assert differences == []


def steps_with(folder: Path, upgrade: str) -> Path:
    """The shipped migrations and one more on top of the newest."""
    steps = folder / "migrations"
    shutil.copytree(MIGRATIONS, steps, ignore=shutil.ignore_patterns("__pycache__"))
    step = f"from alembic import op\nrevision = 'next'\ndown_revision = '{FORM}'\ndef upgrade():\n    {upgrade}\n"
    (steps / "versions" / "v9999_next.py").write_text(step)
    return steps


async def test_a_database_of_the_first_form_is_brought_up_with_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "data" / "qorgan.db"
    database = Database.open(path)
    await database.write(put("kept", "through"))
    await database.close()
    steps = steps_with(tmp_path, "op.execute(\"UPDATE setting SET value = value || ' and on'\")")
    for _ in range(2):
        database = Database.open(path, migrations=steps)
        rows = await database.read(lambda connection: connection.execute(select(setting)).all())
        assert [tuple(row) for row in rows] == [("kept", "through and on")]
        await database.close()
    backup = tmp_path / "data" / f"qorgan.db.form-{FORM}"
    assert mode_of(backup) == 0o600
    with closing(sqlite3.connect(backup)) as old:
        assert old.execute("SELECT * FROM setting").fetchall() == [("kept", "through")]
        assert old.execute("SELECT * FROM alembic_version").fetchall() == [(FORM,)]


async def test_a_failed_migration_leaves_the_old_database(tmp_path: Path) -> None:
    path = tmp_path / "data" / "qorgan.db"
    database = Database.open(path)
    await database.write(put("kept"))
    await database.close()
    steps = steps_with(tmp_path, "op.drop_table('journal'); op.execute('DELETE FROM setting'); op.execute('SELECT no')")
    with pytest.raises(
        StoreFault, match=rf"from form {FORM} to next.*nothing in it was changed.*qorgan\.db\.form-{FORM}"
    ):
        Database.open(path, migrations=steps)
    database = Database.open(path)  # the version before goes on
    assert await database.read(names) == {"kept"}
    assert await database.read(lambda connection: connection.scalar(text("SELECT count(*) FROM journal"))) == 0
    await database.close()


async def test_a_database_of_a_newer_program_is_refused_and_left(tmp_path: Path) -> None:
    path = tmp_path / "data" / "qorgan.db"
    await Database.open(path, migrations=steps_with(tmp_path, "pass")).close()
    before = path.read_bytes()
    with pytest.raises(StoreFault, match=rf"written by a newer Qorgan \(form next; this one knows up to {FORM}\)"):
        Database.open(path)
    assert path.read_bytes() == before
