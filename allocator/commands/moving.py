"""``placements moves | fit``: what moves of promises buy, and what suits a place or a student best."""

from typing import TYPE_CHECKING, Annotated

import typer

from allocator.commands.options import AsJson, PolicyFile, Settings, Workbook, settings_of
from allocator.commands.printing import out_console, print_json, progress_console, say
from allocator.commands.statuses import BROKEN, STOPPED

if TYPE_CHECKING:
    from allocator.lifecycle.answers import FitsAnswer, MovesAnswer

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
    from allocator.intake import read
    from allocator.lifecycle.answers import moves_answer
    from allocator.lifecycle.moves import moves as find_moves

    reading = read(workbook, settings=settings_of(settings, policy_file))
    with counting(progress_console, "numbers of moves looked at") as (tell, stop):
        found = find_moves(
            reading.dataset, reading.policy, most, stop=stop, told=lambda _, number, of: tell(number, of)
        )  # fmt: skip
    show_moves(moves_answer(found), as_json)
    if found.stopped:
        raise typer.Exit(STOPPED)
    if found.least is None:
        raise typer.Exit(BROKEN)


def show_moves(found: "MovesAnswer", as_json: bool) -> None:
    """Show what moves buy: a line for each number of moves that buys something."""
    from rich import box
    from rich.table import Table

    from allocator.commands.tables import clash_panel
    from allocator.lifecycle.telling import NOT_PROVED

    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    if found.clash is not None:
        out_console.print(clash_panel(found.clash))
    lines = found.moves
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
        names = ", ".join(line.unlock) or "nobody"
        table.add_row(str(line.moves), "-" if line.placed is None else str(line.placed), bar, names, words)
    out_console.print(table)
    for sentence in found.sentences:
        say(sentence)


@group.command(epilog="Example: placements fit partnership.xlsx --offer O012")
def fit(
    workbook: Workbook,
    offer: Annotated[str | None, typer.Option("--offer", help="Who suits this place?", show_default=False)] = None,
    request: Annotated[
        str | None, typer.Option("--request", help="Which place suits this request?", show_default=False)
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many of the best.")] = 10,
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """The best students for a place, or the best places for a student, each with what fixing it does to the plan."""
    from allocator.commands.progress import counting, followed
    from allocator.intake import read
    from allocator.lifecycle.answers import FitAnswers
    from allocator.lifecycle.effect import base_of
    from allocator.lifecycle.fit import best_fits, pairs_asked
    from models.errors import UsageError

    if (offer is None) == (request is None):
        raise UsageError("name either --offer or --request: who suits a place, or which place suits a student")
    reading = read(workbook, settings=settings_of(settings, policy_file))
    with followed(progress_console, stoppable=False) as (tell, _):
        base = base_of(reading, progress=tell)
    pairs = pairs_asked(base, offer, request)
    with counting(progress_console, "looked at") as (count, stop):
        found = best_fits(base, pairs, most, stop=stop, told=lambda so_far: count(so_far.looked_at, so_far.of))
    answer = FitAnswers(base).of(found)
    show_fits(answer, as_json, by_request=offer is not None)
    if not found.complete:
        raise typer.Exit(STOPPED)


def show_fits(found: "FitsAnswer", as_json: bool, *, by_request: bool) -> None:
    """Show the best matches, best first: by their request, or by their place."""
    from rich import box
    from rich.table import Table

    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    table = Table(box=box.HORIZONTALS, expand=True, show_lines=True)
    table.add_column("", justify="right")
    table.add_column("request" if by_request else "place", overflow="fold")
    table.add_column("what it does", ratio=3, overflow="fold")
    table.add_column("which aim decides", ratio=2, overflow="fold")
    for number, line in enumerate(found.best, 1):
        table.add_row(str(number), line.request if by_request else line.offer, line.effect, line.decides)
    out_console.print(table)
    known = "the others are no better, or cannot be" if found.complete else "the others may be better"
    say(f"Looked at {found.looked_at} of {found.of} that are eligible; {known}. Nothing is decided by looking.")
