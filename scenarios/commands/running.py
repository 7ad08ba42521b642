"""``placements scenarios run``: cases solved, answers shown."""

from pathlib import Path
from typing import Annotated

import typer

from allocator.commands.options import Settings, settings_of
from allocator.commands.printing import say

group = typer.Typer()
Library = Annotated[Path, typer.Argument(help="A scenario file, or a folder of them.", show_default=False)]
BaseInput = Annotated[
    Path, typer.Argument(help="The workbook, folder or JSON file that is changed.", show_default=False)
]


@group.command(epilog="Example: placements scenarios run my-questions my-partnership.xlsx --out answers")
def run(library: Library, base: BaseInput, settings: Settings = None) -> None:
    """Solve every case of the scenarios, and answer their questions."""
    from scenarios.answers import answered
    from scenarios.batch.serial import run_serially
    from scenarios.expanding import cases_of
    from scenarios.files import read_library
    from scenarios.running import Base

    known = read_library(library)
    changed = Base.read(base, settings_of(settings, None))
    cases = [case for scenario in known for case in cases_of(scenario, changed.register)]
    results = [solution.result for solution in run_serially(changed, cases)]
    for scenario in known:
        answer = answered(scenario, changed.name, [r for r in results if r.scenario == scenario.name])
        say(f"{answer.question}\n{answer.sentence}\n{answer.proof}")
