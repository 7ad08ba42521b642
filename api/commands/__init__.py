"""``placements serve | worker | store | audit ...``: joins the command line; needs are imported when called."""

import typer

from api.commands import serving, storing, working

group = typer.Typer()
for part in (serving.group, working.group, storing.group):
    group.add_typer(part)

__all__ = ["group"]
