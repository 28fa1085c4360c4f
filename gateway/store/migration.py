"""Bringing a database from the form it has to the form this program needs (Alembic, gateway/store/migrations/).

Alembic is loaded only when there is something to bring: it takes 10 MB for as long as the process lives.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, text

from gateway.store.fault import StoreFault

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent / "migrations"
_NEWEST: Final = "0005"  # of MIGRATIONS; a test compares it with the folder
_FORM_TABLE: Final = "alembic_version"

# Any number that nobody else locks by: two gateways that start at once on one PostgreSQL migrate one after the other.
_POSTGRESQL_LOCK = 0x716F7267616E


def form_of(connection: Connection) -> str | None:
    """The revision of the database's form; None for a database without tables of ours."""
    if not inspect(connection).has_table(_FORM_TABLE):
        return None
    form: str | None = connection.execute(text(f"SELECT version_num FROM {_FORM_TABLE}")).scalar()  # noqa: S608
    return form


def is_newest(form: str | None, folder: Path = MIGRATIONS) -> bool:
    """Whether `form` is the one that this program needs."""
    return form == (_NEWEST if folder == MIGRATIONS else newest_form(folder))


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
    from alembic import command

    config = _config(folder)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config(folder: Path) -> "Config":
    from alembic.config import Config

    config = Config()
    # Alembic reads % as the start of an interpolation; a path may contain one.
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def _steps(folder: Path) -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config(folder))
