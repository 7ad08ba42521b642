"""Figures of earlier years, and where former students work: what the yearly reports need and no rule looks at."""

import re
from datetime import date

from allocator.reading.tables import Table
from allocator.settling.directories import Directory, resolve_column
from allocator.settling.draft import Draft, one_spelling
from allocator.settling.repeats import repeated
from models.base import compact, natural_key
from models.catalogue import MONITORED
from models.entities import Employment, Past
from models.register import Row

_COUNTS = frozenset(("M11",))
"""Monitored figures that are no shares."""
_WHOLE = 100
"""Percent of a whole."""


def read_past(draft: Draft) -> tuple[Past, ...]:
    """Read the Past sheet.

    Parameters
    ----------
    draft
        Takes problems.

    Returns
    -------
    tuple of Past
        By measure and year.
    """
    table = draft.table("Past")
    repeated(table, draft.collector, {})
    found = []
    for row in draft.usable("Past"):
        year, measure, value = (row.get(name) for name in ("year", "measure", "value"))
        if year is None or measure is None or value is None:
            continue
        if 0 < value < 1 and measure[:3].upper() in MONITORED:
            draft.collector.add("V433", sheet="Past", row=row.number, column="value", found=str(value), subject=measure)
        _doubt(draft, row)
        found.append(Past(year=year, measure=measure, value=value, of=row.get("of"), target=row.get("target")))
    return tuple(sorted(found, key=lambda p: (natural_key(p.measure), natural_key(p.year))))


def _doubt(draft: Draft, row: Row) -> None:
    """Name what no year can have had: it is shown beside this year's figures, and nobody would believe those."""
    measure = row.values["measure"]
    share = measure[:3].upper() in MONITORED and measure[:3].upper() not in _COUNTS
    for column, bad, why in (
        ("year", not re.search(r"\d\d", row.values["year"]), "names no year, such as 2024-25"),
        (
            "value",
            share and row.values["value"] > _WHOLE,
            f"a share ({measure[:3].upper()}) is at most {_WHOLE} percent",
        ),
        ("of", row.get("of") == 0, "nothing is a share of none"),
        ("target", share and (row.get("target") or 0) > _WHOLE, f"a share is at most {_WHOLE} percent"),
    ):
        if bad:
            found = row.values[column]
            draft.collector.add(
                "V442", sheet="Past", row=row.number, column=column, found=str(found), why=why, subject=measure
            )


def read_outcomes(draft: Draft) -> tuple[Employment, ...]:
    """Read the Outcomes sheet. A former student need not be on Students, nor an employer on Agencies.

    Parameters
    ----------
    draft
        Takes problems; students and agencies have been read.

    Returns
    -------
    tuple of Employment
        By student and day.
    """
    table = draft.table("Outcomes")
    for column, kind, ask in (("student", "students", False), ("employer", "agencies", True)):
        listed = draft.directory[kind]
        resolve_column(table, column, listed, draft.collector, keep=True, ask=ask)
        _one_spelling_of_others(table, column, listed)
    repeated(table, draft.collector, {"from": "not recorded"})
    found = []
    for row in draft.usable("Outcomes"):
        first, last = row.get("from"), row.get("until")
        if first and last and last < first:
            draft.collector.add(
                "V220", level="set_aside", sheet="Outcomes", row=row.number, column="until",
                found=f"from {first}, until {last}", consequence=", so the row was not used",
            )  # fmt: skip
            continue
        if row.get("student") is not None and row.get("employer") is not None:
            student, employer = row.values["student"], row.values["employer"]
            found.append(compact(Employment(student=student, employer=employer, first_day=first, last_day=last)))
    return tuple(
        sorted(found, key=lambda o: (natural_key(o.student), o.first_day or date.min, natural_key(o.employer)))
    )


def _one_spelling_of_others(table: Table, column: str, listed: Directory) -> None:
    """Who is listed nowhere is one all the same, however it is spelt on the rows."""
    others = one_spelling({str(n) for row in table.rows if (n := row.get(column)) is not None and n not in listed})
    for row in table.rows:
        typed = row.get(column)
        if typed is not None and typed not in listed:
            row.values[column] = others.find(typed) or typed
