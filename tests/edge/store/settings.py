"""Rows of the table of settings, by which tests tell one database from another, and the modes of its files."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from gateway.store.tables import setting


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def put(name: str, value: str = "x") -> Callable[[Connection], Any]:
    return lambda connection: connection.execute(insert(setting).values(name=name, value=value))


def names(connection: Connection) -> set[str]:
    return set(connection.scalars(select(setting.c.name)))
