"""``placements compare``: what is different between two results."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allocator.commands.options import AsJson
from allocator.commands.printing import out_console, print_json, say

if TYPE_CHECKING:
    from rich.console import RenderableType

    from allocator.comparison import Result
    from allocator.views.compared import Line
    from models.comparison import Comparison

group = typer.Typer()
RESULT = "A folder of results, or a plan.json."
PLURALS = {
    "Request": "Requests", "Tier": "Tiers", "Figure": "Figures", "Student": "Students", "Agency": "Agencies",
    "PE": "PEs", "Setting": "Settings", "Input": "Inputs",
}  # fmt: skip
TONES = {"good": "green", "warn": "yellow", "bad": "red", "plain": "", "quiet": "dim"}


@group.command(epilog="Example: placements compare results/monday results/tuesday")
def compare(
    before: Annotated[Path, typer.Argument(help=RESULT, show_default=False)],
    after: Annotated[Path, typer.Argument(help=RESULT, show_default=False)],
    as_json: AsJson = False,
) -> None:
    """What is different: inputs, tiers, figures, requests, and who is better or worse off. Nothing is solved."""
    from allocator.comparison import compare as compare_results
    from allocator.comparison import open_result

    old, new = open_result(before), open_result(after)
    comparison = compare_results(old, new)
    if as_json:
        print_json(comparison.model_dump(mode="json"))
    else:
        show_comparison(comparison, old, new)


def show_comparison(comparison: "Comparison", old: "Result", new: "Result", most: int | None = None) -> None:
    """Print what differs between two results, and what it comes to in sentences.

    Parameters
    ----------
    comparison
        All that differs.
    old, new
        The two results.
    most
        How many lines each table has at most; all by default.
    """
    from allocator.comparison.tiers import first_difference
    from allocator.views.compared import decided_words, lines, sentences

    shown = lines(comparison, new.plan.policy, old.facts, new.facts)
    for part, title in PLURALS.items():
        rows = [line for line in shown if line.part == part]
        if rows:
            out_console.print(_table(title, rows[:most]))
        if len(rows) > len(rows[:most]):
            say(f"... and {len(rows) - len(rows[:most])} more {title.lower()}: --json has them all.")
    for sentence in sentences(comparison):
        say(sentence)
    if comparison.tiers:
        say(decided_words(first_difference(comparison.tiers), new.plan.policy))
    if not shown and not comparison.gaps:
        say("Nothing is different.")


def _table(title: str, rows: "list[Line]") -> "RenderableType":
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", title_style="bold", expand=True, show_lines=True, box=box.HORIZONTALS
    )
    for heading, ratio in (("about", 3), ("what", 2), ("before", 4), ("after", 4)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for row in rows:
        what = f"[{TONES[row.tone]}]{escape(row.what)}[/]" if TONES[row.tone] else escape(row.what)
        table.add_row(escape(row.about), what, escape(row.before), escape(row.after))
    return table
