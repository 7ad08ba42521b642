"""``placements scenarios list | show``: which questions there are, and what one of them changes."""

from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allocator.commands.options import AsJson
from allocator.commands.printing import out_console, print_json
from scenarios.commands.choosing import QUESTIONS, Library, library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenarios.model import Edit, FromRows, Scenario, Value

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
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        text = fill(line, out_console.width, subsequent_indent=indent, break_on_hyphens=False)
        out_console.print(text, markup=False, highlight=False, soft_wrap=True)


def _lines(scenario: "Scenario") -> list[str]:
    """The scenario in words, a line each."""
    from scenarios.answers.words import title_of

    lines = [scenario.question]
    if scenario.reason:
        lines.append(f"Why it is asked: {' '.join(scenario.reason.split())}")
    lines += [f"Setting: {k} = {v}" for k, v in scenario.policy.items()]
    lines += [f"In every case: {edit_words(e)}" for e in scenario.edits]
    for variant in scenario.variants:
        lines.append(
            f"Case '{variant.name}':" if variant.edits or variant.policy else f"Case '{variant.name}': as it is"
        )
        lines += [f"  setting {k} = {v}" for k, v in variant.policy.items()]
        lines += [f"  {edit_words(e)}" for e in variant.edits]
    lines += [f"For each {k}: {_grid_words(v)}" for k, v in scenario.grid.items()]
    if scenario.draws:
        lines.append(f"Drawn {scenario.draws.number} times, seed {scenario.draws.seed}")
    lines.append(f"Measured: {'; '.join(title_of(m) for m in scenario.answer.measures)}")
    return [*lines, *(f"Assumed: {text}" for text in scenario.assumes)]


def edit_words(edit: "Edit") -> str:
    """An edit in a line: what is done to which rows; ``if any`` where there may be none."""
    parts = edit.model_dump(exclude_defaults=True)
    said = str(parts.pop("edit")).replace("_", " ")
    said += f" {parts.pop('sheet')}" if "sheet" in parts else ""
    said += f" where {_where_words(parts.pop('where'))}" if parts.get("where") else ""
    empty = " (if any)" if parts.pop("may_be_empty", False) else ""
    values = parts.pop("values", {})
    said += f": {', '.join(f'{k} = {_value_words(v)}' for k, v in values.items())}" if values else ""
    for name, value in parts.items():
        told = _where_words(value) if isinstance(value, dict) else _value_words(value)
        said += f", {name.replace('_', ' ')} {told}"
    return said + empty


def _where_words(where: "Mapping[str, Any]") -> str:
    return " and ".join(
        f"{column} {value}" if str(value)[:1] in "<>!=" and value != "" else f"{column} is {_value_words(value)}"
        for column, value in where.items()
    )


def _value_words(value: object) -> str:
    if isinstance(value, tuple | list):
        words = [_value_words(one) for one in value]
        return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
    return "blank" if value in ("", None) else "yes" if value is True else "no" if value is False else str(value)


def _grid_words(values: "FromRows | tuple[Value, ...]") -> str:
    if isinstance(values, tuple):
        return " | ".join(map(_value_words, values))
    where = f" where {_where_words(values.where)}" if values.where else ""
    return f"every {values.column} on {values.sheet}{where}"
