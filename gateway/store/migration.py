"""Bringing a database from the form it has to the form this program needs (Alembic, gateway/store/migrations/)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from gateway.store.fault import StoreFault

MIGRATIONS = Path(__file__).parent / "migrations"

# Any number that nobody else locks by: two gateways that start at once on one PostgreSQL migrate one after the other.
_POSTGRESQL_LOCK = 0x716F7267616E


def form_of(connection: Connection) -> str | None:
    """The revision of the database's form; None for a database without tables of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_form(folder: Path = MIGRATIONS) -> str | None:
    """The form that this program needs."""
    return _steps(folder).get_current_head()


def refuse_newer(form: str | None, name: str, folder: Path = MIGRATIONS) -> None:
    """Raises StoreFault when `form` is one that this program does not know: a newer program has been here."""
    known = {step.revision for step in _steps(folder).walk_revisions()}
    if form is not None and form not in known:
        raise StoreFault(
            f"{name}: was written by a newer Qorgan (form {form}; this one knows up to {newest_form(folder)}): "
            "install the newer version again, or put the backup back that it made beside the database"
        )


def upgrade(connection: Connection, folder: Path = MIGRATIONS) -> None:
    """Runs every missing step in the transaction of `connection`; after an error the caller rolls all of them back."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_LOCK})")
    config = _config(folder)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config(folder: Path) -> Config:
    config = Config()
    # Alembic reads % as the start of an interpolation; a path may contain one.
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def _steps(folder: Path) -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(folder))
