"""How a transaction is begun: what it is for decides how it locks and how hard it is written to disk.

A commit survives the death of the process in every case. On a power cut, SQLite in WAL mode keeps what was committed
with synchronous=FULL and may lose the last commits made with NORMAL; the file stays consistent either way
(sqlite.org, "PRAGMA synchronous"). So policy matters (grants, tokens, settings) are FULL, and what may be lost without
harm (journal, learned host records) is NORMAL. PostgreSQL says the same with synchronous_commit.
"""

from enum import StrEnum

from sqlalchemy import Connection, Engine, event


class Purpose(StrEnum):
    READ = "read"
    DURABLE = "durable"  # must survive a power cut
    QUICK = "quick"  # the last seconds may be lost on a power cut


_OPENING = {
    # IMMEDIATE takes the write lock at once: a transaction that reads first and writes later could not wait for it.
    ("sqlite", Purpose.READ): ("BEGIN",),
    ("sqlite", Purpose.DURABLE): ("PRAGMA synchronous=FULL", "BEGIN IMMEDIATE"),
    ("sqlite", Purpose.QUICK): ("PRAGMA synchronous=NORMAL", "BEGIN IMMEDIATE"),
    ("postgresql", Purpose.QUICK): ("SET LOCAL synchronous_commit TO off",),
}


def begin_by_purpose(engine: Engine) -> None:
    """Makes every transaction of `engine` begin as its execution option `purpose` asks (default: durable)."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        purpose = connection.get_execution_options().get("purpose", Purpose.DURABLE)
        for statement in _OPENING.get((connection.dialect.name, purpose), ()):
            connection.exec_driver_sql(statement)
