"""Blank rows far below what a sheet holds: spreadsheet programs write a million of them where a column has a format.

The library that copies workbooks makes objects of each of their cells, which takes minutes.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from allocator.reading.extensions import sheet_parts
from allocator.reading.xlsx import EMPTY_RUN

_DATA = re.compile(rb"<(\w+:|)sheetData\s*>")
_FILLED = re.compile(rb"<(?:\w+:)?(?:v|is|f)\b")
_SHORTEST = len(b'<row r="1"/>')


def without_far_blank_rows(stream: IO[bytes]) -> tuple[IO[bytes], dict[str, int]]:
    """A workbook without the blank rows that stand more than :data:`EMPTY_RUN` below a filled one.

    Parameters
    ----------
    stream
        The workbook.

    Returns
    -------
    tuple
        The stream itself, or a copy in memory; and how many rows are not in it, by sheet.
    """
    with zipfile.ZipFile(stream) as archive:
        shortened: dict[str, bytes] = {}
        rows: dict[str, int] = {}
        for name, part in sheet_parts(archive).items():
            if archive.getinfo(part).file_size > EMPTY_RUN * _SHORTEST:
                content, number = _shortened(archive.read(part))
                if number:
                    shortened[part], rows[name] = content, number
        if not rows:
            stream.seek(0)
            return stream, {}
        copy = BytesIO()
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as other:
            for entry in archive.infolist():
                other.writestr(entry.filename, shortened.get(entry.filename) or archive.read(entry))
    copy.seek(0)
    return copy, rows


def _shortened(xml: bytes) -> tuple[bytes, int]:
    """A sheet's XML without such rows, and how many there were; as it was where its rows cannot be told apart."""
    found = _DATA.search(xml)
    if not found:
        return xml, 0
    row = b"<" + found[1] + b'row r="'
    if b"<!" in xml or xml.count(row) != xml.count(b"<" + found[1] + b"row"):
        return xml, 0
    kept: list[bytes] = []
    begin = left_out = 0
    for start, end in _far_blank_rows(xml, found.end(), row):
        kept.append(xml[begin:start])
        left_out += xml.count(row, start, end)
        begin = end
    return b"".join([*kept, xml[begin:]]), left_out


def _far_blank_rows(xml: bytes, begin: int, row: bytes) -> Iterator[tuple[int, int]]:
    """Where such rows begin and end; only what is longer than so many rows can be is looked at row by row."""
    number = re.compile(re.escape(row) + rb"([0-9]{1,9})\"")
    ends = xml.rfind(b"sheetData>", begin)
    last = xml.rfind(b"</", begin, ends)
    before = begin
    for at in (*(filled.start() for filled in _FILLED.finditer(xml, begin, last)), last):
        if at - before > EMPTY_RUN * _SHORTEST:
            filled = number.match(xml, max(0, xml.rfind(row, begin, before)))
            lowest = EMPTY_RUN + (int(filled[1]) if filled else 0)
            start = next((m.start() for m in number.finditer(xml, before, at) if int(m[1]) > lowest), at)
            end = last if at == last else xml.rfind(row, begin, at)
            if start < end:
                yield start, end
        before = at
