"""Devices with the browser add-on, how they are paired, what their people ask for, and labels that they saw."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("browser", sa.String(60), nullable=False),
        sa.Column("version", sa.String(30), nullable=False),
        sa.Column("token", sa.String(64), nullable=False, unique=True),
        sa.Column("paired", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger()),
        sa.Column("told", sa.JSON()),
    )
    op.create_table(
        "pairing",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("many", sa.Boolean(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False, index=True),
    )
    op.create_table(
        "ask",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False, index=True),
        sa.Column("answer", sa.String(16), nullable=False),
    )
    op.create_table(
        "heard",
        sa.Column("device", sa.String(16), primary_key=True),
        sa.Column("page", sa.String(64), primary_key=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False, index=True),
    )
