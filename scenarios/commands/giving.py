"""What every command with answers does with them at its end: shown or printed as JSON, written, and how it exits."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from allocator.commands.interrupting import tidied
from allocator.commands.printing import out_console, print_json, progress_console, say
from allocator.commands.statuses import BROKEN, FAULT, STOPPED, UNUSABLE

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
        Not everything is done and proved.
    """
    from scenarios.report.terminal import shown
    from scenarios.report.writing import write_answers

    with tidied():
        files = write_answers(out, title, answers) if out else ()
    if as_json:
        print_json({"answers": [a.model_dump(mode="json") for a in answers], "files": [str(p) for p in files]})
    else:
        for answer in answers:
            out_console.print(shown(answer, with_base=False))
        if files:
            say(f"Written to {out}: {', '.join(p.name for p in files)}.")
    end(answers, stopped=stopped)


def end(answers: "Sequence[Answer]", *, stopped: bool = False, unusable: bool = False) -> None:
    """Exit as the answers deserve; what is worst counts: a fault, what cannot be used, a clash, what is not proved.

    Parameters
    ----------
    answers
        Faults are said, too.
    stopped
        Whether the work was stopped.
    unusable
        Whether an input could not be read.

    Raises
    ------
    typer.Exit
        Something is not done and proved.
    """
    faults = [fault for answer in answers for fault in answer.faults]
    for fault in faults:
        progress_console.print(fault, style="bold red", markup=False, highlight=False, soft_wrap=True)
    statuses = (
        (FAULT, bool(faults)),
        (UNUSABLE, unusable or any(a.failing for a in answers)),
        (BROKEN, any(a.clashing for a in answers)),
        (STOPPED, stopped or not all(a.closed for a in answers)),
    )
    found = next((status for status, holds in statuses if holds), None)
    if found is not None:
        raise typer.Exit(found)
