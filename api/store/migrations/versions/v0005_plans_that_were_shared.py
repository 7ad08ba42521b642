"""Plans of a round that were shared; those of before are in the audit."""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_SHARED = sa.text(
    "select distinct run.round, run.id from run join audit_entry on audit_entry.subject = run.id "
    "where audit_entry.action = 'run_shared' and run.kind <> 'scenarios' and run.round is not null "
    "order by run.round, run.id"
)


def upgrade() -> None:
    """Go one up."""
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plans_shared", sa.JSON(), nullable=True))
    round = sa.table("round", sa.column("id"), sa.column("plans_shared", sa.JSON()))
    shared = defaultdict(list)
    for of, run in op.get_bind().execute(_SHARED):
        shared[of].append(run)
    op.execute(round.update().values(plans_shared=[]))
    for of, runs in shared.items():
        op.execute(round.update().where(round.c.id == of).values(plans_shared=runs))
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.alter_column("plans_shared", existing_type=sa.JSON(), nullable=False)
