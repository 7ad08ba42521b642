"""Ids as typed: what cannot be one, and pairs that a person would take for one."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from allocator.reading.collecting import Collector
from allocator.reading.folding import fold
from allocator.reading.tables import Table, subject_of
from models.base import natural_key
from models.register import Row

LONGEST = 60
"""Characters of an id, beyond which it is probably a note."""
OTHERS = 20
"""Other spellings of an id that a message names."""
_SPACE = re.compile(r"(?<!\d) | (?!\d)")
"""A space, or what is folded into one, that tells nothing apart: "S 1" is S1, but "T1 11" is not "T11 1"."""
_NOT_KNOWN = frozenset(("not known", "unknown", "n/k"))
_LISTS = "separates the ids of a list"
_SEPARATORS: Mapping[str, Mapping[str, str]] = {
    "Students": {"/": "separates student and stage in the id of a request", ";": _LISTS},
    "Offers": {">": "separates the ranks of ranked offers", "=": "joins offers of one rank", ";": _LISTS},
    "Educators": {"@": "marks a PE to be named at an offer", ";": _LISTS},
}
"""What may not stand in the ids of a sheet, and why."""


def check_ids(tables: Mapping[str, Table], collector: Collector) -> None:
    """Take out the rows whose ids would be misread elsewhere; report long ids, and alike ones (case, spacing).

    Parameters
    ----------
    tables
        Sheets by name; rows that cannot be used are taken out.
    collector
        Takes the problems.
    """
    for table in tables.values():
        column = table.sheet.by_name[table.sheet.key[-1]] if table.sheet.key else None
        if column is None or column.kind != "id":
            continue
        table.rows = [row for row in table.rows if _usable(table, row, column.name, collector)]
        if table.sheet.name != "Teams":  # those are one team
            _report_alike(table, column.name, collector)


def _usable(table: Table, row: Row, column: str, collector: Collector) -> bool:
    name = row.get(column)
    if name is None:
        return True
    code, words = "", dict[str, Any]()
    if fold(name) in _NOT_KNOWN:
        code, words = "V217", {"allowed": table.sheet.by_name[column].allowed_text}
    elif separator := next((s for s in _SEPARATORS.get(table.sheet.name, {}) if s in name), None):
        code, words = "V309", {"separator": separator, "why": _SEPARATORS[table.sheet.name][separator]}
    elif len(name) > LONGEST:
        code, words = "V310", {"count": len(name), "limit": LONGEST}
    if code:
        subject = subject_of(table.sheet, row)
        # Without the round being decided the plan would be one of other rounds.
        decided = table.sheet.name == "Tranches" and code != "V310" and row.get("status") in {None, "deciding"}
        collector.add(
            code, sheet=table.sheet.name, row=row.number, column=column, subject=subject, found=name,
            level="stop" if decided else None, **words,
        )  # fmt: skip
    return code in {"", "V310"}


def _report_alike(table: Table, column: str, collector: Collector) -> None:
    groups: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in table.rows:
        if row.get(column) is not None:
            groups[tuple(_SPACE.sub("", fold(str(row.get(k) or ""))) for k in table.sheet.key)].append(row)
    for rows in groups.values():
        if len(rows) == 1:
            continue
        spellings = sorted({row.values[column] for row in rows}, key=natural_key)
        for row in rows if len(spellings) > 1 else ():
            # Some of them show what is meant; hundreds, in hundreds of messages, would fill the memory.
            others = [name for name in spellings[: OTHERS + 1] if name != row.values[column]][:OTHERS]
            collector.add(
                "V307", sheet=table.sheet.name, row=row.number, column=column, found=row.values[column],
                other="', '".join(others), subject=subject_of(table.sheet, row),
            )  # fmt: skip
