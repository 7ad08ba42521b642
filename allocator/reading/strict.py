"""Workbooks saved as 'Strict Open XML': the same elements under other names, which the library does not know."""

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import IO

_RELATIONS = "_rels/.rels"
_STRICT = b"http://purl.oclc.org/ooxml/"
_NAME = re.compile(re.escape(_STRICT) + rb"(\w+)/")


def open_transitional(path: Path) -> IO[bytes]:
    """Open a workbook; a strict one under the names that every other workbook uses.

    Parameters
    ----------
    path
        The workbook.

    Returns
    -------
    IO
        The file itself, or a copy in memory.
    """
    with zipfile.ZipFile(path) as archive:
        if _RELATIONS not in archive.namelist() or _STRICT not in archive.read(_RELATIONS):
            return path.open("rb")
        copy = BytesIO()
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as other:
            for entry in archive.infolist():
                content = archive.read(entry)
                if entry.filename.casefold().endswith((".xml", ".rels")):
                    content = _NAME.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content)
                other.writestr(entry.filename, content)
    copy.seek(0)
    return copy
