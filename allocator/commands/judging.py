"""``placements verify | export``: any plan judged without a solver, and the reference model for any solver."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from allocator.commands.interrupting import tidied
from allocator.commands.options import AsJson, PolicyFile, Settings, Workbook, settings_of
from allocator.commands.printing import dumped, out_console, print_json, say
from allocator.commands.statuses import BROKEN, UNUSABLE

if TYPE_CHECKING:
    from models.errors import Issue
    from models.plan import CheckReport

group = typer.Typer()


@group.command(epilog="Example: placements verify my-partnership.xlsx results/plan.json")
def verify(
    workbook: Workbook,
    plan: Annotated[
        Path,
        typer.Argument(help="plan.json, or a sheet of student, stage, offer, PE made by hand.", show_default=False),
    ],
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Judge any plan without a solver: every rule it breaks, and every tier. Exit 0, 4, or 3 if a row is unreadable."""
    from allocator.verifying import judge

    judged, report, issues, unread, differing = judge(workbook, plan, settings_of(settings, policy_file))
    told = Told(len(judged.matches), judged.policy.preference_order, report, issues, unread, differing)
    show_verdict(told, as_json)


class Told(NamedTuple):
    """What is told of a plan that was judged, here or by a service."""

    matches: int
    preference_order: str
    report: "CheckReport"
    issues: "Sequence[Issue]"
    unread: int
    differing: "Sequence[str]"


def show_verdict(told: Told, as_json: bool) -> None:
    """Print what the checker found, and end with the exit status of it.

    Raises
    ------
    typer.Exit
        A rule is broken, or a row was not judged.
    """
    from allocator.commands.tables import check_summary, issues_table

    if as_json:
        passed = told.report.passed
        content = {"passed": passed, "rows_not_judged": told.unread, "settings_differ": list(told.differing)}
        print_json(content | {"check": told.report.model_dump(mode="json"), "issues": dumped(told.issues)})
    else:
        if told.issues:
            out_console.print(issues_table(told.issues))
        for line in told.differing:
            out_console.print(f"[yellow]The plan was made with another setting: {line}. Give --set to judge it so.[/]")
        out_console.print(check_summary(told.matches, told.preference_order, told.report))
        if told.unread:
            out_console.print(f"[yellow]{told.unread} of the plan's rows could not be read and were not judged.[/]")
    if not told.report.passed:
        raise typer.Exit(BROKEN)
    if told.unread:
        raise typer.Exit(UNUSABLE)


@group.command(epilog="Example: placements export my-partnership.xlsx model.lp")
def export(
    workbook: Workbook,
    file: Annotated[Path, typer.Argument(help="Model to write: .lp or .mps.", show_default=False)],
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Write the textbook reference model, one binary per request, offer and PE, for any solver."""
    from allocator.begun import folder_made
    from allocator.files import check_folder
    from allocator.intake import read
    from allocator.reference import export as export_model

    check_folder(file)

    reading = read(workbook, settings=settings_of(settings, policy_file))
    with tidied(), folder_made(file.parent):
        export_model(reading.dataset, reading.policy, file)
    if as_json:
        print_json({"files": [str(file)]})
    else:
        say(f"Wrote {file}.")
