"""``placements letters | chase``: what goes out about a plan, and what others still owe."""

from pathlib import Path
from typing import Annotated

import typer

from allocator.commands.interrupting import tidied
from allocator.commands.options import AsJson, NamesFile
from allocator.commands.printing import out_console, print_json, say

group = typer.Typer()
Results = Annotated[Path, typer.Argument(help="A folder of results, as allocate wrote it.", show_default=False)]


@group.command(epilog="Example: placements letters results --names names.csv --out letters")
def letters(
    results: Results,
    names: NamesFile = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for the tables; nothing in it is overwritten.")] = Path(
        "letters"
    ),
    as_json: AsJson = False,
) -> None:
    """Tables for mail merge: students, agencies, placements at agencies, PEs; each as CSV and XLSX."""
    from allocator.reading.names import nameless, names_of, read_names
    from allocator.report.letters import write_letters
    from allocator.verifying import checked_result

    facts = checked_result(results)
    joined: dict[str, str] = {}
    unnamed: tuple[str, ...] = ()
    if names is not None:
        people = (*facts.dataset.student_by_id, *facts.dataset.educator_by_id)
        joined = names_of(read_names(names), people, names)
        unnamed = nameless(joined, facts.dataset, names)
    with tidied():
        written = write_letters(out, facts, joined)
    if as_json:
        print_json({"files": {str(path): rows for path, rows in written.items()}, "nameless": list(unnamed)})
        return
    rows = ", ".join(f"{path.stem} ({number})" for path, number in written.items() if path.suffix == ".csv")
    say(f"Wrote to {out}, each as CSV and XLSX: {rows}.")
    for line in unnamed:
        say(line)


@group.command(epilog="Example: placements chase results")
def chase(results: Results, as_json: AsJson = False) -> None:
    """Who owes what by when: overdue first, last what has no date."""
    from allocator.commands.tables import chase_table
    from allocator.verifying import checked_result
    from allocator.views.chase import owed
    from allocator.views.facts import day
    from allocator.views.version import version

    facts = checked_result(results)
    rows, today = owed(facts), facts.as_of
    if as_json:
        print_json(
            {
                "as_of": today and today.isoformat(), "version": version(facts.plan),
                "owed": [
                    row._asdict() | {
                        "due": row.due and row.due.isoformat(), "since": row.since and row.since.isoformat(),
                        "days_overdue": row.days_overdue(today),
                    }
                    for row in rows
                ],
            }
        )  # fmt: skip
        return
    if rows:
        out_console.print(chase_table(rows, today))
    late = sum(row.days_overdue(today) is not None for row in rows)
    say(f"{len(rows)} open, {late} overdue on {day(today)}, the day of the plan.")
