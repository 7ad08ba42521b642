"""``placements serve | worker | accounts | store | audit | remote``: joins the command line, imports when called."""

import typer

from api.commands import admitting, remote, serving, storing, working

group = typer.Typer()
for part in (serving.group, working.group, admitting.group, storing.group):
    group.add_typer(part)
group.add_typer(remote.remote, name="remote")

__all__ = ["group"]
