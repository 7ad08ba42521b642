"""``placements scenarios``: joins the command line through its entry point; what it needs is imported when called."""

import typer

from scenarios.commands import running

group = typer.Typer()
scenarios = typer.Typer(no_args_is_help=True, help="What-if: questions, edits, answers.")
scenarios.add_typer(running.group)
group.add_typer(scenarios, name="scenarios")

__all__ = ["group"]
