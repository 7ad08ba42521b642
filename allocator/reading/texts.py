"""Bytes to text and to rows of comma-separated cells: every encoding, line end and separator that programs write."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from allocator.reading.collecting import Collector

LONGEST_CELL = 1_000_000
"""Most characters of a cell in a CSV file."""
_LONE = re.compile("[\ud800-\udfff]")


def csv_files(folder: Path) -> list[Path]:
    """The CSV files of a folder, in the order of their names; what programs keep hidden beside them is none.

    Parameters
    ----------
    folder
        Its other files and folders are left out.

    Raises
    ------
    OSError
        The folder cannot be read.
    """
    found = (p for p in folder.iterdir() if p.suffix.casefold() == ".csv" and p.name[0] not in ".~")
    return sorted((p for p in found if p.is_file()), key=lambda p: p.name)


def whole(text: str) -> str:
    """A text that can be written down: halves of characters, which JSON can spell, become the mark of a lost one.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The same without lone surrogates.
    """
    return text if text.isascii() else _LONE.sub("\ufffd", text)


def decode(data: bytes, file: str, sheet: str | None, collector: Collector) -> str:
    """Bytes to text: UTF-8 with or without byte order mark, UTF-16 with one, else Windows-1252 with a warning.

    Parameters
    ----------
    data
        The file's bytes.
    file, sheet
        For the warning.
    collector
        Takes it.

    Returns
    -------
    str
        The text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        collector.add("V125", sheet=sheet, file=file)
        return data.decode("cp1252", errors="replace")


def separator_of(text: str) -> str:
    """What separates the cells of a CSV text, by its first line.

    Parameters
    ----------
    text
        The whole text.

    Returns
    -------
    str
        A comma; a semicolon or a tab only where there is no comma.
    """
    blank = len(text) - len(text.lstrip())
    first = next((line for line in text[: blank + LONGEST_CELL].splitlines() if line.strip()), "")
    other = max((";", "\t"), key=first.count)
    return other if "," not in first and other in first else ","


def csv_rows(text: str, separator: str) -> Iterator[list[str]]:
    """The rows of a CSV text.

    Parameters
    ----------
    text
        The whole text; its lines end in CR LF, LF or (older programs of the Mac) CR alone.
    separator
        What separates its cells.

    Yields
    ------
    list of str
        The cells of a row; within quotes a line end is part of the cell.

    Raises
    ------
    csv.Error
        A cell is too long.
    """
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def line_end(text: str) -> str:
    """How the lines of a text end.

    Parameters
    ----------
    text
        The whole text.

    Returns
    -------
    str
        CR LF, CR or LF.
    """
    return "\r\n" if "\r\n" in text else "\n" if "\n" in text or "\r" not in text else "\r"
