"""``placements moves | fit``: what moves of promises buy, and what suits a place or a student best."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allocator.commands.options import AsJson, PolicyFile, Settings, Workbook, settings_of
from allocator.commands.printing import out_console, print_json, progress_console, say
from allocator.commands.statuses import BROKEN, STOPPED

if TYPE_CHECKING:
    from allocator.lifecycle.telling import FitLine, MoveLine

group = typer.Typer()
BAR = 20
"""Characters of the longest bar."""


@group.command(epilog="Example: placements moves partnership-2.xlsx --most 3")
def moves(
    workbook: Workbook,
    most: Annotated[int, typer.Option("--most", min=0, max=20, help="Moves that are looked at, at most.")] = 5,
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """What 0, 1, 2 ... moves of promises buy: who is to be unlocked, and what is gained, proved for each number."""
    from allocator.commands.progress import counting
    from allocator.commands.tables import clash_panel
    from allocator.intake import read
    from allocator.lifecycle.moves import moves as find_moves
    from allocator.lifecycle.telling import move_lines, moves_sentences

    reading = read(workbook, settings=settings_of(settings, policy_file))
    with counting(progress_console, "moves that buy something") as (tell, stop):
        found = find_moves(reading.dataset, reading.policy, most, stop=stop, told=lambda step: tell(step.moves, most))
    lines, clash = move_lines(found), found.steps[0].answer.plan.clash
    if as_json:
        print_json(
            {
                "proved": found.proved, "looked_at": found.looked_at, "least": found.least,
                "held": [locked._asdict() for locked in found.locked],
                "clash": clash.model_dump(mode="json") if clash else None, "moves": [_move(line) for line in lines],
            }
        )  # fmt: skip
    else:
        if clash is not None:
            out_console.print(clash_panel(clash))
        _show_moves(lines)
        for sentence in moves_sentences(found):
            say(sentence)
    if found.least is None:
        raise typer.Exit(BROKEN)
    if stop.is_set():
        raise typer.Exit(STOPPED)


def _move(line: "MoveLine") -> dict[str, Any]:
    compared = {"with_none": line.with_none, "with_the_step_before": line.with_before}
    return {
        "moves": line.moves, "unlock": list(line.unlocked), "placed": line.placed, "proved": line.proved,
        "gained": line.gained, **{k: c.model_dump(mode="json") if c else None for k, c in compared.items()},
    }  # fmt: skip


def _show_moves(lines: "list[MoveLine]") -> None:
    from rich import box
    from rich.table import Table

    from allocator.lifecycle.telling import NOT_PROVED

    placed = [line.placed for line in lines if line.placed is not None]
    table = Table(box=box.HORIZONTALS, expand=True, show_lines=True)
    table.add_column("moves", justify="right")
    table.add_column("placed", justify="right")
    table.add_column("more than with none", ratio=1)
    table.add_column("to unlock", ratio=2, overflow="fold")
    table.add_column("what it buys beside the line before", ratio=3, overflow="fold")
    for line in lines:
        more = 0 if line.placed is None else line.placed - min(placed)
        longest = max(1, max(placed, default=0) - min(placed, default=0))
        bar = "\u2588" * round(BAR * more / longest) + (f" +{more}" if more else "")
        words = line.gained if line.proved else f"{line.gained} ({NOT_PROVED})"
        names = ", ".join(line.unlocked) or "nobody"
        table.add_row(str(line.moves), "-" if line.placed is None else str(line.placed), bar, names, words)
    out_console.print(table)


@group.command(epilog="Example: placements fit partnership.xlsx --offer O012")
def fit(
    workbook: Workbook,
    offer: Annotated[str | None, typer.Option("--offer", help="Who suits this place?", show_default=False)] = None,
    request: Annotated[
        str | None, typer.Option("--request", help="Which place suits this request?", show_default=False)
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many of the best.")] = 10,
    results: Annotated[
        Path | None,
        typer.Option("--results", help="Folder with the plan of this workbook, to save solving.", show_default=False),
    ] = None,
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """The best students for a place, or the best places for a student, each with what fixing it does to the plan."""
    from allocator.commands.deciding import plan_of_results
    from allocator.commands.progress import counting, followed
    from allocator.intake import read
    from allocator.lifecycle.effect import base_of
    from allocator.lifecycle.fit import best_fits, pairs_asked
    from allocator.lifecycle.telling import fit_line
    from allocator.solving.plans import checked
    from models.errors import UsageError

    if (offer is None) == (request is None):
        raise UsageError("name either --offer or --request: who suits a place, or which place suits a student")
    reading = read(workbook, settings=settings_of(settings, policy_file))
    plan = plan_of_results(results, reading)
    with followed(progress_console, stoppable=False) as (tell, _):
        base = base_of(reading, plan, tell)
    pairs = pairs_asked(base, offer, request)
    with counting(progress_console, "looked at") as (count, stop):
        found = best_fits(base, pairs, most, stop=stop, told=lambda _, number, of: count(number, of))
    held, report = checked(base.dataset, base.policy, base.base)
    lines = [fit_line(one, held, report) for one in found.best]
    if as_json:
        print_json(
            {
                "looked_at": found.looked_at, "of": found.of, "complete": found.complete,
                "best": [line._asdict() | {"comparison": line.comparison.model_dump(mode="json")} for line in lines],
            }
        )  # fmt: skip
    else:
        _show_fits(lines, by_request=offer is not None)
        known = "the others are worse, or cannot be" if found.complete else "it was stopped: others may be better"
        say(f"Looked at {found.looked_at} of {found.of} that are eligible; {known}. Nothing is decided by looking.")
    if not found.complete:
        raise typer.Exit(STOPPED)


def _show_fits(lines: "list[FitLine]", *, by_request: bool) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.HORIZONTALS, expand=True, show_lines=True)
    table.add_column("", justify="right")
    table.add_column("request" if by_request else "place", overflow="fold")
    table.add_column("what it does", ratio=3, overflow="fold")
    table.add_column("which aim decides", ratio=2, overflow="fold")
    for number, line in enumerate(lines, 1):
        table.add_row(str(number), line.request if by_request else line.offer, line.effect, line.decides)
    out_console.print(table)
