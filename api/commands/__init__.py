"""``placements serve | worker | store | audit | remote``: joins the command line; needs are imported when called."""

import typer

from api.commands import remote, serving, storing, working

group = typer.Typer()
for part in (serving.group, working.group, storing.group):
    group.add_typer(part)
group.add_typer(remote.remote, name="remote")

__all__ = ["group"]
