"""What people ask a guardian to open: a host and a few words, for a short time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from gateway.store.devices import Rows
from gateway.store.tables import ask as table

ASKED_FOR: Final = timedelta(days=7)  # what nobody answers for a week is no question any more
MOST_OPEN: Final = 10  # of one person


class TooManyAsks(Exception):  # noqa: N818 - reads as a sentence
    """One person has as many open questions as a guardian will read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """`answer`: "open", "granted" or "refused"."""

    id: str
    person: str
    host: str
    reason: str
    asked: datetime
    answer: str = "open"


class AskStore:
    """Reads and writes through the database's threads. Moments are aware. All methods raise StoreFault."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def ask(self, asked: Ask) -> Ask:
        """Keeps a question; the open one of the same person and host when there is one. Raises TooManyAsks."""
        return await self._rows.write(partial(_ask, asked))

    async def open(self, now: datetime) -> tuple[Ask, ...]:
        """The open questions, the oldest first."""
        return await self._rows.read(partial(_read_open, now))

    async def of(self, person: str, now: datetime) -> tuple[Ask, ...]:
        """What one person asked and may still want to know the answer of, the latest first."""
        return await self._rows.read(partial(_read_of, person, now))

    async def refuse(self, ask_id: str) -> Ask | None:
        """Answers an open question with no; None when there is none of that id."""
        return await self._rows.write(partial(_refuse, ask_id))

    async def granted(self, people: frozenset[str], host: str) -> None:
        """A grant opens `host` with all below it to `people`: their open questions about it are answered."""
        await self._rows.write(partial(_granted, people, host))


def _ask(asked: Ask, connection: Connection) -> Ask:
    _sweep(asked.asked, connection)
    mine = and_(table.c.person == asked.person, table.c.answer == "open")
    row = connection.execute(select(table).where(mine, table.c.host == asked.host)).mappings().first()
    if row is not None:
        return Ask(**row)
    if (connection.scalar(select(func.count()).select_from(table).where(mine)) or 0) >= MOST_OPEN:
        raise TooManyAsks(f"{MOST_OPEN} questions are open already: wait for an answer")
    # A new question takes the place of the answer to an older one.
    connection.execute(delete(table).where(table.c.person == asked.person, table.c.host == asked.host))
    connection.execute(insert(table).values({name: getattr(asked, name) for name in asked.__slots__}))
    return asked


def _sweep(now: datetime, connection: Connection) -> None:
    connection.execute(delete(table).where(table.c.asked <= now - ASKED_FOR))


def _read_open(now: datetime, connection: Connection) -> tuple[Ask, ...]:
    standing = select(table).where(table.c.answer == "open", table.c.asked > now - ASKED_FOR).order_by(table.c.asked)
    return tuple(Ask(**row) for row in connection.execute(standing).mappings())


def _read_of(person: str, now: datetime, connection: Connection) -> tuple[Ask, ...]:
    recent = select(table).where(table.c.person == person, table.c.asked > now - ASKED_FOR)
    return tuple(Ask(**row) for row in connection.execute(recent.order_by(table.c.asked.desc())).mappings())


def _refuse(ask_id: str, connection: Connection) -> Ask | None:
    row = connection.execute(select(table).where(table.c.id == ask_id, table.c.answer == "open")).mappings().first()
    if row is None:
        return None
    connection.execute(update(table).where(table.c.id == ask_id).values(answer="refused"))
    return Ask(**{**row, "answer": "refused"})


def _granted(people: frozenset[str], host: str, connection: Connection) -> None:
    mine = select(table).where(table.c.answer == "open", table.c.person.in_(sorted(people)))
    ids = [row.id for row in connection.execute(mine) if row.host == host or row.host.endswith("." + host)]
    if ids:
        connection.execute(update(table).where(table.c.id.in_(ids)).values(answer="granted"))
