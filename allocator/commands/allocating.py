"""``placements demo | allocate``: a run into a folder, shown while it works and when it is done."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from allocator.commands.options import AsJson, NamesFile, OutFolder, PolicyFile, Settings, Workbook, settings_of
from allocator.commands.printing import dumped, out_console, print_json, progress_console, say
from allocator.commands.statuses import BROKEN, STOPPED, USAGE
from allocator.demonstrations import demonstrations

if TYPE_CHECKING:
    from allocator.runs import FolderRun
    from models.errors import Issue
    from models.run import Limits

SHOWN_UNUSED = 10
"""Problems by which something is not used that a run shows before its result; ``check`` and the report have all."""
group = typer.Typer()


@group.command(epilog="Example: placements demo --out results/demo")
def demo(
    name: Annotated[
        str, typer.Argument(help="Which partnership; an unknown one is answered with all.")
    ] = "developing-together",
    out: OutFolder = Path("results/demo"),
    as_json: AsJson = False,
) -> None:
    """Allocate a demonstration partnership and write its report."""
    from models.run import Limits

    known = demonstrations()
    if name not in known:
        raise typer.BadParameter(f"no demonstration '{name}'. Allowed: {', '.join(known)}.", param_hint="NAME")
    _run(known[name], out, {}, Limits(), None, as_json)


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
    workbook: Path, out: Path, settings: dict[str, str], limits: "Limits", names: Path | None, as_json: bool
) -> None:
    from allocator.commands.progress import followed
    from allocator.commands.resolving import show_ways_out
    from allocator.reading.reader import read_register
    from allocator.runs import run_into_folder

    with followed(progress_console) as (tell, stop):
        done = run_into_folder(workbook, out, settings=settings, limits=limits, names=names, progress=tell, stop=stop)
    plan = done.outcome.plan
    if as_json:
        print_json(
            {
                "plan": plan.model_dump(mode="json"), "run": done.outcome.run.model_dump(mode="json"),
                "check": done.outcome.check.model_dump(mode="json"), "files": [str(p) for p in done.files],
                "not_written": [str(p) for p, _ in done.unwritten], "nameless": list(done.nameless),
                "issues": dumped(done.reading.issues),
            }
        )  # fmt: skip
    else:
        _show(done, out)
        if plan.clash is not None:
            show_ways_out(read_register(workbook), done.reading, plan.clash, settings)
    if done.unwritten:
        raise typer.Exit(USAGE)
    if plan.clash is not None:
        raise typer.Exit(BROKEN)
    if plan.stopped is not None:
        raise typer.Exit(STOPPED)


def _show(done: "FolderRun", out: Path) -> None:
    """What came out, and where it was written."""
    from allocator.commands.tables import plan_summary
    from allocator.results import PLAN

    _show_issues(done.reading.issues)
    out_console.print(plan_summary(done.reading.dataset, done.outcome.plan, done.outcome.check))
    done_in = "Allocated in" if done.outcome.plan.clash is None else "No plan after"
    say(f"{done_in} {done.outcome.run.seconds['total']:.1f} s. Written to {out}: {_named(done)}.")
    if done.outcome.plan.clash is not None and (out / PLAN).exists():
        say("Plan, report and forms there are those of the run before, and were left alone.")
    for line in _remarks(done):
        say(line)
    if done.unwritten:
        names = ", ".join(f"{_under(path, out)} ({why})" for path, why in done.unwritten)
        progress_console.print(
            f"[bold red]Not written, and still as before:[/] {escape(names)}. Close what is open, then run again.",
            soft_wrap=True, highlight=False,
        )  # fmt: skip


def _under(path: Path, out: Path) -> str:
    return str(path.relative_to(out))


def _named(done: "FolderRun") -> str:
    """The files of a run, each once and the forms together."""
    from allocator.report.writing import AGENCIES, SUMMARY, WORKBOOK, is_aside

    forms = [p for p in done.files if p.parent.name == AGENCIES]
    plain = [p for p in done.files if p not in forms and p != done.with_ids and not is_aside(p)]
    names = [f"{p.name} (for the meeting)" for p in plain if p.suffix == Path(WORKBOOK).suffix]
    names += [f"{p.name} (one page)" for p in plain if p.name == SUMMARY]
    names += [f"{AGENCIES} (a form each)"] if forms else []
    names += [p.name for p in plain if p.suffix in {".json", ".txt"}]
    return ", ".join(names)


def _remarks(done: "FolderRun") -> list[str]:
    """What became of files that were there before, and of rows without an id."""
    from allocator.report.notes import read_notes
    from allocator.report.writing import WORKBOOK, is_aside
    from allocator.views.students import NOTES_COLUMN, REQUEST_COLUMN

    remarks = ([better] if (better := _better_before(done)) else []) + list(done.nameless)
    for path in done.files:
        if is_aside(path):
            notes = (
                "Its notes are in the new one; columns, colours, comments and sheets that were added are in the kept "
                "one alone."
                if read_notes(path)
                else f"No sheet of it has the headings {REQUEST_COLUMN} and {NOTES_COLUMN}, so that its notes are in "
                "the kept one alone: give the headings their names, save it as report.xlsx, and run again."
            )
            remarks.append(f"{WORKBOOK} had been worked on: it is kept as '{path.name}'. {notes}")
        elif path.name.startswith("report (") and path != done.with_ids:
            remarks.append(f"{WORKBOOK} there is open or damaged and was left alone; the new one is '{path.name}'.")
    if done.with_ids:
        remarks.append(f"Rows without an id were numbered: go on with '{done.with_ids.name}' there, which has the ids.")
    return remarks


def _better_before(done: "FolderRun") -> str | None:
    """That a run which was stopped replaced a better plan of the same input; None where it did not."""
    from allocator.views.words import tier_words

    before, plan = done.before, done.outcome.plan
    if before is None or before.check is None or plan.clash is not None:
        return None
    if (before.plan.dataset_digest, before.plan.policy_digest) != (plan.dataset_digest, plan.policy_digest):
        return None
    for old, new in zip(before.check.tiers, done.outcome.check.tiers, strict=True):
        if old.value != new.value:
            tier = tier_words(old.tier, plan.policy.preference_order)
            better = (old.value > new.value) == (old.sense == "max")
            return (
                f"The plan that was there before, of the same input, was better ({tier}: {old.value}, now {new.value}) "
                "and was replaced: run again without a limit to have it back."
            ) if better else None  # fmt: skip
    return None


def _show_issues(issues: "Iterable[Issue]") -> None:
    """What is not used or in doubt, with where, why and what to do; the other warnings as a number."""
    from allocator.commands.tables import counted, issues_table
    from allocator.reading.codes import shown_with_plan

    shown, others = shown_with_plan(issues)
    if shown:
        out_console.print(issues_table(shown, SHOWN_UNUSED))
    if others:
        more = f"And {counted(others)}" if shown else counted(others)
        out_console.print(f"[dim]{more} about the input: see 'placements check'.[/]")
