"""``placements scenarios list | show``: which questions there are, and what one of them changes."""

from typing import TYPE_CHECKING, Annotated

import typer

from allocator.commands.options import AsJson
from allocator.commands.printing import out_console, print_json
from scenarios.commands.choosing import QUESTIONS, Library, library

if TYPE_CHECKING:
    from scenarios.model import Edit, Scenario

group = typer.Typer()


@group.command("list", epilog="Example: placements scenarios list questions")
def list_(scenarios: Library = QUESTIONS, as_json: AsJson = False) -> None:
    """The scenarios of a library, with their questions."""
    known = library(scenarios)
    if as_json:
        print_json({"scenarios": [{"name": s.name, "question": s.question, "reason": s.reason} for s in known]})
        return
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("name", no_wrap=True, style="bold")
    table.add_column("question", overflow="fold")
    for scenario in known:
        table.add_row(escape(scenario.name), escape(scenario.question))
    out_console.print(table)


@group.command(epilog="Example: placements scenarios show questions causes")
def show(
    scenarios: Library,
    name: Annotated[str | None, typer.Argument(help="The scenario; may be left out where there is one.")] = None,
    as_json: AsJson = False,
) -> None:
    """What a scenario asks, changes, assumes and measures."""
    from models.errors import UsageError

    known = {s.name: s for s in library(scenarios)}
    if name is None and len(known) == 1:
        name = next(iter(known))
    if name not in known:
        said = f"there is no scenario '{name}'" if name else "say which scenario"
        raise UsageError(f"{said}. Allowed: {', '.join(known)}")
    scenario = known[name]
    if as_json:
        print_json(scenario.model_dump(mode="json"))
        return
    for line in _lines(scenario):
        out_console.print(line, markup=False, highlight=False, soft_wrap=True)


def _lines(scenario: "Scenario") -> list[str]:
    """The scenario in words, a line each."""
    from scenarios.answers.words import title_of

    lines = [scenario.question]
    if scenario.reason:
        lines.append(f"Why it is asked: {scenario.reason}")
    lines += [f"Setting: {k} = {v}" for k, v in scenario.policy.items()]
    lines += [f"In every case: {edit_words(e)}" for e in scenario.edits]
    for variant in scenario.variants:
        lines.append(f"Case '{variant.name}':")
        lines += [f"  setting {k} = {v}" for k, v in variant.policy.items()]
        lines += [f"  {edit_words(e)}" for e in variant.edits]
    lines += [f"For {k} = {v}" for k, v in scenario.grid.items()]
    if scenario.draws:
        lines.append(f"Drawn {scenario.draws.number} times, seed {scenario.draws.seed}")
    lines.append(f"Measured: {'; '.join(title_of(m) for m in scenario.answer.measures)}")
    return [*lines, *(f"Assumed: {text}" for text in scenario.assumes)]


def edit_words(edit: "Edit") -> str:
    """An edit in a line: its kind, and each of its parts that is not blank."""
    parts = edit.model_dump(exclude_defaults=True)
    kind = parts.pop("edit")
    return f"{kind}: " + ", ".join(f"{k} {v}" for k, v in parts.items())
