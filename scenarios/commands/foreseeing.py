"""``placements scenarios horizon`` and ``years``: more than one round, and more than one year."""

from pathlib import Path
from typing import Annotated

import typer

from allocator.commands.options import AsJson, Settings, settings_of
from allocator.commands.printing import progress_console
from scenarios.commands.giving import give
from scenarios.commands.solving import Workers, solving

group = typer.Typer()
OneBase = Annotated[Path, typer.Argument(help="A workbook, or the name of a demonstration.", show_default=False)]
PARTNERSHIP = "partnership.xlsx"
"""A year's rows, beside its plan."""
Seed = Annotated[int, typer.Option(min=0, help="Of what is drawn: the same seed, the same answer.")]


@group.command(epilog="Example: placements scenarios horizon developing-together --out horizon")
def horizon(
    base: OneBase,
    draws: Annotated[int, typer.Option(min=0, max=1000, help="How often forecast offers are drawn; 0: not.")] = 20,
    seed: Seed = 1,
    workers: Workers = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for page, workbook and JSON.")] = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """All rounds planned together beside round by round: students, who loses by short sight; forecast offers drawn.

    Ctrl-C stops with what is done; with a folder the same command goes on from there.
    """
    from contextlib import nullcontext

    from allocator.folder import folder_of_results
    from scenarios.batch.keeping import day_of
    from scenarios.commands.choosing import base_paths
    from scenarios.commands.progress import stoppable
    from scenarios.horizon import horizon as compared
    from scenarios.running import Base, Bench

    with folder_of_results(out) if out else nullcontext(), stoppable(progress_console) as stop:
        read = Base.read(base_paths([base], "")[0], settings_of(settings, None), day_of(out) if out else None)
        with solving(out, workers, draws, read, "draws") as executor:
            answers = compared(Bench(read), draws, executor, stop, seed, None if as_json else _told)
        give(f"Together or round by round: {read.name}", answers, out, as_json, stopped=stop.is_set())


@group.command(epilog="Example: placements scenarios years developing-together --years 3 --rate intake=110 --out years")
def years(
    base: OneBase,
    number: Annotated[int, typer.Option("--years", min=1, max=20, help="How many, this one included.")] = 3,
    rates: Annotated[
        list[str] | None,
        typer.Option("--rate", help="NAME=PERCENT, more than once for several; an unknown name is answered with all."),
    ] = None,
    seed: Seed = 1,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for page, workbook, JSON, and every year's rows and plan.")
    ] = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Years that go on as this one: cohorts, repeats, PEs who leave and qualify; each is planned and checked.

    Says where capacity breaks first, how many PEs there are, and what becomes of the students.
    """
    from contextlib import nullcontext
    from itertools import count

    from allocator.folder import folder_of_results
    from allocator.reading.writer import write_register
    from allocator.results import write_results
    from scenarios.commands.choosing import base_paths
    from scenarios.running import Base
    from scenarios.years import answers_of, rates_of, roll
    from scenarios.years.rolling import YearResult

    known, chosen = Base.read(base_paths([base], "")[0], settings_of(settings, None)), rates_of(rates or ())

    numbers = count(1)

    def told(result: YearResult) -> None:
        if out is not None:
            folder = out / f"year-{next(numbers)}"
            write_results(folder, result.outcome, result.dataset)
            write_register(folder / PARTNERSHIP, result.register)
        if not as_json:
            _told(f"{result.name}: {result.placed.total()} of {result.due.total()} placed")

    with folder_of_results(out) if out else nullcontext():
        results = tuple(roll(known, number, chosen, seed, told=told))
        give(f"If the years go on as this one: {known.name}", answers_of(known, results, chosen), out, as_json)


def _told(line: str) -> None:
    progress_console.print(f"[dim]{line}[/]", highlight=False)
