"""Workbooks: values by the streaming reader, formulas and merged cells straight from the sheets' own text.

The streaming reader keeps a sheet of 100,000 rows within a few hundred megabytes, but it knows neither merged cells
nor which values are computed; both are found by looking through the sheet's XML once.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple

LARGEST_BYTES = 2_000_000_000
"""Most bytes of an unpacked workbook; beyond it, it is a fault or an attack, not a partnership."""
EMPTY_RUN = 10_000
"""Rows without a value after which a sheet is taken to have ended (formatted rows often go on for a million)."""

_FORMULA = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*?\br=\"([A-Z]+[0-9]+)\"[^>]*)>\s*"  # the cell
    rb"<(?:\w+:)?f\b(?:[^>]*/>|.*?</(?:\w+:)?f>)\s*"  # its formula
    rb"(<(?:\w+:)?v>[^<])?",  # its computed value, if there is one
    re.DOTALL,
)  # fmt: skip
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z0-9:]+)\"")


@dataclass(slots=True)
class WorkbookSheet:
    """One worksheet: rows with their numbers (blank ones at the end dropped), and what is special about its cells."""

    name: str
    rows: list[tuple[int, Sequence[Any]]]
    hidden: bool
    merged: tuple[str, ...] = ()
    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    cut_after: int | None = None


def read_workbook(path: Path) -> Iterator[WorkbookSheet]:
    """Read the worksheets of a workbook (.xlsx, .xlsm).

    Parameters
    ----------
    path
        The workbook.

    Yields
    ------
    WorkbookSheet
        In the workbook's order; chart sheets are left out.

    Raises
    ------
    Exception
        Whatever the workbook library meets in a damaged file; the caller maps it.
    """
    with warnings.catch_warnings(), path.open("rb") as stream, zipfile.ZipFile(path) as archive:
        # The library warns about drop-downs and styles that it drops; nothing of them is read here.
        warnings.simplefilter("ignore")
        book = load_workbook(stream, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                # Some writers state a wrong extent; without one the reader takes the rows as they come.
                sheet.reset_dimensions()
                rows: list[tuple[int, Sequence[Any]]] = []
                empty = 0
                cut = False
                for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                    if any(c is not None for c in cells):
                        empty = 0
                    else:
                        empty += 1
                        if empty > EMPTY_RUN:
                            cut = True
                            break
                    rows.append((number, cells))
                if empty:
                    del rows[len(rows) - min(empty, EMPTY_RUN) :]
                text = archive.read(sheet._worksheet_path.lstrip("/"))  # type: ignore[attr-defined]
                yield WorkbookSheet(
                    sheet.title,
                    rows,
                    sheet.sheet_state != "visible",
                    tuple(sorted({m.decode() for m in _MERGED.findall(text)})) if b"mergeCell" in text else (),
                    dict(_formulas(text)),
                    EMPTY_RUN if cut else None,
                )
        finally:
            book.close()


def _formulas(text: bytes) -> Iterator[tuple[tuple[int, int], bool]]:
    if b"<f" not in text and b":f" not in text:
        return
    for facts, cell, value in _FORMULA.findall(text):
        row, column = coordinate_to_tuple(cell.decode())
        # A formula whose value is an empty text has a type and no value.
        yield (row, column - 1), bool(value) or b't="str"' in facts


def is_old_or_protected(path: Path) -> Literal["old", "protected"]:
    """What a compound file is: an old workbook, or a new one behind a password.

    Parameters
    ----------
    path
        A file that starts with the compound-file signature.

    Returns
    -------
    {"old", "protected"}
        By the name of the stream that holds an encrypted package.
    """
    return "protected" if "EncryptedPackage".encode("utf-16-le") in path.read_bytes() else "old"
