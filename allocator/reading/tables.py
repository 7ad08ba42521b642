"""Sheets of cells to tables of typed rows: headings found, titles and totals skipped, every cell read by its column."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from allocator.reading.cells import Outcome, Special, convert
from allocator.reading.collecting import Collector, quoted
from allocator.reading.columns import Column, Sheet
from allocator.reading.origins import Origin
from allocator.reading.sources import RawSheet
from allocator.reading.spelling import did_you_mean
from allocator.reading.words import HEADINGS, heading_key, is_personal, is_protected_characteristic
from models.errors import Level

HEADER_WITHIN = 30
"""Rows among which the headings are looked for."""
_TOTAL = re.compile(r"((grand|sub)[\s-]?)?totals?\b.*|sum\b.*", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Row:
    """A row: its number as the user sees it, its values by column (blank ones left out), and what stands against it.

    ``reasons`` says why the row cannot be used (a cell that protects somebody, or must be filled, could not be read);
    ``unreadable`` holds what was found in cells that could not be read, by column.
    """

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)

    def get(self, column: str) -> Any:
        """The value of a column, None where it is blank or not known."""
        value = self.values.get(column)
        return None if value is Special.NOT_KNOWN else value

    @property
    def not_known(self) -> tuple[str, ...]:
        """Columns that read 'not known'."""
        return tuple(sorted(c for c, v in self.values.items() if v is Special.NOT_KNOWN))

    @property
    def content(self) -> str:
        """All that the row holds as one text: rows that differ in nothing but their number have the same."""
        values = sorted((c, str(v)) for c, v in self.values.items())
        return repr((values, sorted(self.reasons), sorted(self.unreadable.items())))


@dataclass(slots=True)
class Table:
    """A sheet that was read, and where it stands. ``there`` is False where the input has no such sheet."""

    sheet: Sheet
    rows: list[Row] = field(default_factory=list)
    columns: frozenset[str] = frozenset()
    there: bool = False
    origin: Origin | None = None


def consequence(column: Column) -> tuple[Level, str]:
    """What an unreadable cell of a column costs.

    Parameters
    ----------
    column
        The column.

    Returns
    -------
    tuple
        The level of the issue, and the end of its message.
    """
    if column.protects:
        return "set_aside", ", and the cell protects somebody, so the row cannot be used"
    if column.required:
        return "set_aside", ", so the row cannot be used"
    return "warning", f", so {column.unreadable or f'the cell counts as blank ({column.blank})'}"


def report_cell(collector: Collector, sheet: Sheet, row: Row, column: Column, outcome: Outcome) -> None:
    """Report an unreadable cell, and hold it against its row where it must be readable.

    Parameters
    ----------
    collector
        Takes the problem.
    sheet, row, column
        Where.
    outcome
        What was found; ``problem`` is filled.
    """
    level, cost = consequence(column)
    otherwise = "" if column.required else ", leave the cell blank, or type 'not known'"
    collector.add(
        outcome.problem or "V201",
        sheet=sheet.name,
        row=row.number,
        column=column.name,
        found=outcome.found,
        level="stop" if outcome.problem == "V123" else level,
        allowed=column.allowed_text,
        subject=subject_of(sheet, row),
        **({"consequence": cost, "hint": "", "suggestion": "", "otherwise": otherwise} | outcome.words),
    )
    row.unreadable[column.name] = outcome.found or ""
    if level == "set_aside":
        row.reasons.append(f"{column.name} cannot be read")


def parse(raw: RawSheet, sheet: Sheet, headings: Mapping[str, str], collector: Collector) -> Table:
    """Read one sheet.

    Parameters
    ----------
    raw
        Its cells.
    sheet
        What it should hold.
    headings
        The user's own headings (as :func:`heading_key` spells them) to our columns.
    collector
        Takes the problems.

    Returns
    -------
    Table
        Rows in the order of the sheet; rows that are titles or totals are left out.
    """
    if raw.hidden:
        collector.add("V115", sheet=sheet.name)
    found = _find_header(raw, sheet, headings)
    if found is None:
        if any(_filled(cells) for _, cells in raw.rows):
            names = ", ".join(c.name for c in sheet.columns if c.required)
            collector.add("V116", sheet=sheet.name, level="stop" if sheet.required else None, columns=names)
        return Table(sheet, there=bool(raw.rows))
    start, index = found
    for number, cells in raw.rows[:start]:
        if _filled(cells):
            collector.add("V117", sheet=sheet.name, row=number, found=_first(cells))
    mapping = _map_columns(raw.rows[start], sheet, headings, collector)
    body = _body(raw, start, mapping, index, sheet, collector)
    rows = [Row(number) for number, _ in body]
    for position, column in mapping.items():
        _read_column(raw, body, rows, position, column, sheet, collector)
    _report_merged(raw, raw.rows[start][0], sheet, collector)
    for column in sheet.columns:
        if not column.required:
            continue
        for row in rows if column.name in {c.name for c in mapping.values()} else ():
            value = row.values.get(column.name)
            if value is Special.NOT_KNOWN and column.kind in {"id", "reference"}:
                row.values.pop(column.name)
                row.reasons.append(f"{column.name} is not known")
                collector.add(
                    "V217",
                    sheet=sheet.name,
                    row=row.number,
                    column=column.name,
                    allowed=column.allowed_text,
                    subject=subject_of(sheet, row),
                )
            elif value is None and column.name not in row.unreadable and column.kind != "id":
                row.reasons.append(f"{column.name} is blank")
                collector.add(
                    "V216",
                    sheet=sheet.name,
                    row=row.number,
                    column=column.name,
                    allowed=column.allowed_text,
                    subject=subject_of(sheet, row),
                    or_not_known="" if column.kind in {"reference", "date"} else ", or 'not known'",
                )
    header, titles = raw.rows[start]
    origin = Origin(
        sheet=raw.name,
        header=header,
        headings={column.name: (position, str(titles[position])) for position, column in mapping.items()},
        width=1 + max(n for _, cells in raw.rows[start:] for n, cell in enumerate(cells) if not _blank(cell)),
    )
    return Table(sheet, rows, frozenset(c.name for c in mapping.values()), True, origin)


def subject_of(sheet: Sheet, row: Row) -> str | None:
    """What a row is about, by its key columns.

    Parameters
    ----------
    sheet, row
        The row of a sheet.

    Returns
    -------
    str or None
        Such as ``S001`` or ``S001/final``; None where the key is blank.
    """
    parts = [str(row.values[k]) for k in sheet.key if row.values.get(k) is not None]
    return "/".join(parts) or None


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _filled(cells: Sequence[Any]) -> list[Any]:
    return [c for c in cells if not _blank(c)]


def _first(cells: Sequence[Any]) -> str:
    return " ".join(str(_filled(cells)[0]).split())


def _column_of(heading: str, sheet: Sheet, headings: Mapping[str, str]) -> tuple[Column | None, bool]:
    """The column of a heading, and whether the heading is our own word for it."""
    key = heading_key(heading)
    if key in sheet.by_name:
        return sheet.by_name[key], True
    for table in (headings, HEADINGS.get(sheet.name, {}), HEADINGS["*"]):
        named = table.get(key, "")
        column = sheet.by_name.get(named.removeprefix(f"{sheet.name}."))
        if column:
            return column, False
    return None, False


def _find_header(raw: RawSheet, sheet: Sheet, headings: Mapping[str, str]) -> tuple[int, set[str]] | None:
    best: tuple[int, int] | None = None
    for n, (_, cells) in enumerate(raw.rows[:HEADER_WITHIN]):
        known = {c.name for c, _ in (_column_of(str(v), sheet, headings) for v in _filled(cells)) if c}
        if known and (best is None or len(known) > best[0]):
            best = (len(known), n)
    # One known word in a row of text is chance, unless the sheet is as narrow.
    if best is None or best[0] < min(2, len(sheet.columns)):
        return None
    keys = {heading_key(str(v)) for v in _filled(raw.rows[best[1]][1])}
    return best[1], keys


def _map_columns(
    header: tuple[int, Sequence[Any]], sheet: Sheet, headings: Mapping[str, str], collector: Collector
) -> dict[int, Column]:
    number, cells = header
    mapping: dict[int, Column] = {}
    ours: dict[str, bool] = {}
    order = sorted(
        (n for n, v in enumerate(cells) if not _blank(v)),
        key=lambda n: (not _column_of(str(cells[n]), sheet, headings)[1], n),
    )
    for n in order:
        heading = " ".join(str(cells[n]).split())
        column, own = _column_of(heading, sheet, headings)
        where: dict[str, Any] = {"sheet": sheet.name, "row": number, "column": heading, "found": heading}
        if is_personal(heading) and not (own or (column and column.name == "name")):
            collector.add("V122", **where)
        elif column is None and is_protected_characteristic(heading):
            collector.add("V124", **where)
        elif column is None or (column.name in ours and ours[column.name] and not own):
            collector.add("V112", suggestion=did_you_mean(heading_key(heading), sheet.by_name), **where)
        elif column.name in ours:
            collector.add("V114", **where)
        else:
            mapping[n], ours[column.name] = column, own
            if not own:
                collector.add("V113", meaning=column.name, **where)
    return mapping


def _body(
    raw: RawSheet, start: int, mapping: Mapping[int, Column], header: set[str], sheet: Sheet, collector: Collector
) -> list[tuple[int, Sequence[Any]]]:
    """The rows below the headings, less blank ones, titles, totals and repeated headings."""
    body: list[tuple[int, Sequence[Any]]] = []
    headed = {n for n, v in enumerate(raw.rows[start][1]) if not _blank(v)}
    needs = sum(c.required for c in sheet.columns)
    stray: int | None = None
    for number, cells in raw.rows[start + 1 :]:
        filled = _filled(cells)
        if not filled:
            continue
        if stray is None and any(n not in headed and not _blank(v) for n, v in enumerate(cells)):
            stray = number
        first = filled[0]
        if isinstance(first, str):
            if _TOTAL.fullmatch(first.strip()):
                collector.add("V118", sheet=sheet.name, row=number, found=_first(cells))
                continue
            title = len(filled) == 1 and needs > 1 and not any(ch.isdigit() for ch in first)
            again = len(filled) > 1 and heading_key(first) in header and {heading_key(str(v)) for v in filled} == header
            if title or again:
                collector.add("V117", sheet=sheet.name, row=number, found=_first(cells))
                continue
        if any(n < len(cells) and not _blank(cells[n]) for n in mapping):
            body.append((number, cells))
    if stray is not None:
        collector.add("V121", sheet=sheet.name, row=stray)
    return body


def _read_column(
    raw: RawSheet, body: list[tuple[int, Sequence[Any]]], rows: list[Row], position: int, column: Column, sheet: Sheet,
    collector: Collector,
) -> None:  # fmt: skip
    cache: dict[tuple[type, Any], Outcome] = {}
    remarks: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    name = column.name
    for (number, cells), row in zip(body, rows, strict=True):
        value = cells[position] if position < len(cells) else None
        if value is None:
            continue
        # 1, 1.0 and True are one key of a dictionary, so the type is part of it.
        key = (value.__class__, value)
        outcome = cache.get(key)
        if outcome is None:
            outcome = cache[key] = convert(column, value, raw.typed)
        if outcome.problem:
            report_cell(collector, sheet, row, column, outcome)
        elif outcome.value is not None:
            row.values[name] = outcome.value
        for code, example in outcome.remarks:
            remarks[code].append((number, example))
    computed = [
        (number, str(cells[position]))
        for number, cells in (body if raw.formulas else ())
        if raw.formulas.get((number, position)) and position < len(cells) and not _blank(cells[position])
    ]
    if computed:
        remarks["V209"] = computed
    for code, found in remarks.items():
        collector.add(
            code,
            sheet=sheet.name,
            row=found[0][0],
            column=name,
            count=len(found),
            found=quoted(example for _, example in found),
            allowed=column.allowed_text,
        )


def _report_merged(raw: RawSheet, header: int, sheet: Sheet, collector: Collector) -> None:
    for merged in raw.merged:
        last = re.search(r":[A-Z]+(\d+)$", merged)
        if last and int(last[1]) > header:
            first = re.match(r"[A-Z]+(\d+)", merged)
            collector.add("V119", sheet=sheet.name, row=int(first[1]) if first else None, found=merged)


def repeated(table: Table, collector: Collector, defaults: Mapping[str, Any], extra: str = "") -> dict[Any, list[Row]]:
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
        for row in rows[1:] if same else rows:
            collector.add(
                "V302" if same else "V301",
                sheet=table.sheet.name,
                row=row.number,
                column=key_columns[-1],
                subject=subject,
                count=len(rows),
                extra=extra,
            )
            drop.add(id(row))
        if not same:
            apart[key] = rows
    table.rows = [row for row in table.rows if id(row) not in drop]
    return apart
