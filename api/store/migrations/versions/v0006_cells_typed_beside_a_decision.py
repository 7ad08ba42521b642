"""Cells typed beside a decision, and the workbook that they are of."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Go one up."""
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cells", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("workbook", sa.Integer(), nullable=True))
