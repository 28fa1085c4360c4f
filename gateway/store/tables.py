"""The tables, in SQLAlchemy Core terms that SQLite and PostgreSQL share.

Moments are whole seconds since 1970 in UTC, so that both databases store, compare and index them alike. The tables are
made by the migrations beside this module; a test compares the two.
"""

from datetime import UTC, datetime

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Integer, MetaData, String, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as whole seconds since 1970-01-01T00:00:00Z (fractions are cut); read back in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


# SQLite numbers rows by itself only for a column of type INTEGER (sqlite.org, "Rowid tables").
RowNumber = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

journal = Table(
    "journal",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False, unique=True),  # digest of the masked entry: equal entries share a row
    Column("times", BigInteger, nullable=False),  # how often this entry came
    Column("moment", Moment, nullable=False, index=True),
    Column("reason", String(32), nullable=False),
    Column("entry", JSON, nullable=False),  # the other fields of a JournalEntry
)

host_record = Table(
    "host_record",
    metadata,
    Column("host", Text, primary_key=True),
    Column("version", String(64), nullable=False),  # of the record's shape; another one is learned again
    Column("until", Moment, index=True),
    Column("record", Text, nullable=False),
)

grant = Table(
    "granted",  # GRANT is a reserved word of SQL
    metadata,
    Column("id", String(64), primary_key=True),
    Column("by", Text, nullable=False),
    Column("people", JSON, nullable=False),
    Column("host", Text, nullable=False),
    Column("path", Text),
    Column("until", Moment, index=True),
    Column("minutes", Integer, nullable=False),
    Column("where", Text, nullable=False),
    Column("since", Moment),
)

minutes_used = Table(
    "minutes_used",
    metadata,
    Column("person", Text, primary_key=True),
    Column("service", Text, primary_key=True),  # what is counted (gateway/profiles/quota.py)
    Column("day", Date, primary_key=True, index=True),  # of the policy's zone
    Column("minutes", Integer, nullable=False),
    Column("last", BigInteger, nullable=False),  # the minute last counted, since 1970 in UTC
)

host_traffic = Table(
    "host_traffic",
    metadata,
    Column("host", Text, primary_key=True),
    Column("version", String(64), nullable=False),  # of the record's shape; another one is learned again
    Column("last", Moment, nullable=False, index=True),
    Column("record", Text, nullable=False),
)

pinned = Table(
    "pinned",
    metadata,
    Column("client", Text, primary_key=True),  # its address, for a day at most
    Column("host", Text, primary_key=True),
    Column("clean", Boolean, nullable=False),
    Column("until", Moment, nullable=False, index=True),
)

opened = Table(
    "opened",
    metadata,
    Column("person", Text, primary_key=True),  # "" where the preset does not keep it; as for the host
    Column("host", Text, primary_key=True),
    Column("sight", String(16), primary_key=True),
    Column("why", String(32), primary_key=True),
    Column("times", BigInteger, nullable=False),
    Column("first", Date, nullable=False),  # in UTC; no hour
    Column("last", Date, nullable=False, index=True),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", String(32), primary_key=True),  # the public part of the token
    Column("hash", Text, nullable=False),  # argon2id; the token itself is never kept here
    Column("made", Moment, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

device = Table(
    "device",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("person", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("browser", String(60), nullable=False),
    Column("version", String(30), nullable=False),  # of the add-on
    Column("token", String(64), nullable=False, unique=True),  # SHA-256; the token has 256 random bits
    Column("paired", Moment, nullable=False),
    Column("seen", Moment),  # the last heartbeat; earlier ones are not kept
    Column("told", JSON),  # by the last heartbeat
    Column("enrolment", String(16)),  # of `pairing`, perhaps one that has ended; null: a code made this device
)

pairing = Table(
    "pairing",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("person", Text, nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("many", Boolean, nullable=False),  # an enrolment token, for many devices
    Column("until", Moment, nullable=False, index=True),
)

ask = Table(
    "ask",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("person", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked", Moment, nullable=False, index=True),
    Column("answer", String(16), nullable=False),  # "open", "granted" or "refused"
)

heard = Table(
    "heard",
    metadata,
    Column("device", String(16), primary_key=True),
    Column("page", String(64), primary_key=True),  # a digest of the address: no list of addresses is kept
    Column("person", Text, nullable=False),
    Column("label", JSON, nullable=False),
    Column("until", Moment, nullable=False, index=True),
)
