"""``placements demo | allocate``: a run into a folder, shown while it works and when it is done."""

from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allocator.commands.options import AsJson, NamesFile, OutFolder, PolicyFile, Settings, Workbook, settings_of
from allocator.commands.printing import dumped, out_console, print_json, progress_console, say
from allocator.commands.statuses import BROKEN, STOPPED

if TYPE_CHECKING:
    from allocator.runs import FolderRun
    from allocator.views.published import PublishedYear
    from models.errors import Issue
    from models.run import Limits

SHOWN_ASIDE = 10
"""Rows set aside that a run shows before its result; ``check`` and the report have them all."""
group = typer.Typer()


@group.command(epilog="Example: placements demo --out results/demo")
def demo(out: OutFolder = Path("results/demo"), as_json: AsJson = False) -> None:
    """Allocate the demonstration partnership 'developing-together' and write its report."""
    from allocator.views.published import DEVELOPING_TOGETHER
    from models.run import Limits

    workbook = files("allocator") / "demonstration" / "developing-together.xlsx"
    _run(Path(str(workbook)), out, {}, Limits(), None, as_json, DEVELOPING_TOGETHER)


@group.command(epilog="Example: placements allocate my-partnership.xlsx --out results")
def allocate(
    workbook: Workbook,
    out: OutFolder = Path("results"),
    settings: Settings = None,
    policy_file: PolicyFile = None,
    time_limit: Annotated[float | None, typer.Option(min=0, help="Seconds; stops with the best plan so far.")] = None,
    work_limit: Annotated[
        int | None, typer.Option(min=0, help="Counted solver work; the same limit gives the same plan.")
    ] = None,
    gap: Annotated[
        float, typer.Option(min=0, max=100, help="Per cent within which a tier is good enough (0: proved).")
    ] = 0.0,
    names: NamesFile = None,
    as_json: AsJson = False,
) -> None:
    """Propose a plan and write it with its report. Ctrl-C stops with the best plan so far."""
    from models.run import Limits

    limits = Limits(seconds=time_limit, work=work_limit, gap_percent=gap)
    _run(workbook, out, settings_of(settings, policy_file), limits, names, as_json)


def _run(
    workbook: Path, out: Path, settings: dict[str, str], limits: "Limits", names: Path | None, as_json: bool,
    published_years: "Sequence[PublishedYear]" = (),
) -> None:  # fmt: skip
    from allocator.commands.progress import followed
    from allocator.runs import run_into_folder

    with followed(progress_console) as (tell, stop):
        done = run_into_folder(
            workbook, out, settings=settings, limits=limits, names=names, published_years=published_years,
            progress=tell, stop=stop,
        )  # fmt: skip
    plan = done.outcome.plan
    if as_json:
        print_json(
            {
                "plan": plan.model_dump(mode="json"), "run": done.outcome.run.model_dump(mode="json"),
                "check": done.outcome.check.model_dump(mode="json"), "files": [str(p) for p in done.files],
                "issues": dumped(done.reading.issues),
            }
        )  # fmt: skip
    else:
        _show(done, out)
    if plan.clash is not None:
        raise typer.Exit(BROKEN)
    if plan.stopped is not None:
        raise typer.Exit(STOPPED)


def _show(done: "FolderRun", out: Path) -> None:
    """What came out, and where it was written."""
    from allocator.commands.tables import plan_summary
    from allocator.report.writing import AGENCIES, WORKBOOK

    _show_issues(done.reading.issues)
    out_console.print(plan_summary(done.reading.dataset, done.outcome.plan, done.outcome.check))
    forms = "agencies (a form each), " if any(p.parent.name == AGENCIES for p in done.files) else ""
    say(f"Allocated in {done.outcome.run.seconds['total']:.1f} s. Written to {out}: {done.report.name} (for the "
        f"meeting), summary.html (one page), {forms}plan.json, check.json, run.json.")  # fmt: skip
    if done.report.name != WORKBOOK:
        say(f"{WORKBOOK} there is open or damaged and was left alone; the new one is '{done.report.name}'.")
    if done.with_ids:
        say(f"Rows without an id were numbered: go on with '{done.with_ids.name}' there, which has the ids.")


def _show_issues(issues: "Iterable[Issue]") -> None:
    """What was set aside in full, warnings as a number."""
    from allocator.commands.tables import counted, issues_table

    issues = list(issues)
    aside = [i for i in issues if i.level != "warning"]
    warnings = [i for i in issues if i.level == "warning"]
    if aside:
        out_console.print(issues_table(aside[:SHOWN_ASIDE]))
    if len(aside) > SHOWN_ASIDE:
        out_console.print(f"[dim]{len(aside)} set aside in all: see 'placements check'.[/]")
    if warnings:
        out_console.print(f"[dim]{counted(warnings)} about the input: see 'placements check'.[/]")
