"""Sheets of cells to tables of typed rows: headings found, titles and totals skipped, every cell read by its column."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from openpyxl.utils.cell import range_boundaries

from allocator.reading.bodies import body_of, first_words, used
from allocator.reading.cells import Outcome, convert
from allocator.reading.collecting import Collector, quoted
from allocator.reading.columns import Column, Sheet
from allocator.reading.folding import fold
from allocator.reading.headings import filled_of, find_header, is_blank, map_columns
from allocator.reading.marks import Marks
from allocator.reading.own_columns import own_cells, own_columns
from allocator.reading.sources import RawSheet
from models.errors import Level
from models.register import Origin, OwnColumn, Row, Special

_TALLEST, _WIDEST = 10_000, 200
"""Rows and columns of a merged range that are looked at."""
_NOT_KNOWN = Special.NOT_KNOWN


@dataclass(slots=True)
class Table:
    """A sheet that was read, and where it stands. ``there`` is False where the input has no such sheet.

    ``own`` are the team's own columns; ``left_out`` names what else stands on the sheet.
    """

    sheet: Sheet
    rows: list[Row] = field(default_factory=list)
    columns: frozenset[str] = frozenset()
    there: bool = False
    origin: Origin | None = None
    own: tuple[OwnColumn, ...] = ()
    left_out: list[str] = field(default_factory=list)


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
    if column.limits:
        cost = column.unreadable or "the row cannot be used"
        return "set_aside", f", and the cell limits what may be planned, so {cost}"
    if column.required:
        return "set_aside", f", so {column.unreadable or 'the row cannot be used'}"
    if column.asks:
        cost = column.unreadable or "a match that it may forbid waits until it can be read"
        return "warning", f", so it counts as not known: {cost}"
    return "warning", f", so {column.unreadable or f'the cell counts as blank ({column.blank})'}"


def takes_nobody(sheet: Sheet, row: Row) -> bool:
    """Whether a cell that limits what may be planned could not be read: the row stays, and takes nobody new.

    Parameters
    ----------
    sheet, row
        A row of a sheet.

    Returns
    -------
    bool
        False where all of them could be read, or are blank.
    """
    return any(_limits(row, sheet.by_name[name]) for name in row.unreadable)


def _limits(row: Row, column: Column) -> bool:
    return column.limits and (
        not column.beside or column.beside in row.unreadable or row.values.get(column.beside) not in (None, 0)
    )


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
    limits = _limits(row, column)
    level, cost = consequence(replace(column, limits=False, unreadable="") if column.limits > limits else column)
    otherwise = "" if column.required else _otherwise(sheet, column)
    collector.add(
        outcome.problem or "V201",
        sheet=sheet.name,
        row=row.number,
        column=column.name,
        found=outcome.found,
        level="stop" if outcome.problem == "V123" else level,
        allowed=column.allowed_text,
        subject=subject_of(sheet, row),
        **(dict[str, Any](consequence=cost, hint="", suggestion="", otherwise=otherwise) | outcome.words),
    )
    row.unreadable[column.name] = outcome.found or ""
    if column.asks:
        row.values[column.name] = _NOT_KNOWN
    if level == "set_aside" and not (limits and column.unreadable):
        row.reasons.append(f"{column.name} cannot be read")


def _otherwise(sheet: Sheet, column: Column) -> str:
    """What else may be typed. A blank often means something generous (1 place, no limit): so it is said what."""
    not_known = ", or 'not known'" if sheet.carries_not_known(column) else ""
    none = "; where there are none, type 0" if column.none else ""
    return f"{not_known}{none} (blank means: {column.blank})"


def parse(
    raw: RawSheet, sheet: Sheet, headings: Mapping[str, str], collector: Collector, none: Collection[str] = ()
) -> Table:
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
    none
        Words, folded, that are read as 0 where a cell says how many places there are.

    Returns
    -------
    Table
        Rows in the order of the sheet; rows that are titles or totals are left out.
    """
    if raw.hidden:
        collector.add("V115", sheet=sheet.name)
    found = find_header(raw, sheet, headings)
    if found is None:
        if any(filled_of(cells) for _, cells in raw.rows):
            names = ", ".join(c.name for c in sheet.columns if c.required)
            collector.add("V116", sheet=sheet.name, level="stop" if sheet.required else None, columns=names)
        return Table(sheet, there=bool(raw.rows), left_out=[f"the sheet '{raw.name}'"] if raw.rows else [])
    start, index = found
    for number, cells in raw.rows[:start]:
        if filled_of(cells):
            collector.add("V117", sheet=sheet.name, row=number, found=first_words(cells))
    mapping = map_columns(raw.rows[start], sheet, headings, collector)
    body = body_of(raw, start, mapping, index, sheet, collector)
    # In the order of our columns, so that what is said of a row does not depend on that of the file's.
    places = {column.name: position for position, column in mapping.items()}
    readers = [
        _ColumnReader(raw, sheet, places[column.name], column, collector, none)
        for column in sheet.columns
        if column.name in places
    ]
    own = own_columns(raw.rows[start][1], body, mapping)
    rows = [_read_row(number, cells, readers) for number, cells in body]
    for row, (_, cells) in zip(rows, body if own else (), strict=False):
        row.own = own_cells(cells, own)
    for reader in readers:
        reader.report(body)
    _report_marks(raw.marks, {number for number, _ in body}, mapping, sheet, collector)
    _check_required(rows, places, sheet, _merged_cells(raw, raw.rows[start][0]), collector)
    _say_what_is_not_known(rows, [sheet.by_name[name] for name in places], sheet, collector)
    header, titles = raw.rows[start]
    origin = Origin(
        sheet=raw.name,
        header=header,
        headings={column.name: (position, str(titles[position])) for position, column in mapping.items()},
        width=max(used(cells) for _, cells in raw.rows[start:]),
    )
    outside = {number for number, cells in raw.rows if filled_of(cells)} - {header, *(row.number for row in rows)}
    left_out = [f"row {number} of '{raw.name}', which is none of the table" for number in sorted(outside)]
    return Table(sheet, rows, frozenset(c.name for c in mapping.values()), True, origin, tuple(own.values()), left_out)


def _check_required(
    rows: Sequence[Row], places: Mapping[str, int], sheet: Sheet, merged: Mapping[tuple[int, int], str],
    collector: Collector,
) -> None:  # fmt: skip
    """Hold blank cells that must be filled against their rows; where cells are merged, that is the cause."""
    costly: set[str] = set()
    for column in sheet.columns:
        for row in rows if column.required and column.name in places else ():
            cells = merged.get((row.number, places[column.name]), "")
            if check_filled(sheet, row, column, collector, cells) and cells:
                costly.add(cells)
    for cells in sorted(set(merged.values()) - costly):
        first = re.match(r"[A-Z]+(\d+)", cells)
        collector.add("V119", sheet=sheet.name, row=int(first[1]) if first else None, found=cells, consequence="")


def check_filled(sheet: Sheet, row: Row, column: Column, collector: Collector, merged: str = "") -> bool:
    """Hold a blank against its row, in a column that must be filled.

    Parameters
    ----------
    sheet, row, column
        Where.
    collector
        Takes the problem.
    merged
        The merged range in which the cell lies, which then is the cause.

    Returns
    -------
    bool
        Whether it is blank.
    """
    value = row.values.get(column.name)
    where: dict[str, Any] = {
        "sheet": sheet.name, "row": row.number, "column": column.name, "allowed": column.allowed_text,
    }  # fmt: skip
    certain = column.name in sheet.key or column.kind in {"id", "reference", "date", "word"}
    if value is _NOT_KNOWN and certain:
        row.values.pop(column.name)
        row.unreadable[column.name] = str(_NOT_KNOWN.value)  # so that the cell is written as it was typed
        row.reasons.append(f"{column.name} is not known")
        collector.add("V217", subject=subject_of(sheet, row), **where)
    elif value is None and column.name not in row.unreadable and column.kind != "id":
        row.reasons.append(f"{column.name} is blank")
        subject = subject_of(sheet, row)
        if merged:
            collector.add(
                "V119", level="set_aside", sheet=sheet.name, row=row.number, column=column.name, found=merged,
                subject=subject, consequence=", so this row cannot be used",
            )  # fmt: skip
        else:
            otherwise = "" if certain else ", or 'not known'"
            collector.add("V216", subject=subject, or_not_known=otherwise, **where)
        return True
    return False


def _say_what_is_not_known(rows: Sequence[Row], columns: Iterable[Column], sheet: Sheet, collector: Collector) -> None:
    """Where nothing can wait for an answer, it is at least said what is counted until there is one."""
    for column in columns:
        unknown = [row for row in rows if row.values.get(column.name) is _NOT_KNOWN]
        if unknown and not sheet.carries_not_known(column):
            blank = column.blank or "blank"
            collector.add(
                "V222", sheet=sheet.name, row=unknown[0].number, column=column.name, count=len(unknown), found=blank
            )


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


def _read_row(number: int, cells: Sequence[Any], readers: Sequence["_ColumnReader"]) -> Row:
    row = Row(number)
    values, width = row.values, len(cells)
    for reader in readers:
        position = reader.position
        if position < width and (cell := cells[position]) is not None:
            # 1, 1.0 and True are one key of a dictionary, so the type is part of it.
            key = cell if cell.__class__ is str else (cell.__class__, cell)
            value = reader.plain.get(key)
            if value is not None:
                values[reader.name] = value
            else:
                reader.read(key, cell, row)
    return row


@dataclass(slots=True)
class _Remark:
    """What is worth mentioning about cells of a column: the first row, how many cells, examples, rows to mend."""

    row: int
    count: int = 0
    examples: set[str] = field(default_factory=set)
    rows: list[int] = field(default_factory=list)


class _ColumnReader:
    """Reads the cells of one column. ``plain`` holds the values of cells of which nothing is to be said."""

    def __init__(
        self, raw: RawSheet, sheet: Sheet, position: int, column: Column, collector: Collector, none: Collection[str]
    ) -> None:
        self._none = none if column.none else ()
        self.position, self.name = position, column.name
        self.plain: dict[Any, Any] = {}
        self._special: dict[Any, Outcome] = {}
        self._remarks: dict[str, _Remark] = {}
        self._computed = frozenset(raw.computed.get(position, ()))
        self._raw, self._sheet, self._column, self._collector = raw, sheet, column, collector

    def read(self, key: Any, cell: Any, row: Row) -> None:
        """Read a cell that was not read before, or of which something is to be said."""
        outcome = self._special.get(key)
        if outcome is None:
            outcome = convert(self._column, cell, self._raw.typed)
            if outcome.problem and isinstance(cell, str) and fold(cell) in self._none:
                outcome = Outcome(value=0, remarks=[("V214", f"'{cell.strip()}' as 0")])
            if outcome.value is not None and not outcome.problem and not outcome.remarks:
                row.values[self.name] = self.plain[key] = outcome.value
                return
            self._special[key] = outcome
        if outcome.problem:
            report_cell(self._collector, self._sheet, row, self._column, outcome)
        elif outcome.value is not None:
            row.values[self.name] = outcome.value
        for code, example in outcome.remarks:
            self._note(code, example, row.number)

    def report(self, body: Iterable[tuple[int, Sequence[Any]]]) -> None:
        """Report what is worth mentioning, once per column."""
        at = self.position
        for number, cells in body if self._computed else ():
            if number in self._computed and at < len(cells) and not is_blank(cells[at]):
                self._note("V209", str(cells[at]), number)
        for code, remark in self._remarks.items():
            self._collector.add(
                code,
                sheet=self._sheet.name,
                row=remark.row,
                rows=remark.rows,
                column=self.name,
                count=remark.count,
                found=quoted(remark.examples),
                allowed=self._column.allowed_text,
            )

    def _note(self, code: str, example: str, row: int) -> None:
        remark = self._remarks.setdefault(code, _Remark(row))
        remark.count += 1
        remark.examples.add(example)
        if code == "V223":
            remark.rows.append(row)


def _merged_cells(raw: RawSheet, header: int) -> dict[tuple[int, int], str]:
    """The cells below the headings that a merged range covers, less its first one, by row and column from 0."""
    covered: dict[tuple[int, int], str] = {}
    for merged in raw.merged:
        left, top, right, bottom = range_boundaries(merged)
        for number in range(max(top or 1, header + 1), min(bottom or 0, (top or 1) + _TALLEST) + 1):
            for position in range((left or 1) - 1, min(right or 0, (left or 1) + _WIDEST)):
                if (number, position) != (top, (left or 1) - 1):
                    covered[number, position] = merged
    return covered


def _report_marks(
    marks: Marks, body: set[int], mapping: Mapping[int, Column], sheet: Sheet, collector: Collector
) -> None:
    """Name rows and columns that a person does not see, or sees struck through: they count like any other."""
    for code, rows in (("V136", marks.hidden_rows & body), ("V137", marks.struck_rows & body)):
        if rows:
            collector.add(code, sheet=sheet.name, rows=rows, count=len(rows))
    for position in sorted(marks.hidden_columns & mapping.keys()):
        collector.add("V138", sheet=sheet.name, column=mapping[position].name)
