"""By which enrolment token a device was paired."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("device", sa.Column("enrolment", sa.String(16)))
