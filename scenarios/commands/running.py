"""``placements scenarios run``: cases solved, answers shown and written."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allocator.commands.options import AsJson, OutFolder, Settings, settings_of
from allocator.commands.printing import out_console, print_json, say
from allocator.commands.statuses import STOPPED
from scenarios.commands.choosing import QUESTIONS, Bases, Library, base_paths, library

if TYPE_CHECKING:
    from scenarios.model import Scenario

group = typer.Typer()


@group.command(epilog="Example: placements scenarios run questions my-partnership.xlsx --out answers")
def run(
    scenarios: Library,
    bases: Bases = None,
    out: OutFolder = Path("answers"),
    settings: Settings = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="The name of a scenario; more than once for several.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Solve every case of the scenarios, and answer their questions: a page, a workbook, JSON."""
    from scenarios.answers import answered, kind_of
    from scenarios.batch.serial import run_serially
    from scenarios.expanding import cases_of
    from scenarios.report.terminal import shown
    from scenarios.report.writing import write_answers
    from scenarios.running import Base

    known = _chosen(library(scenarios), only)
    for scenario in known:
        kind_of(scenario)
    changed = [Base.read(path, settings_of(settings, None)) for path in base_paths(bases, scenarios)]
    results = {}
    for base in changed:
        cases = [case for scenario in known for case in cases_of(scenario, base.register)]
        results[base.name] = [solution.result for solution in run_serially(base, cases)]
    answers = [
        answered(scenario, base.name, [r for r in results[base.name] if r.scenario == scenario.name])
        for scenario in known
        for base in changed
    ]
    files = write_answers(out, _title(scenarios), answers)
    if as_json:
        print_json({"answers": [a.model_dump(mode="json") for a in answers], "files": [str(p) for p in files]})
    else:
        for answer in answers:
            out_console.print(shown(answer, with_base=len(changed) > 1))
        say(f"Written to {out}: {', '.join(p.name for p in files)}.")
    if not all(a.closed for a in answers):
        raise typer.Exit(STOPPED)


def _title(name: str) -> str:
    return "What if: the questions of the Alliance" if name == QUESTIONS else f"What if: {Path(name).stem}"


def _chosen(known: "Sequence[Scenario]", only: "Sequence[str] | None") -> "tuple[Scenario, ...]":
    from models.errors import UsageError

    if not only:
        return tuple(known)
    names = {s.name: s for s in known}
    unknown = [name for name in only if name not in names]
    if unknown:
        raise UsageError(f"--only {unknown[0]}: there is no such scenario. Allowed: {', '.join(names)}")
    return tuple(names[name] for name in only)
