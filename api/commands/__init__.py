"""``placements serve | worker | remote ...``: joins the command line through its entry point."""

import typer

group = typer.Typer()

__all__ = ["group"]
