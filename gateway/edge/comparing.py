"""`qorgan diff`: two policies from files compared, and what a journal recorded asked again under both."""

import contextlib
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from time import perf_counter
from urllib.parse import quote

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from gateway.edge.proving import noon, sources_of
from gateway.proof.difference import Difference, Side, compare
from gateway.proof.recorded import Recorded, Review, review
from gateway.store.fault import StoreFault, cause_of
from gateway.store.journal import Line, last_lines

_MOST_LINES = 100_000


def compare_files(old: Path, new: Path, moment: datetime) -> tuple[Side, Side, Difference, float]:
    """Both policies, their difference from noon of the day of `moment` on, and the seconds it took.

    Raises ProblemsFound. Blocks.
    """
    one, other = Side(*sources_of([old], moment)), Side(*sources_of([new], moment))
    began = perf_counter()
    difference = compare(one, other, noon(other.policy, moment))
    return one, other, difference, perf_counter() - began


def review_journal(file: Path, old: Side, new: Side) -> Review:
    """The entries of the journal in the database `file`, asked again. Raises LookupError, StoreFault. Blocks."""
    return review([_recorded(line) for line in read_journal(file)], old, new)


def read_journal(file: Path) -> Sequence[Line]:
    """The newest lines of a journal, the file left as it is: it may be another gateway's, or a copy.

    Raises LookupError when there is no such file, StoreFault when it holds no journal.
    """
    if not file.is_file():
        raise LookupError(f"{file}: there is no such database; a data directory has it as qorgan.db")
    address = f"file:{quote(str(file.absolute()))}?mode=ro"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True))
    with contextlib.ExitStack() as stack:
        stack.callback(engine.dispose)
        try:
            return last_lines(_MOST_LINES, stack.enter_context(engine.connect()))
        except (SQLAlchemyError, sqlite3.Error) as fault:
            raise StoreFault(f"{file}: no journal can be read from it ({cause_of(fault)})") from fault


def _recorded(line: Line) -> Recorded:
    entry = line.entry
    return Recorded(
        moment=entry.moment,
        action=entry.action,
        reason=entry.reason,
        category=entry.category,
        person=entry.person,
        host=entry.host,
        times=line.times,
    )
