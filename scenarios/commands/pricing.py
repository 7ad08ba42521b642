"""``placements scenarios prices``: what a cap or limit costs, at every setting at which the answer changes."""

from pathlib import Path
from typing import Annotated

import typer

from allocator.commands.options import AsJson, Settings, settings_of
from allocator.commands.printing import progress_console
from scenarios.commands.giving import give

group = typer.Typer()
OneBase = Annotated[Path, typer.Argument(help="A workbook, or the name of a demonstration.", show_default=False)]


@group.command(epilog="Example: placements scenarios prices independent_cap_percent my-partnership.xlsx")
def prices(
    setting: Annotated[str, typer.Argument(help="A cap or limit of the policy; an unknown one is answered with all.")],
    base: OneBase,
    low: Annotated[int | None, typer.Option("--from", help="The least setting that is asked about.")] = None,
    high: Annotated[int | None, typer.Option("--to", help="The greatest setting.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for page, workbook and JSON.")] = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Exact points at which a cap or limit changes the plan: students, statutory, worst band, minutes, who."""
    from scenarios.commands.choosing import base_paths
    from scenarios.pricing import priced
    from scenarios.pricing import prices as price
    from scenarios.results import CaseResult
    from scenarios.running import Base, Bench

    priced(setting)

    def told(result: CaseResult) -> None:
        found = f"{result.placed} placed" if result.problem is None else result.problem.removeprefix(f"{result.case}: ")
        progress_console.print(f"{result.case}: {found}", style="dim", markup=False, highlight=False)

    bench = Bench(Base.read(base_paths([base], "")[0], settings_of(settings, None)))
    answer = price(bench, setting, low, high, None if as_json else told)
    give(answer.question, [answer], out, as_json)
