"""The first tables: journal, learned host records, grants, API tokens, settings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# A migration stays as it was written, whatever the tables become: nothing is imported from gateway/store/tables.py.
_row_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("id", _row_number, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False, index=True),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=False),
    )
    op.create_table(
        "host_record",
        sa.Column("host", sa.Text(), primary_key=True),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("until", sa.BigInteger(), index=True),
        sa.Column("record", sa.Text(), nullable=False),
    )
    op.create_table(
        "granted",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("path", sa.Text()),
        sa.Column("until", sa.BigInteger(), index=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
