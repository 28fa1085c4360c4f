"""Minutes used by person, service and day; when the extra minutes of a grant begin."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "minutes_used",
        sa.Column("person", sa.Text(), primary_key=True),
        sa.Column("service", sa.Text(), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True, index=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
    )
    op.add_column("granted", sa.Column("since", sa.BigInteger()))
