"""Steps of matches and published versions."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Go one up."""
    op.create_table(
        "match_step",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("cells", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("workbook", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_match_step_round"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_step")),
        sa.UniqueConstraint("round", "number", name=op.f("uq_match_step_round_number")),
    )
    with op.batch_alter_table("match_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_step_round"), ["round"], unique=False)

    op.create_table(
        "published_version",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("run", sa.String(length=32), nullable=False),
        sa.Column("workbook", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("plan", sa.String(length=64), nullable=False),
        sa.Column("checked", sa.String(length=64), nullable=False),
        sa.Column("cost", sa.String(length=64), nullable=False),
        sa.Column("data", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["checked"], ["content.digest"], name=op.f("fk_published_version_checked")),
        sa.ForeignKeyConstraint(["cost"], ["content.digest"], name=op.f("fk_published_version_cost")),
        sa.ForeignKeyConstraint(["data"], ["content.digest"], name=op.f("fk_published_version_data")),
        sa.ForeignKeyConstraint(["plan"], ["content.digest"], name=op.f("fk_published_version_plan")),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_published_version_round"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_version")),
        sa.UniqueConstraint("round", "number", name=op.f("uq_published_version_round_number")),
    )
    with op.batch_alter_table("published_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_published_version_round"), ["round"], unique=False)
