"""What newer programs keep in a sheet's extensions, carried into a copy that the library has made without it."""

import re
import zipfile
from pathlib import Path
from xml.etree.ElementTree import fromstring

from allocator.reading.strict import open_transitional

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_KEPT = (
    b"{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}",  # drop-downs whose words stand on another sheet
    b"{78C0D931-6437-407d-A8EE-F0AAD7539E65}",  # conditional formats
)
"""Extensions that stand by themselves; others point to parts that the copy does not have."""
_LIST = re.compile(rb"<extLst\b[^>]*>(.*?)</extLst>\s*</worksheet>\s*$", re.DOTALL)
_ONE = re.compile(rb"<ext\b[^>]*?\buri=\"([^\"]*)\"[^>]*>.*?</ext>", re.DOTALL)
_ROOT = re.compile(rb"<worksheet\b[^>]*>")
_NAMES = re.compile(rb"\sxmlns:\w+=(?:\"[^\"]*\"|'[^']*')")


def keep_extensions(source: Path, target: Path) -> None:
    """Put drop-downs and conditional formats of newer programs into a copy of a workbook.

    Parameters
    ----------
    source
        The workbook as it was.
    target
        The copy; changed where the source has such extensions.
    """
    with open_transitional(source) as stream, zipfile.ZipFile(stream) as before, zipfile.ZipFile(target) as after:
        had, has = sheet_parts(before), sheet_parts(after)
        blocks = {
            has[name]: block for name, part in had.items() if name in has and (block := _block(before.read(part)))
        }
        if not blocks:
            return
        entries = [(entry, after.read(entry)) for entry in after.infolist()]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry, content in entries:
            head, end, rest = content.rpartition(b"</worksheet>")
            block = blocks.get(entry.filename, b"")
            copy.writestr(entry, head + block + end + rest if block and b"<extLst" not in head else content)


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The parts of the sheets by their names.

    Parameters
    ----------
    archive
        A workbook.

    Returns
    -------
    dict
        Sheets whose part is missing are left out.
    """
    relations = {r.get("Id"): r.get("Target", "") for r in fromstring(archive.read("xl/_rels/workbook.xml.rels"))}
    parts = set(archive.namelist())
    found: dict[str, str] = {}
    for element in fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet"):
            part = relations.get(element.get(_RELATION), "")
            part = part.lstrip("/") if part.startswith("/") else f"xl/{part}"
            if part in parts:
                found[element.get("name", "")] = part
    return found


def _block(xml: bytes) -> bytes:
    """The extensions of a sheet that stand by themselves, with the names that its root declares."""
    listed, root = _LIST.search(xml), _ROOT.search(xml)
    kept = [one[0] for one in _ONE.finditer(listed[1]) if one[1] in _KEPT] if listed and root else []
    if not kept or not root:
        return b""
    return b"<extLst" + b"".join(_NAMES.findall(root[0])) + b">" + b"".join(kept) + b"</extLst>"
