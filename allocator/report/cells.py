"""Values made safe for a cell: text stays text (never a formula), and every file is the same for the same input."""

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell

from allocator.begun import folder_made
from allocator.files import whole
from allocator.views.table import CellValue
from models.errors import UnwrittenError

LONGEST_TEXT = 32_767
"""Characters that a cell holds (Excel's limit)."""
FIXED_DATE = date(2000, 1, 1)
"""Stands in the properties of a workbook when the policy holds no ``as_of``."""
OURS = "placements"
"""Stands as author and last editor; a spreadsheet program puts its user there when somebody saves the file."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_UNSAFE_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED_NAMES = frozenset(
    ["con", "prn", "aux", "nul"] + [f"{word}{digit}" for word in ("com", "lpt") for digit in range(1, 10)]
)

_PROPERTIES = "docProps/core.xml"
_NO_DIGEST = "0" * 32
"""Stands in the properties until the digest is known."""


def put(cell: Cell, value: CellValue) -> None:
    """Write a value into a cell; text that looks like a formula stays text.

    Parameters
    ----------
    cell
        The cell to fill.
    value
        Text, number, date, or None for a blank cell.
    """
    if not isinstance(value, str):
        cell.value = value
        return
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:LONGEST_TEXT]
    cell.value = text
    # openpyxl takes '=...' for a formula and '#N/A' for an error: say that it is text.
    cell.data_type = "s"
    if text.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True


def csv_bytes(rows: Iterable[Sequence[CellValue]]) -> bytes:
    """Rows as a CSV file that Excel and Word open by themselves: marked as UTF-8, lines ended as on Windows.

    Parameters
    ----------
    rows
        Values; text that looks like a formula gets an apostrophe before it, since such a file cannot say what is text.
    """
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([_csv_value(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _csv_value(value: CellValue) -> CellValue:
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def file_stem(name: str, taken: set[str]) -> str:
    """A file name (without ending) that every operating system accepts, unlike all that are taken.

    Parameters
    ----------
    name
        Any text, for example an agency.
    taken
        Stems given so far, lower case; the new one is added.

    Returns
    -------
    str
        At most 80 characters and a number where two names would be one.
    """
    stem = _UNSAFE_IN_FILE_NAMES.sub("-", name).strip(" .-")[:80].strip(" .-") or "agency"
    if stem.casefold().split(".")[0] in _RESERVED_NAMES:
        stem = f"_{stem}"
    result, number = stem, 1
    while result.casefold() in taken:
        number += 1
        result = f"{stem} ({number})"
    taken.add(result.casefold())
    return result


def save(workbook: Workbook, path: Path, title: str, day: date | None) -> None:
    """Write a workbook so that equal content is an equal file, and never leave half a file.

    Parameters
    ----------
    workbook
        The workbook; its properties are set here.
    path
        Where it goes; an existing file is replaced.
    title
        Title in the properties.
    day
        Stands as created and modified (None: a fixed day).

    Raises
    ------
    UnwrittenError
        The file cannot be written, for example because it is open in a spreadsheet program.
    """
    moment = datetime.combine(day or FIXED_DATE, time())
    properties = workbook.properties
    properties.title, properties.creator, properties.lastModifiedBy = title, OURS, OURS
    properties.created, properties.identifier = moment, _NO_DIGEST
    raw = io.BytesIO()
    workbook.save(raw)
    write_bytes(path, _without_clock(raw.getvalue(), moment))


def saved_by_us(path: Path) -> bool:
    """Whether a workbook is as it was written: its parts still have the digest that was written beside them.

    The name of whoever saved it last does not tell: some programs leave it as it was.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return f">{_digest(archive)}<".encode() in archive.read(_PROPERTIES)
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def _digest(archive: zipfile.ZipFile) -> str:
    """Digest (32 hex digits) of everything but the properties."""
    found = hashlib.blake2b(digest_size=16)
    for name in sorted(n for n in archive.namelist() if not n.startswith("docProps/")):
        found.update(name.encode())
        found.update(archive.read(name))
    return found.hexdigest()


def write_bytes(path: Path, content: bytes) -> None:
    """Replace a file in one step; its folder is made if absent.

    Raises
    ------
    UnwrittenError
        The file cannot be written.
    """
    try:
        with folder_made(path.parent), whole(path) as partial:
            partial.write_bytes(content)
    except OSError as error:
        raise UnwrittenError((), [(path, error.strerror or str(error))]) from error


def _without_clock(content: bytes, moment: datetime) -> bytes:
    """The same archive with fixed times (the library writes the time of saving into it) and the digest of its parts."""
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        digest = _digest(source).encode()
        for name in source.namelist():
            part = source.read(name)
            if name == _PROPERTIES:
                part = part.replace(_NO_DIGEST.encode(), digest)
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, part)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, part)
    return result.getvalue()
