"""The worked examples of models/FIGURES.md come out as they stand there: read, allocated and shown."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from allocator.intake import read_sheets
from allocator.pipeline import allocate
from allocator.reading.sheets_record import SHEETS
from allocator.views.blocks import Block, Grid, Heading
from allocator.views.facts import Facts
from allocator.views.outcomes import outcome_blocks
from allocator.views.pipeline import pipeline_blocks
from allocator.views.returns import Value, return_rows
from allocator.views.share import Share

PAGE = (Path(__file__).parents[2] / "models" / "FIGURES.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))
TODAY = date(2026, 11, 21)
Rows = list[dict[str, str]]


def tables(text: str) -> dict[str, Rows]:
    """The tables of a text by the bold words above them."""
    found: dict[str, Rows] = {}
    for name, table in re.findall(r"^\*\*(.+?)\*\*\n\n((?:\|.*\n)+)", text, re.MULTILINE):
        head, _, *body = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines()]
        found[name] = [dict(zip(head, line, strict=True)) for line in body]
    return found


def allocated(text: str) -> Facts:
    sheets = {name: [{k: v or None for k, v in row.items()} for row in rows] for name, rows in tables(text).items()}
    assert set(sheets) <= set(SHEETS)
    reading = read_sheets(sheets, today=TODAY)
    assert [i.message for i in reading.issues if i.level == "set_aside"] == []
    outcome = allocate(reading.dataset, reading.policy)
    assert outcome.check.passed
    return Facts(reading.dataset, reading.policy, outcome.plan)


def shown(blocks: Iterable[Block]) -> dict[str, Rows]:
    """The small tables of a page by the heading above them."""
    found: dict[str, Rows] = {}
    heading = ""
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Grid) and heading not in found:
            titles = [title for title, _ in block.headings]
            found[heading] = [
                dict(zip(titles, ["" if v is None else str(v) for v in row], strict=True)) for row in block.rows
            ]
    return found


def as_words(value: Value) -> str:
    return f"{value.part} of {value.whole}" if isinstance(value, Share) else "" if value is None else str(value)


def returned(facts: Facts) -> dict[str, Rows]:
    return {"Return": [{"Row": r.row} | {g: as_words(v) for g, v in r.values.items()} for r in return_rows(facts)]}


@pytest.mark.parametrize(
    ("example", "report"),
    [
        ("Return", returned),
        ("PEPS pipeline", lambda facts: shown(pipeline_blocks(facts))),
        ("Outcomes", lambda facts: shown(outcome_blocks(facts))),
    ],
)
def test_an_example_comes_out_as_it_stands(example: str, report: Any) -> None:
    given, said = EXAMPLES[example].split("### Report")
    found = report(allocated(given))
    expected = tables(said)
    assert expected
    for name, rows in expected.items():
        columns = rows[0].keys()
        cells = [{c: row.get(c, "") for c in columns} for row in found[name]]
        if example == "Return":  # a choice of the rows
            assert [row for row in cells if row["Row"] in {r["Row"] for r in rows}] == rows
        else:
            assert cells == rows
