"""The demonstration spoilt in the ways of people and programs: no crash, and every row that is not used is named."""

import random
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from allocator.intake import Reading, read_sheets
from models.errors import InputUnusableError
from tests.reading.sheets import TODAY, Sheets

ODD: tuple[Any, ...] = (
    "full", "none", "withdrawn", "0 this year", "-1", -1, 1.5, "1e400", "not known", "#N/A", "#REF!", "", " ", "\u00a0", "x", "?", "-",
    "January 2027", "2027-01-04T00:00:00Z", "2072-01-04", "2017-01-04", "31/02/2027", "4/13/2027", '="007"', "'007", "007", 7, 7.0, True,
    "O1, O2", "O1 > O2, O3", "O1\nO2", "a;b;;c", "A\r\nB", "S\u20131", "Cafe\u0301", "Caf\u00e9", "\ud83d", "half \ud800", "\x00", "Total", "Total Recovery",
    "Sum", "x" * 5000, ["a", "b"], {"a": 1}, None, "TBC x0", "own", "PE needed", "yes", "perhaps", "1,000", "\u0661", "tomorrow", 10**20,
)  # fmt: skip
KEYS = {"Students": "student", "Offers": "offer", "Educators": "pe", "Agencies": "agency"}


@cache
def _demonstration() -> dict[str, tuple[dict[str, Any], ...]]:
    book = load_workbook(Path(str(files("allocator") / "demonstration" / "developing-together.xlsx")), read_only=True)
    found: dict[str, tuple[dict[str, Any], ...]] = {}
    for page in book:
        headings, *rows = [[*row] for row in page.iter_rows(values_only=True)]
        found[page.title] = tuple(
            {str(h): v for h, v in zip(headings, row, strict=False) if v is not None and h is not None} for row in rows
        )
    return found


def _cells(given: Sheets, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 40)):
        rows = given[chance.choice([name for name in given if given[name]])]
        columns = sorted({column for row in rows for column in row})
        chance.choice(rows)[chance.choice(columns)] = chance.choice(ODD)


def _column(given: Sheets, chance: random.Random) -> None:
    rows = given[chance.choice(["Students", "Offers", "Educators", "Requests"])]
    column, value = chance.choice(sorted({c for row in rows for c in row})), chance.choice(ODD)
    for row in rows:
        row[column] = value


def _twice(given: Sheets, chance: random.Random) -> None:
    rows = given[chance.choice(sorted(KEYS))]
    for row in chance.sample(rows, 5):
        rows.append({**row, "note": chance.choice(("", "again"))})


def _totals(given: Sheets, chance: random.Random) -> None:
    for name, key in KEYS.items():
        given[name].append({key: chance.choice(("Total", "Grand total", "Total Recovery", "Totals: 5"))})
        given[name].insert(0, {})


def _renamed(given: Sheets, chance: random.Random) -> None:
    for name in chance.sample(sorted(given), 4):
        given[chance.choice((f"{name}-Table 1", f"{name} - Table 1", name.upper(), f" {name} "))] = given.pop(name)


def _missing(given: Sheets, chance: random.Random) -> None:
    del given[chance.choice(sorted(given))]


def _headings(given: Sheets, chance: random.Random) -> None:
    rows = given[chance.choice(sorted(given))]
    old = chance.choice(sorted({c for row in rows for c in row}))
    for row in rows:
        row[chance.choice((f" {old}\n", old.upper(), "notes", "\ud800", old))] = row.pop(old, None)


def _zeros(given: Sheets, chance: random.Random) -> None:
    for number, row in enumerate(given["Students"]):
        row["student"] = number


WAYS: tuple[Callable[[Sheets, random.Random], None], ...] = (
    _cells, _cells, _cells, _column, _twice, _totals, _renamed, _missing, _headings, _zeros,
)  # fmt: skip


def _unnamed(given: Sheets, reading: Reading) -> list[str]:
    """Rows with an id that are neither in the dataset nor named by a problem of their sheet."""
    dataset = reading.dataset
    known = {
        "Students": dataset.student_by_id.keys(), "Offers": dataset.offer_by_id.keys(),
        "Educators": dataset.educator_by_id.keys(), "Agencies": dataset.agency_by_id.keys(),
    }  # fmt: skip
    named: dict[str | None, set[int]] = {}
    for issue in reading.issues:
        named.setdefault(issue.sheet, set()).update(issue.rows or ((issue.row,) if issue.row else ()))
    return [
        f"{sheet} row {number}: {row[key]!r}"
        for sheet, key in KEYS.items()
        for number, row in enumerate(given.get(sheet, ()), start=2)
        if isinstance(row.get(key), str) and row[key].isalnum() and row[key].isascii()
        if row[key] not in known[sheet] and number not in named.get(sheet, set())
    ]


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_done_to_the_demonstration(seed: int) -> None:
    chance = random.Random(seed)
    given: Sheets = {name: [dict(row) for row in rows] for name, rows in _demonstration().items()}
    for way in chance.sample(WAYS, chance.randint(1, 3)):
        if all(name in given for name in (*KEYS, "Requests")):
            way(given, chance)
    try:
        reading = read_sheets(given, today=TODAY)
    except InputUnusableError as error:
        stops = [issue for issue in error.issues if issue.level == "stop"]
    else:
        stops = []
        _judge(given, reading)
    assert all(issue.remedy for issue in stops)


def _judge(given: Sheets, reading: Reading) -> None:
    assert len(reading.dataset.digest) == 32
    "".join(issue.model_dump_json() for issue in reading.issues).encode()
    assert _unnamed(given, reading) == []
    # However much is wrong, it can be read in one sitting.
    assert len(reading.issues) < 250
