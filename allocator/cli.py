"""The command line: ``placements demo | template | check | allocate | verify | rules | policy | export``.

Exit codes: 0 proved, or within the gap asked for; 2 usage; 3 input unusable; 4 rules clash or (verify) violations;
5 stopped with a plan; 1 a fault of the program. Results go to stdout, progress to stderr.
"""

import json
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from allocator import console as show
from allocator.checker import check as judge
from allocator.names import read_names
from allocator.pipeline import allocate as run_allocation
from allocator.reading import Reading, policy_keys, read, read_plan, read_policy_toml, write_template
from allocator.reference import export as export_model
from allocator.report import write_report
from allocator.results import previous_plan, write_results
from allocator.rulebook import as_markdown
from models.catalogue import RULES
from models.errors import AllocationError, InputUnusableError, UsageError
from models.plan import CheckReport, Plan
from models.run import Limits

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich",
    help="Proposes placements for social-work students: checked, proved, explained. A named person decides.",
)  # fmt: skip
out_console = Console()
progress_console = Console(stderr=True)

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
    _allocate(Path(str(workbook)), out, {}, Limits(), None, as_json)


@app.command(epilog="Example: placements template my-partnership.xlsx --full")
def template(
    file: Annotated[Path, typer.Argument(help="Workbook to write.", show_default=False)],
    full: Annotated[
        bool, typer.Option("--full", help="Every sheet and column; otherwise the least: three sheets.")
    ] = False,
) -> None:
    """Write an empty workbook with drop-downs, notes and a filled example."""
    if file.exists():
        raise UsageError(f"{file} exists already; name another file, so that nothing is overwritten")
    write_template(file, "full" if full else "least")
    out_console.print(f"Wrote {file}. Fill it in Excel, then: placements check {file}")


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
    out_console.print(f"Usable: {len(reading.dataset.students)} students, {len(reading.dataset.requests)} requests, "
                      f"{len(reading.dataset.offers)} offers, {len(reading.dataset.educators)} educators.")  # fmt: skip


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
    """Judge any plan without a solver: every rule it breaks, and every tier. Exit 0 or 4."""
    reading = _read(workbook, settings, policy_file)
    judged, issues = read_plan(plan, reading.dataset, reading.policy)
    report = judge(reading.dataset, reading.policy, judged)
    if as_json:
        _print_json({"passed": report.passed, "check": report.model_dump(mode="json"), "issues": _dumped(issues)})
    else:
        _show_check(judged, report)
        if issues:
            out_console.print(show.issues_table(tuple(issues)))
    if not report.passed:
        raise typer.Exit(4)


@app.command(epilog="Example: placements rules L04")
def rules(
    rule: Annotated[str | None, typer.Argument(help="One rule, for example E04.", show_default=False)] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="The whole catalogue as a page.")] = False,
    as_json: AsJson = False,
) -> None:
    """The rule catalogue: statement, kind, basis, settings."""
    if markdown:
        typer.echo(as_markdown(), nl=False)
        return
    wanted = [r for r in RULES if rule is None or r.id.casefold() == rule.casefold()]
    if not wanted:
        raise UsageError(f"no rule {rule}; allowed: {', '.join(r.id for r in RULES)}")
    if as_json:
        _print_json({"rules": _dumped(wanted)})
        return
    table = Table(show_lines=True)
    for heading in ("id", "rule", "kind", "settings", "basis"):
        table.add_column(heading)
    for r in wanted:
        switch = f"rule.{r.id}" if r.switchable else ""
        table.add_row(r.id, f"[bold]{r.title}.[/] {r.statement}", r.kind, "\n".join([*r.settings, switch]), r.basis)
    out_console.print(table)


@app.command(epilog="Example: placements policy")
def policy(as_json: AsJson = False) -> None:
    """Every policy setting with default, unit, range and owning rule."""
    keys = policy_keys()
    if as_json:
        _print_json({"settings": [k._asdict() if hasattr(k, "_asdict") else k.model_dump(mode="json") for k in keys]})
        return
    table = Table()
    headings = ("setting", "default", "unit", "range", "rule", "meaning")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for key in keys:
        table.add_row(key.key, key.default, key.unit, key.range, key.rule, key.meaning)
    out_console.print(table)


@app.command(epilog="Example: placements export my-partnership.xlsx model.lp")
def export(
    workbook: Workbook,
    file: Annotated[Path, typer.Argument(help="Model to write: .lp or .mps.", show_default=False)],
    settings: Settings = None,
    policy_file: PolicyFile = None,
) -> None:
    """Write the textbook reference model, one binary per request, offer and PE, for any solver."""
    reading = _read(workbook, settings, policy_file)
    export_model(reading.dataset, reading.policy, file)
    out_console.print(f"Wrote {file}.")


# ---- shared ----------------------------------------------------------------------------------------------------
def _settings(settings: Iterable[str] | None, policy_file: Path | None) -> dict[str, str]:
    given = dict(read_policy_toml(policy_file)) if policy_file else {}
    for text in settings or ():
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--set {text}: write key=value, for example --set travel_limit=75")
        given[key.strip()] = value.strip()
    return given


def _read(workbook: Path, settings: Iterable[str] | None, policy_file: Path | None) -> Reading:
    return read(workbook, settings=_settings(settings, policy_file))


def _allocate(
    workbook: Path, out: Path, settings: dict[str, str], limits: Limits, names: Path | None, as_json: bool
) -> None:
    joined = read_names(names) if names else None
    with show.stoppable(progress_console) as stop, show.progress_bar(progress_console) as tell:
        reading = read(workbook, settings=settings)
        outcome = run_allocation(reading.dataset, reading.policy, limits=limits, progress=tell, stop=stop)
    before = previous_plan(out)
    written = [*write_results(out, outcome)]
    written += write_report(out, reading.dataset, reading.policy, outcome, names=joined, previous_plan=before)
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
        _show_issues_of_run(reading)
        out_console.print(show.plan_summary(reading.dataset, plan, outcome.check))
        solving, total = outcome.run.seconds.get("solve", 0), outcome.run.seconds["total"]
        main_files = ", ".join(p.name for p in written if p.parent == out)
        out_console.print(f"{total:.1f} s in all, {solving:.1f} s solving. Written to {out}: {main_files}, agencies/")
    if plan.clash is not None:
        raise typer.Exit(4)
    if plan.stopped is not None:
        raise typer.Exit(5)


def _show_issues_of_run(reading: Reading) -> None:
    shown = tuple(i for i in reading.issues if i.level != "warning")
    if shown:
        out_console.print(show.issues_table(shown))
    warnings = len(reading.issues) - len(shown)
    if warnings:
        out_console.print(f"[dim]{warnings} warnings: see them with 'placements check'.[/]")


def _show_check(plan: Plan, report: CheckReport) -> None:
    table = Table(title=f"Check of {len(plan.matches)} matches")
    for heading in ("rule", "who", "what"):
        table.add_column(heading, overflow="fold")
    for v in report.violations:
        table.add_row(v.rule, ", ".join(v.subjects), v.message)
    if report.violations:
        out_console.print(table)
    for v in report.kept_despite:
        out_console.print(f"[dim]kept despite {v.rule}: {v.message}[/]")
    for line in report.not_judged:
        out_console.print(f"[dim]not judged: {line}[/]")
    tiers = Table(title="Tiers, recomputed")
    tiers.add_column("tier")
    tiers.add_column("value", justify="right")
    for t in report.tiers:
        tiers.add_row(t.tier, str(t.value))
    out_console.print(tiers)
    verdict = "No rule is broken." if report.passed else f"{len(report.violations)} violations."
    out_console.print(f"[bold]{verdict}[/]")


def _dumped(records: Iterable[BaseModel]) -> list[dict[str, Any]]:
    return [r.model_dump(mode="json") for r in records]


def _print_json(content: dict[str, Any]) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False))


def main() -> None:
    """Entry point: maps errors to exit codes and messages."""
    try:
        app()
    except InputUnusableError as error:
        progress_console.print(show.issues_table(error.issues))
        progress_console.print("[bold red]The input cannot be used until the rows marked STOP are put right.[/]")
        raise SystemExit(error.exit_code) from None
    except AllocationError as error:
        progress_console.print(f"[bold red]{type(error).__name__}[/]: {error}", soft_wrap=True, markup=True)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
