"""``placements template | check``: an empty workbook, and what is wrong with one that is filled in."""

from pathlib import Path
from typing import Annotated

import typer

from allocator.commands.interrupting import tidied
from allocator.commands.options import AsJson, PolicyFile, Settings, Workbook, settings_of
from allocator.commands.printing import dumped, out_console, print_json, say

group = typer.Typer()


@group.command(epilog="Example: placements template my-partnership.xlsx --full")
def template(
    file: Annotated[Path, typer.Argument(help="Workbook to write.", show_default=False)],
    full: Annotated[
        bool, typer.Option("--full", help="Every sheet and column; otherwise the least: three sheets.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write an empty workbook with drop-downs, notes and a filled example."""
    from allocator.begun import folder_made
    from allocator.files import check_folder, whole
    from allocator.reading import write_template
    from models.errors import UsageError

    if file.suffix.casefold() != ".xlsx":
        raise UsageError(f"{file}: the name of a workbook must end in .xlsx")
    if file.exists():
        raise UsageError(f"{file} exists already; name another file, so that nothing is overwritten")
    check_folder(file)
    with tidied(), folder_made(file.parent), whole(file) as partial:
        write_template(partial, "full" if full else "least")
    if as_json:
        print_json({"files": [str(file)]})
    else:
        say(f"Wrote {file}. Fill it in Excel, then: placements check {file}")


@group.command(epilog="Example: placements check my-partnership.xlsx")
def check(
    workbook: Workbook,
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Validate only: every problem at once, with sheet, row, column and remedy. Exit 0 usable, 3 not."""
    from allocator.commands.tables import issues_table
    from allocator.intake import read

    reading = read(workbook, settings=settings_of(settings, policy_file))
    if as_json:
        print_json({"usable": True, "issues": dumped(reading.issues), "requests": len(reading.dataset.requests)})
        return
    out_console.print(issues_table(reading.issues))
    facts = reading.dataset
    say(f"Usable: {len(facts.students)} students, {len(facts.requests)} requests, {len(facts.offers)} offers, "
        f"{len(facts.educators)} PEs.")  # fmt: skip
