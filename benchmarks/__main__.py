"""``python -m benchmarks``: outside checks, the demonstration partnership, baselines.

Modules that load solvers are imported by the command that needs them.
"""

# ruff: noqa: PLC0415

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Outside checks of the engine, the demonstration partnership, and baselines.",
)


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
    seed: Annotated[int, typer.Option(help="The same seed gives the same workbook.", min=0)] = 1,
    scale: Annotated[float, typer.Option(help="1: about 150 students.", min=0.1, max=100)] = 1.0,
) -> None:
    """Write the demonstration partnership developing-together as a workbook.

    Example: python -m benchmarks demonstration --seed 1 --scale 1 --out developing-together.xlsx
    """
    from benchmarks.demonstration import write

    write(out, seed, scale)
    print(f"wrote {out} (seed {seed}, scale {scale:g})")


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
    from allocator.reading import read
    from benchmarks import figures
    from benchmarks.greedy import greedy as one_pass
    from models.errors import AllocationError
    from models.plan import Plan

    try:
        reading = read(workbook)
    except AllocationError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(error.exit_code) from None
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
