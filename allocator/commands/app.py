"""``placements``: the groups of commands as one command line."""

import sys
import traceback
from importlib.metadata import entry_points, version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from allocator.commands import (
    allocating,
    catalogue,
    comparing,
    deciding,
    inputs,
    judging,
    marking,
    moving,
    papers,
    publishing,
    replying,
    results_day,
)
from allocator.commands.memory import is_full_memory
from allocator.commands.printing import progress_console, say
from allocator.commands.statuses import FAULT

ENTRY_POINTS = "placements.commands"
"""Packages above this one join with a ``typer.Typer`` each: imports never run upwards, so they are found by name."""


class _Commands(TyperGroup):
    """Maps the errors of every command to a message, an exit status and, with ``--json``, an object."""

    def invoke(self, ctx: Any) -> Any:
        as_json = "--json" in ctx.args
        try:
            return super().invoke(ctx)
        except typer.Exit:
            raise
        except Exception as error:
            from allocator.commands.failing import told

            status = told(error, as_json)
            if status is None:
                raise
            raise typer.Exit(status) from error


app = typer.Typer(
    cls=_Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Proposes placements for social-work students: checked, proved, explained. A named person decides.",
    epilog="Exit codes: 0 done and proved; 2 usage; 3 input unusable; 4 rules clash, or violations found; "
    "5 stopped with a plan; 130 interrupted before; 1 fault. Example: placements demo",
)  # fmt: skip
for group in (
    allocating.group, inputs.group, judging.group, comparing.group, deciding.group, marking.group, moving.group,
    publishing.group, papers.group, replying.group, results_day.group, catalogue.group,
):  # fmt: skip
    app.add_typer(group)
for point in sorted(entry_points(group=ENTRY_POINTS)):
    app.add_typer(point.load())


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"placements {version('placement-allocation')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None: ...


def main() -> None:
    """Entry point. What no command expects is a fault of the program: traceback, short message, exit status 1.

    Raises
    ------
    Exception
        A full memory that left no room to say so: the caller says it without any library.
    """
    try:
        app()
    except Exception as error:
        if is_full_memory(error):
            raise
        traceback.print_exc()
        progress_console.print(
            "[bold red]A fault of the program, not of your input.[/] Please report the lines above.",
            soft_wrap=True,
        )
        sys.exit(FAULT)
