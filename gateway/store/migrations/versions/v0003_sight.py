"""What was learned of hosts from traffic, clients that take no certificate but a site's own, and what was opened."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "host_traffic",
        sa.Column("host", sa.Text(), primary_key=True),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False, index=True),
        sa.Column("record", sa.Text(), nullable=False),
    )
    op.create_table(
        "pinned",
        sa.Column("client", sa.Text(), primary_key=True),
        sa.Column("host", sa.Text(), primary_key=True),
        sa.Column("clean", sa.Boolean(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False, index=True),
    )
    op.create_table(
        "opened",
        sa.Column("person", sa.Text(), primary_key=True),
        sa.Column("host", sa.Text(), primary_key=True),
        sa.Column("sight", sa.String(16), primary_key=True),
        sa.Column("why", sa.String(32), primary_key=True),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False, index=True),
    )
