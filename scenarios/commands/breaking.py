"""``placements scenarios breaks``: a published plan under withdrawals, what survives repair, what would help."""

from pathlib import Path
from typing import Annotated

import typer

from allocator.commands.options import AsJson, Settings, settings_of
from allocator.commands.printing import progress_console
from scenarios.commands.giving import give
from scenarios.commands.solving import Workers, solving

group = typer.Typer()
OneBase = Annotated[Path, typer.Argument(help="A workbook, or the name of a demonstration.", show_default=False)]


@group.command(epilog="Example: placements scenarios breaks my-partnership.xlsx --draws 50 --out breaks")
def breaks(
    base: OneBase,
    draws: Annotated[int, typer.Option(min=1, max=10_000, help="How often events are drawn.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Draw n of a seed is always the same.")] = 1,
    moves: Annotated[int, typer.Option(min=1, help="Moves that a repair may make, beside none.")] = 3,
    children: Annotated[
        float, typer.Option(min=0, max=100, help="PEs of children's services who leave in a year, %.")
    ] = 22.05,
    adults: Annotated[
        float, typer.Option(min=0, max=100, help="PEs of adults' services who leave in a year, %.")
    ] = 11.7,
    months: Annotated[float, typer.Option(min=0, max=60, help="Months of that year that count.")] = 6,
    students: Annotated[float, typer.Option(min=0, max=100, help="Students who withdraw, % (assumed).")] = 3,
    offers: Annotated[float, typer.Option(min=0, max=100, help="Firm offers that are withdrawn, % (assumed).")] = 2,
    agency: Annotated[
        float, typer.Option(min=0, max=100, help="That one agency pulls out, % of draws (assumed).")
    ] = 10,
    workers: Workers = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for page, workbook and JSON.")] = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Publish the plan, let students, PEs, offers, an agency go, many times: what survives, who is fragile, what helps.

    Ctrl-C stops with the draws that are done; with a folder the same command goes on from there.
    """
    from contextlib import nullcontext

    from allocator.folder import folder_of_results
    from scenarios.batch.batch import Step
    from scenarios.batch.keeping import day_of
    from scenarios.breaking import Breaking, Rates
    from scenarios.breaking import breaks as broken
    from scenarios.commands.choosing import base_paths
    from scenarios.commands.progress import followed
    from scenarios.running import Base

    rates = Rates(children=children, adults=adults, months=months, students=students, offers=offers, agency=agency)
    phase = ""
    with folder_of_results(out) if out else nullcontext(), followed(progress_console) as (tell, stop):
        read = Base.read(base_paths([base], "")[0], settings_of(settings, None), day_of(out) if out else None)

        def told(what: str, done: int, number: int) -> None:
            nonlocal phase
            if what != phase:
                phase = what
                progress_console.print(f"[dim]{what}{f': {number}' if number > 1 else ''}[/]", highlight=False)
            tell(Step(done, 0, number))

        with solving(out, workers, draws, read, "repairs") as executor:
            answers = broken(read, Breaking(draws, seed, (0, moves), rates), executor, stop, told)
        give(f"Break test of {read.name}", answers, out, as_json, stopped=stop.is_set())
