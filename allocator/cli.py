"""The command line: ``placements demo | template | check | allocate | verify | rules | policy | export``.

Exit codes: 0 proved, or within the gap asked for; 2 usage; 3 input unusable; 4 rules clash or (verify) violations;
5 stopped with a plan; 1 a fault of the program. Results go to stdout, progress and errors to stderr.
"""

import io
import json
import sys
import traceback
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from allocator import console as show
from allocator.checker import check as judge
from allocator.intake import Reading, read
from allocator.names import read_names
from allocator.pipeline import allocate as run_allocation
from allocator.reading import write_back_ids, write_template
from allocator.reference import export as export_model
from allocator.report import DEVELOPING_TOGETHER, PublishedYear, write_report
from allocator.report.writing import AGENCIES, WORKBOOK
from allocator.results import previous_plan, usable_folder, write_results, written_plan
from allocator.rulebook import as_markdown
from allocator.settling import policy_keys, read_plan, read_policy_toml
from models.catalogue import RULES
from models.errors import AllocationError, InputUnusableError, Issue, UsageError
from models.policy import Policy
from models.run import Limits

out_console = Console()
progress_console = Console(stderr=True)
SHOWN_ASIDE = 10
"""Rows set aside that a run shows before its result; ``check`` and the report have them all."""


class _Commands(TyperGroup):
    """Maps the errors of every command to a message, an exit code and, with ``--json``, an object."""

    def invoke(self, ctx: Any) -> Any:
        as_json = "--json" in ctx.args
        try:
            return super().invoke(ctx)
        except AllocationError as error:
            raise typer.Exit(_report(error, as_json)) from error
        except OSError as error:
            named = UsageError(f"{error.filename or 'a file'} cannot be read or written: {error.strerror or error}")
            raise typer.Exit(_report(named, as_json)) from error


app = typer.Typer(
    cls=_Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich",
    help="Proposes placements for social-work students: checked, proved, explained. A named person decides.",
    epilog="Exit codes: 0 done and proved; 2 usage; 3 input unusable; 4 rules clash, or violations found; "
    "5 stopped with a plan; 1 fault. Example: placements demo",
)  # fmt: skip

Workbook = Annotated[
    Path, typer.Argument(help="A workbook (.xlsx), a folder of CSV files, or a JSON file.", show_default=False)
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="A policy setting, for example --set travel_limit=75 or --set rule.E04=off."),
]
PolicyFile = Annotated[Path | None, typer.Option("--policy", help="Policy settings in a TOML file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
OutFolder = Annotated[Path, typer.Option("--out", help="Folder for the result files.")]
NamesFile = Annotated[
    Path | None, typer.Option("--names", help="Local file of id, name, e-mail, joined only in the team's own report.")
]


@app.command(epilog="Example: placements demo --out results/demo")
def demo(out: OutFolder = Path("results/demo"), as_json: AsJson = False) -> None:
    """Allocate the demonstration partnership 'developing-together' and write its report."""
    workbook = files("allocator") / "demonstration" / "developing-together.xlsx"
    _allocate(Path(str(workbook)), out, {}, Limits(), None, as_json, DEVELOPING_TOGETHER)


@app.command(epilog="Example: placements template my-partnership.xlsx --full")
def template(
    file: Annotated[Path, typer.Argument(help="Workbook to write.", show_default=False)],
    full: Annotated[
        bool, typer.Option("--full", help="Every sheet and column; otherwise the least: three sheets.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write an empty workbook with drop-downs, notes and a filled example."""
    if file.suffix.casefold() != ".xlsx":
        raise UsageError(f"{file}: the name of a workbook must end in .xlsx")
    if file.exists():
        raise UsageError(f"{file} exists already; name another file, so that nothing is overwritten")
    write_template(file, "full" if full else "least")
    if as_json:
        _print_json({"files": [str(file)]})
    else:
        _say(f"Wrote {file}. Fill it in Excel, then: placements check {file}")


@app.command(epilog="Example: placements check my-partnership.xlsx")
def check(
    workbook: Workbook,
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Validate only: every problem at once, with sheet, row, column and remedy. Exit 0 usable, 3 not."""
    reading = _read(workbook, settings, policy_file)
    if as_json:
        _print_json({"usable": True, "issues": _dumped(reading.issues), "requests": len(reading.dataset.requests)})
        return
    out_console.print(show.issues_table(reading.issues))
    facts = reading.dataset
    _say(f"Usable: {len(facts.students)} students, {len(facts.requests)} requests, {len(facts.offers)} offers, "
         f"{len(facts.educators)} PEs.")  # fmt: skip


@app.command(epilog="Example: placements allocate my-partnership.xlsx --out results")
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
    limits = Limits(seconds=time_limit, work=work_limit, gap_percent=gap)
    _allocate(workbook, out, _settings(settings, policy_file), limits, names, as_json)


@app.command(epilog="Example: placements verify my-partnership.xlsx results/plan.json")
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
    written = written_plan(plan)
    as_of = written.policy.as_of if written else None  # a blank as_of is the plan's own day, not the day of the check
    reading = read(workbook, settings=_settings(settings, policy_file), today=as_of)
    judged, issues = read_plan(plan, reading.dataset, reading.policy)
    report = judge(reading.dataset, reading.policy, judged)
    unread = sum(i.level == "set_aside" for i in issues)
    differing = _differing_settings(written.policy, reading.policy) if written else ()
    if as_json:
        content = {"passed": report.passed, "rows_not_judged": unread, "settings_differ": differing}
        _print_json(content | {"check": report.model_dump(mode="json"), "issues": _dumped(issues)})
    else:
        if issues:
            out_console.print(show.issues_table(issues))
        for line in differing:
            out_console.print(f"[yellow]The plan was made with another setting: {line}. Give --set to judge it so.[/]")
        out_console.print(show.check_summary(judged, report))
        if unread:
            out_console.print(f"[yellow]{unread} of the plan's rows could not be read and were not judged.[/]")
    if not report.passed:
        raise typer.Exit(4)
    if unread:
        raise typer.Exit(3)


def _differing_settings(made: Policy, here: Policy) -> tuple[str, ...]:
    """Settings that a plan was made with and that are not in force here."""
    theirs, ours = made.model_dump(mode="json"), here.model_dump(mode="json")
    return tuple(f"{key} = {theirs[key]} (here {ours[key]})" for key in theirs if theirs[key] != ours[key])


@app.command(epilog="Example: placements rules L04")
def rules(
    rule: Annotated[str | None, typer.Argument(help="One rule, for example E04.", show_default=False)] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="The whole catalogue as a page.")] = False,
    as_json: AsJson = False,
) -> None:
    """The rule catalogue: statement, kind, basis, settings."""
    if markdown and (as_json or rule):
        raise UsageError("--markdown writes the whole catalogue as a page: leave out --json and the rule")
    if markdown:
        typer.echo(as_markdown(), nl=False)
        return
    wanted = [r for r in RULES if rule is None or r.id.casefold() == rule.casefold()]
    if not wanted:
        raise UsageError(f"no rule {rule}; allowed: {', '.join(r.id for r in RULES)}")
    if as_json:
        _print_json({"rules": _dumped(wanted)})
    else:
        out_console.print(show.rules_table(wanted))


@app.command(epilog="Example: placements policy")
def policy(as_json: AsJson = False) -> None:
    """Every policy setting with default, unit, range and owning rule."""
    keys = policy_keys()
    if as_json:
        _print_json({"settings": _dumped(keys)})
    else:
        out_console.print(show.policy_table(keys))


@app.command(epilog="Example: placements export my-partnership.xlsx model.lp")
def export(
    workbook: Workbook,
    file: Annotated[Path, typer.Argument(help="Model to write: .lp or .mps.", show_default=False)],
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Write the textbook reference model, one binary per request, offer and PE, for any solver."""
    reading = _read(workbook, settings, policy_file)
    export_model(reading.dataset, reading.policy, file)
    if as_json:
        _print_json({"files": [str(file)]})
    else:
        _say(f"Wrote {file}.")


# ---- shared ----------------------------------------------------------------------------------------------------
def _settings(settings: Iterable[str] | None, policy_file: Path | None) -> dict[str, str]:
    given = dict(read_policy_toml(policy_file)) if policy_file else {}
    twice: dict[str, str] = {}
    for text in settings or ():
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--set {text}: write key=value, for example --set travel_limit=75")
        if twice.setdefault(key.strip().casefold(), value.strip()) != value.strip():
            raise UsageError(f"--set {key.strip()} is given twice with different values: keep one of them")
        given[key.strip()] = value.strip()
    return given


def _read(workbook: Path, settings: Iterable[str] | None, policy_file: Path | None) -> Reading:
    return read(workbook, settings=_settings(settings, policy_file))


def _allocate(
    workbook: Path, out: Path, settings: dict[str, str], limits: Limits, names: Path | None, as_json: bool,
    published_years: Sequence[PublishedYear] = (),
) -> None:  # fmt: skip
    joined = read_names(names) if names else None
    usable_folder(out)
    with show.stoppable(progress_console) as stop, show.run_bar(progress_console) as bar:
        reading = read(workbook, settings=settings)
        before = previous_plan(out)
        outcome = run_allocation(
            reading.dataset, reading.policy, limits=limits, progress=bar.tell, stop=stop,
            keep=lambda better: write_results(out, better),
        )  # fmt: skip
        bar.say("writing the report")
        written = [*write_results(out, outcome)]
        try:
            written += write_report(
                out, reading.dataset, reading.policy, outcome, joined, previous_plan=before,
                published_years=published_years, issues=reading.issues,
            )  # fmt: skip
            with_ids = write_back_ids(workbook, out, reading.numbered)
        except UsageError as error:
            raise UsageError(
                f"{error}. The plan itself is written: plan.json, check.json and run.json in {out}"
            ) from error
        written += [with_ids] if with_ids else []
    plan = outcome.plan
    if as_json:
        _print_json(
            {
                "plan": plan.model_dump(mode="json"), "run": outcome.run.model_dump(mode="json"),
                "check": outcome.check.model_dump(mode="json"), "files": [str(p) for p in written],
                "issues": _dumped(reading.issues),
            }
        )  # fmt: skip
    else:
        _show_issues_of_run(reading.issues)
        out_console.print(show.plan_summary(reading.dataset, plan, outcome.check))
        report = next(p.name for p in written if p.parent == out and p.suffix == ".xlsx")
        forms = "agencies (a form each), " if any(p.parent.name == AGENCIES for p in written) else ""
        _say(f"Allocated in {outcome.run.seconds['total']:.1f} s. Written to {out}: {report} (for the meeting), "
             f"summary.html (one page), {forms}plan.json, check.json, run.json.")  # fmt: skip
        if report != WORKBOOK:
            _say(f"{WORKBOOK} there is open or damaged and was left alone; the new one is '{report}'.")
        if with_ids:
            _say(f"Rows without an id were numbered: go on with '{with_ids.name}' there, which has the ids.")
    if plan.clash is not None:
        raise typer.Exit(4)
    if plan.stopped is not None:
        raise typer.Exit(5)


def _show_issues_of_run(issues: Iterable[Issue]) -> None:
    """What was set aside in full, warnings as a number."""
    aside = [i for i in issues if i.level != "warning"]
    warnings = [i for i in issues if i.level == "warning"]
    if aside:
        out_console.print(show.issues_table(aside[:SHOWN_ASIDE]))
    if len(aside) > SHOWN_ASIDE:
        out_console.print(f"[dim]{len(aside)} set aside in all: see 'placements check'.[/]")
    if warnings:
        out_console.print(f"[dim]{show.counted(warnings)} about the input: see 'placements check'.[/]")


def _say(sentence: str) -> None:
    out_console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def _dumped(records: Iterable[BaseModel]) -> list[dict[str, Any]]:
    return [r.model_dump(mode="json") for r in records]


def _print_json(content: dict[str, Any]) -> None:
    typer.echo(json.dumps(content))


def _report(error: AllocationError, as_json: bool) -> int:
    """Say what is wrong on stderr, and with ``--json`` on stdout too; returns the exit code."""
    issues = error.issues if isinstance(error, InputUnusableError) else ()
    if issues:
        progress_console.print(show.issues_table(issues))
        progress_console.print("[bold red]The input cannot be used until what is marked STOP is put right.[/]")
    else:
        fault = "A fault of the program, not of your input: " if error.exit_code == 1 else ""
        progress_console.print(f"[bold red]{fault}[/]{escape(str(error))}", soft_wrap=True, highlight=False)
    if as_json:
        failed = {"error": str(error), "exit_code": error.exit_code, "issues": _dumped(issues)}
        _print_json({"usable": False} | failed if error.exit_code == 3 else failed)
    return error.exit_code


def main() -> None:
    """Entry point. What no command expects is a fault of the program: traceback, short message, exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may not know every letter of a sheet
    try:
        app()
    except Exception:
        traceback.print_exc()
        progress_console.print(
            "[bold red]A fault of the program, not of your input.[/] Please report the lines above.",
            soft_wrap=True,
        )
        raise SystemExit(1) from None
