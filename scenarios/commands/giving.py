"""What every command with answers does with them at its end: shown or printed as JSON, written, and how it exits."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from allocator.commands.printing import out_console, print_json, say
from allocator.commands.statuses import STOPPED

if TYPE_CHECKING:
    from scenarios.answers import Answer


def give(title: str, answers: "Sequence[Answer]", out: Path | None, as_json: bool, *, stopped: bool = False) -> None:
    """Show answers, and write them where a folder is named.

    Parameters
    ----------
    title
        Of page and workbook.
    answers
        In their order.
    out
        The folder; None: nothing is written.
    as_json
        Print one object instead.
    stopped
        Whether the work was stopped, so that something was not looked at.

    Raises
    ------
    typer.Exit
        It was stopped, or not everything is proved.
    """
    from scenarios.report.terminal import shown
    from scenarios.report.writing import write_answers

    files = write_answers(out, title, answers) if out else ()
    if as_json:
        print_json({"answers": [a.model_dump(mode="json") for a in answers], "files": [str(p) for p in files]})
    else:
        for answer in answers:
            out_console.print(shown(answer, with_base=False))
        if files:
            say(f"Written to {out}: {', '.join(p.name for p in files)}.")
    if stopped or not all(a.closed for a in answers):
        raise typer.Exit(STOPPED)
