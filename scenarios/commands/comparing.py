"""``placements scenarios compare``: any results side by side, on the terminal, as page, workbook and JSON."""

from pathlib import Path
from typing import Annotated

import typer

from allocator.commands.interrupting import tidied
from allocator.commands.options import AsJson
from allocator.commands.printing import out_console, print_json, say

group = typer.Typer()
_RESULTS_HELP = "Folders of results or of answers, or plan.json files; the first is the one to compare with."
Results = Annotated[list[Path], typer.Argument(help=_RESULTS_HELP, show_default=False)]


@group.command(epilog="Example: placements scenarios compare results/monday results/tuesday --out compared")
def compare(
    results: Results,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for page, workbook and JSON.")] = None,
    as_json: AsJson = False,
) -> None:
    """What is different between results: measures, tiers, people, agencies; of folders of answers case by case.

    Nothing is solved.
    """
    from scenarios.comparing import opened, side_by_side
    from scenarios.report.terminal import shown
    from scenarios.report.writing import write_answers

    answers = side_by_side([opened(path) for path in results])
    with tidied():
        files = write_answers(out, "Side by side", answers) if out else ()
    if as_json:
        print_json({"answers": [a.model_dump(mode="json") for a in answers], "files": [str(p) for p in files]})
        return
    for answer in answers:
        out_console.print(shown(answer, with_base=False))
    if files:
        say(f"Written to {out}: {', '.join(p.name for p in files)}.")
