"""How Alembic runs the migrations: over the connection that it is given, which begins and ends the transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from api.store.tables import Base, Moment


def _own_types_as_they_are_kept(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Migrations name no class of the program, since it goes on changing."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=_own_types_as_they_are_kept,
)
context.run_migrations()
