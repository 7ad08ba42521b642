"""``placements serve | worker | remote ...``: joins the command line; what it needs is imported when called."""

import typer

from api.commands import serving, working

group = typer.Typer()
for part in (serving.group, working.group):
    group.add_typer(part)

__all__ = ["group"]
