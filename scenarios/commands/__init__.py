"""``placements scenarios``: joins the command line through its entry point; what it needs is imported when called."""

import typer

from scenarios.commands import beginning, breaking, comparing, foreseeing, looking, pricing, running

group = typer.Typer()
scenarios = typer.Typer(no_args_is_help=True, help="What-if: questions, edits, answers.")
for part in (
    looking.group,
    running.group,
    comparing.group,
    pricing.group,
    breaking.group,
    foreseeing.group,
    beginning.group,
):
    scenarios.add_typer(part)
group.add_typer(scenarios, name="scenarios")

__all__ = ["group"]
