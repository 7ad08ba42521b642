"""Rows with one key: equal ones are one row, those that differ are taken out."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from allocator.reading.collecting import Collector
from allocator.reading.tables import Table
from models.register import Row


def repeated(
    table: Table, collector: Collector, defaults: Mapping[str, Any], extra: str = "",
    cost: str = "none of them was used",
) -> dict[Any, list[Row]]:  # fmt: skip
    """Leave one of each set of equal rows; take out rows with one key that differ.

    Parameters
    ----------
    table
        Its rows are changed.
    collector
        Takes the problems.
    defaults
        Values of key columns where blank.
    extra
        A sentence for the remedy.
    cost
        What becomes of rows that differ, for the message.

    Returns
    -------
    dict
        Key to the rows that were taken out because they differ.
    """
    key_columns = table.sheet.key
    keys = [tuple(row.values.get(c, defaults.get(c)) for c in key_columns) for row in table.rows]
    counts = Counter(key for key in keys if None not in key)
    groups: defaultdict[Any, list[Row]] = defaultdict(list)
    for key, row in zip(keys, table.rows, strict=True):
        if counts.get(key, 0) > 1:
            groups[key].append(row)
    apart: dict[Any, list[Row]] = {}
    drop: set[int] = set()
    for key, rows in groups.items():
        subject = "/".join(str(k) for k in key)
        same = len({r.content for r in rows}) == 1
        extras = rows[1:] if same else rows
        collector.add(
            "V302" if same else "V301", sheet=table.sheet.name, rows=[row.number for row in extras],
            column=key_columns[-1], subject=subject, count=len(rows), extra=extra, cost=cost,
        )  # fmt: skip
        drop.update(map(id, extras))
        if not same:
            apart[key] = rows
    table.rows = [row for row in table.rows if id(row) not in drop]
    return apart
