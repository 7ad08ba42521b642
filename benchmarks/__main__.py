"""``python -m benchmarks``: the engine beside others, outside checks, the demonstration partnership, baselines.

Modules that load solvers are imported by the command that needs them.
"""

# ruff: noqa: PLC0415

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from allocator.commands.statuses import status_of
from models.errors import AllocationError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="The engine beside other methods, outside checks, the demonstration partnership, and baselines.",
)
StudyFile = Annotated[Path | None, typer.Option("--file", help="JSON lines; default benchmarks/study.jsonl.")]


@app.command()
def run(
    size: Annotated[str, typer.Option(help="tiny, tp, region, england, ...; an unknown one is answered with all.")],
    method: Annotated[str, typer.Option(help="engine, greedy, ...; an unknown one is answered with all.")],
    limit: Annotated[float, typer.Option(help="Seconds that the method may work.", min=0.1)] = 60,
    seed: Annotated[int, typer.Option(help="Seed of the input.", min=0)] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="The whole record as one JSON object.")] = False,
) -> None:
    """Make one run, in a process of its own.

    Example: python -m benchmarks run --size tp --method engine --limit 60 --json
    """
    from benchmarks import runs
    from benchmarks.registry import names
    from benchmarks.study import told

    try:
        if method not in names():
            raise typer.BadParameter(f"no method {method}; allowed: {', '.join(names())}", param_hint="--method")
        line = runs.run(runs.Order(size, method, limit, seed))
    except AllocationError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(status_of(error.code)) from None
    print(json.dumps(line) if as_json else told(line))
    raise typer.Exit(1 if line["status"] == "failed" else 0)


@app.command()
def study(
    file: StudyFile = None,
    size: Annotated[
        list[str] | None, typer.Option(help="Only these sizes, or families of any size; may be given several times.")
    ] = None,
    method: Annotated[list[str] | None, typer.Option(help="Only these methods; may be given several times.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the inputs.", min=0)] = 1,
) -> None:
    """Make the runs of the study that the file does not have yet; stop it at any time and start it again.

    Example: python -m benchmarks study --size tp
    """
    from benchmarks.families import family_of
    from benchmarks.study import SPECS, STUDY
    from benchmarks.study import study as make

    def is_meant(name: str) -> bool:
        found = family_of(name)
        return not size or name in size or (found is not None and found[0] in size)

    wanted = [spec for spec in SPECS if is_meant(spec.size) and (not method or spec.method in method)]
    if not wanted:
        print("no run of the study is of these sizes and methods", file=sys.stderr)
        raise typer.Exit(2)
    try:
        made = make(file or STUDY, lambda line: print(line, flush=True), wanted, seed)
    except AllocationError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(status_of(error.code)) from None
    print(f"{made} runs made")


@app.command()
def report(
    file: StudyFile = None,
    page: Annotated[Path | None, typer.Option(help="The page; default benchmarks/README.md.")] = None,
) -> None:
    """Put the tables of a study into the page, between its two marks, and draw the plots beside it.

    Example: python -m benchmarks report
    """
    from benchmarks.reporting import PAGE, write_page
    from benchmarks.study import STUDY
    from scenarios.batch.lines import read_lines

    lines = read_lines(file or STUDY)
    if not lines:
        print(f"{file or STUDY} holds no runs: python -m benchmarks study", file=sys.stderr)
        raise typer.Exit(2)
    try:
        written = write_page(lines, page or PAGE)
    except AllocationError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(status_of(error.code)) from None
    for path in written:
        print(f"wrote {path}")


@app.command()
def peers(
    python: Annotated[str | None, typer.Option(help="The Python to make it with; default the one that runs.")] = None,
) -> None:
    """Make the environment of the peers from the package index: matching, matchingproblems, timefold.

    Example: python -m benchmarks peers
    """
    from benchmarks.talking import install

    try:
        print(f"installed: {install(python)}")
    except AllocationError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(status_of(error.code)) from None


@app.command()
def spa(
    folders: Annotated[list[Path], typer.Argument(exists=True, file_okay=False, help="Folders of instances (*.txt).")],
) -> None:
    """Compare the engine with public instances whose optima are known.

    Example: python -m benchmarks spa instances/spa instances/hr

    Prints a row per instance and measure; exit code 1 on any mismatch, 2 where a folder holds no instances.
    """
    from benchmarks.spa import report

    raise typer.Exit(report(folders, lambda line: print(line, flush=True)))


@app.command()
def demonstration(
    out: Annotated[Path, typer.Option(help="The workbook to write.")],
    name: Annotated[
        str, typer.Option(help="Which partnership; an unknown one is answered with all.")
    ] = "developing-together",
    seed: Annotated[int, typer.Option(help="The same seed gives the same workbook.", min=0)] = 1,
    scale: Annotated[float, typer.Option(help="1: the partnership's own size.", min=0.1, max=100)] = 1.0,
    without: Annotated[
        list[str] | None,
        typer.Option(help="What takes places and is taken away, such as 'Step Up'; may be given several times."),
    ] = None,
) -> None:
    """Write a demonstration partnership as a workbook.

    Example: python -m benchmarks demonstration --name january-2022 --without ASYE --out without-asye.xlsx
    """
    from benchmarks.demonstration import CAUSES, PARTNERSHIPS, write

    if name not in PARTNERSHIPS:
        raise typer.BadParameter(f"no partnership {name}; allowed: {', '.join(PARTNERSHIPS)}", param_hint="--name")
    if unknown := [cause for cause in without or () if cause not in CAUSES]:
        raise typer.BadParameter(f"{', '.join(unknown)}; allowed: {', '.join(CAUSES)}", param_hint="--without")
    write(out, seed, scale, name, tuple(without or ()))
    print(f"wrote {out} ({name}, seed {seed}, scale {scale:g})")


@app.command()
def demonstrations(
    page: Annotated[Path | None, typer.Option(help="The page; default README.md.")] = None,
) -> None:
    """Solve the demonstrations and put their tables into the README, between its two marks; takes minutes.

    Example: python -m benchmarks demonstrations
    """
    from benchmarks.showing import PAGE, write_page

    try:
        write_page(page or PAGE, lambda what: print(f"solving {what}", flush=True))
    except AllocationError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(status_of(error.code)) from None
    print(f"wrote {page or PAGE}")


@app.command()
def greedy(
    workbook: Annotated[Path, typer.Argument(exists=True, help="A workbook, a folder of CSV files or a JSON file.")],
    plan: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A plan.json of the same input, shown beside.")
    ] = None,
) -> None:
    """Allocate in one greedy pass, as in a meeting, and show the figures that the partnership published.

    Example: python -m benchmarks greedy developing-together.xlsx --plan results/demo/plan.json

    Exit code 1 where the greedy plan breaks a rule that only the whole plan shows.
    """
    from allocator.checker import check
    from allocator.intake import read
    from benchmarks import figures
    from benchmarks.greedy import greedy as one_pass
    from models.plan import Plan

    try:
        reading = read(workbook)
    except AllocationError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(status_of(error.code)) from None
    plans = {"greedy": one_pass(reading.dataset, reading.policy)}
    if plan:
        plans["plan"] = Plan.model_validate_json(plan.read_text(encoding="utf-8"))
    for line in figures.table(reading.dataset, reading.policy, plans):
        print(line)
    violations = check(reading.dataset, reading.policy, plans["greedy"]).violations
    for violation in violations:
        print(f"{violation.rule}: {violation.message}")
    raise typer.Exit(1 if violations else 0)


if __name__ == "__main__":
    app(prog_name="python -m benchmarks")
