"""``placements mark | log``: where published matches stand, and what was decided."""

from typing import TYPE_CHECKING, Annotated

import typer

from allocator.commands.interrupting import tidied
from allocator.commands.options import AsJson, NextFile, PolicyFile, Settings, Workbook, settings_of
from allocator.commands.printing import dumped, out_console, print_json, say
from allocator.commands.stepping import refused, show_remarks, target_of, wrote

if TYPE_CHECKING:
    from datetime import date

    from rich.console import RenderableType

    from allocator.lifecycle.log import Entry

group = typer.Typer()
TONES = {
    "in_force": "green", "undone": "dim", "set_aside": "red", "no_effect": "yellow", "lapsed": "dim",
    "to_come": "yellow",
}  # fmt: skip


@group.command(epilog="Example: placements mark partnership-2.xlsx S001/first meeting_booked")
def mark(
    workbook: Workbook,
    requests: Annotated[
        str, typer.Argument(metavar="REQUEST", help="Of a match; several: 'S1/first; S2/final'.", show_default=False)
    ],
    step: Annotated[str, typer.Argument(help="A status, told, or meeting.", show_default=False)],
    on: Annotated[str | None, typer.Option("--on", help="Of told and meeting: the day.", show_default=False)] = None,
    out: NextFile = None,
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Take a step with published matches: the next status, that the student was told, or the day of the meeting."""
    from allocator.lifecycle.ladder import mark as take
    from allocator.lifecycle.next_file import write_step
    from allocator.lifecycle.objecting import Refusal
    from allocator.reading.reader import read_register

    given, target = settings_of(settings, policy_file), target_of(workbook, out)
    names = [name for part in requests.split(";") if (name := part.strip())]
    register = read_register(workbook)
    marked = take(register, names, step, _day(on), given)
    if isinstance(marked, Refusal):
        raise refused(marked, workbook)
    with tidied():
        left_out = write_step(workbook, target, register, marked.edits, given)
    if as_json:
        print_json(
            {
                "done": list(marked.done), "remarks": dumped(marked.remarks), "file": str(target),
                "not_carried_over": list(left_out),
            }
        )  # fmt: skip
        return
    for line in marked.done:
        say(f"{line}.")
    show_remarks(marked.remarks)
    wrote(workbook, target, left_out)


def _day(text: str | None) -> "date | None":
    """A day as it may be typed into a sheet.

    Raises
    ------
    UsageError
        It is none.
    """
    from allocator.reading.dates import read_date
    from models.errors import UsageError

    if text is None:
        return None
    day, _, hint = read_date(text, False)
    if day is None:
        raise UsageError(f"--on {text}: that is no date.{hint}")
    return day


@group.command(epilog="Example: placements log partnership-2.xlsx")
def log(
    workbook: Workbook,
    settings: Settings = None,
    policy_file: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Every decision in its order: who decided what when and why, and whether it is in force."""
    from allocator.lifecycle.log import log_of
    from allocator.reading.reader import read_register
    from allocator.settling.settling import settle

    register = read_register(workbook)
    entries = log_of(register, settle(register, settings_of(settings, policy_file), each=True))
    if as_json:
        print_json({"decisions": dumped(entries)})
        return
    if entries:
        out_console.print(_table(entries))
    in_force = sum(entry.state == "in_force" for entry in entries)
    say(f"{len(entries)} in the log, {in_force} in force." if entries else "Nothing was decided yet.")


def _table(entries: "tuple[Entry, ...]") -> "RenderableType":
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(expand=True, show_lines=True, box=box.HORIZONTALS)
    table.add_column("id", no_wrap=True)
    for heading, ratio in (("when, by whom", 2), ("what, and why", 4), ("where it stands", 4)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for entry in entries:
        when = "\n".join(part for part in (str(entry.on or ""), entry.by or "") if part)
        what = escape(" ".join(part for part in (entry.kind, entry.about) if part))
        why = f"\n[dim]{escape(entry.why)}[/]" if entry.why else ""
        stated = f"[{TONES[entry.state]}]{escape(entry.stated)}[/]"
        table.add_row(escape(entry.name), escape(when), what + why, stated)
    return table
