"""``placements publish | versions``: a plan becomes the one in force, and which ones were."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allocator.commands.interrupting import tidied
from allocator.commands.options import AsJson, NextFile, PolicyFile, Settings, Workbook, settings_of
from allocator.commands.printing import dumped, out_console, print_json, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from allocator.lifecycle.published_files import PublishedFiles
    from models.errors import Issue
    from models.versions import Version

group = typer.Typer()


@group.command(epilog="Example: placements publish results my-partnership.xlsx --by LM")
def publish(
    results: Annotated[Path, typer.Argument(help="The folder of results with the plan.", show_default=False)],
    workbook: Workbook,
    by: Annotated[str, typer.Option("--by", help="Who publishes: initials or a role.", show_default=False)],
    out: NextFile = None,
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Put a checked plan in force: the next workbook, in which it is published, and a version that stays as it is."""
    from datetime import date

    from allocator.lifecycle.published_files import publish_files

    given = settings_of(settings, policy_file)
    with tidied():
        done = publish_files(results, workbook, by=by, on=date.today(), settings=given, target=out)
    if as_json:
        print_json(_as_json(done))
    else:
        _show(done)


def _as_json(done: "PublishedFiles") -> dict[str, object]:
    what = done.publication
    return {
        "version": what.version.model_dump(mode="json"), "files": [str(done.target), str(done.folder)],
        "changes": dumped(what.changes), "cleared": [c._asdict() for c in what.cleared], "lost": list(what.lost),
        "unlocked": list(what.unlocked), "left_out": list(done.left_out),
    }  # fmt: skip


def _show(done: "PublishedFiles") -> None:
    from allocator.commands.tables import published_table

    what = done.publication
    said = {cleared.request: cleared.said for cleared in what.cleared}
    changes = [change for change in what.changes if change.kind != "newly_placed" or change.request in said]
    if changes or said:
        out_console.print(published_table(changes, said))
    for request in what.lost:
        say(f"{request}: its published place is gone, and there is no other. Its row stays, so that it comes first.")
    if what.unlocked:
        say(f"Unlocked no longer, since this plan was made with it: {', '.join(what.unlocked)}.")
    for text in done.left_out:
        say(f"Not carried over, or in another form: {text}.")
    say_in_force(what.version)
    say(f"Go on with {done.target}; the plan stays as it is in {done.folder}.")


def say_in_force(version: "Version") -> None:
    """Say what a version that is in force now is worth, and what is new in it."""
    say(
        f"Version {version.version} is in force: {version.placed} of {version.of} requests have a place; "
        f"{version.proved} of {version.tiers} tiers proved. Since what was published before: {version.changes}."
    )


@group.command(epilog="Example: placements versions my-partnership.xlsx")
def versions(workbook: Workbook, as_json: AsJson = False) -> None:
    """The plans that were published, the one in force last: when, by whom, what each was worth, what was new in it."""
    from allocator.intake import read

    reading = read(workbook)
    aside = [issue for issue in reading.issues if issue.sheet == "Versions" and issue.level == "set_aside"]
    show_versions(reading.dataset.versions, as_json, aside)


def show_versions(found: "Sequence[Version]", as_json: bool, aside: "Sequence[Issue]" = ()) -> None:
    """Show the plans that were published, the one in force last; before them rows that could not be read."""
    from allocator.commands.tables import issues_table, versions_table

    if as_json:
        print_json({"versions": dumped(found), "issues": dumped(aside)})
        return
    if aside:
        out_console.print(issues_table(aside))
    if found:
        out_console.print(versions_table(found))
        say(f"Version {found[-1].version} is in force.")
    elif not aside:
        say("No plan was published yet: placements publish RESULTS WORKBOOK --by INITIALS")
