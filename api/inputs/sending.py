"""Something that was sent: its bytes, under a name that is safe as a file's; packed ones are held to limits."""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, NamedTuple

from allocator.settling.policy_keys import as_text
from api.problems import TooLargeError

SHEETS_NAME = "sheets.json"
LONGEST_NAME = 120
MOST_PARTS = 10_000
"""Files in a workbook (it is a zip file); a real one has some dozens."""
_UNSAFE = re.compile(r"[^\w .()\-]")


class Sent(NamedTuple):
    """Bytes, and the name of the file."""

    data: bytes
    filename: str


def sent(data: bytes, filename: str | None, unpacked_bytes: int) -> Sent:
    """Take a file that was uploaded.

    Parameters
    ----------
    data
        Its bytes.
    filename
        What the sender calls it.
    unpacked_bytes
        How large it may be when it is unpacked.

    Returns
    -------
    Sent
        To be read.

    Raises
    ------
    TooLargeError
        It unpacks to more, or into too many parts.
    """
    if zipfile.is_zipfile(io.BytesIO(data)):  # whatever stands before it: it is looked for from the end
        _judge_packed(data, unpacked_bytes)
    return Sent(data, safe_name(filename))


def sheets_sent(sheets: Mapping[str, Any]) -> Sent:
    """Take sheets that came as JSON, as a file of the library's JSON form."""
    return Sent(json.dumps(sheets, ensure_ascii=False, allow_nan=False).encode(), SHEETS_NAME)


def safe_name(filename: str | None) -> str:
    """The name of an upload as a name in any folder: no folders, nothing hidden, nothing that a system minds.

    Parameters
    ----------
    filename
        As it was sent.

    Returns
    -------
    str
        With its ending, by which the library knows what it is.
    """
    name = _UNSAFE.sub("_", PurePath((filename or "").replace("\\", "/")).name).strip(" .")
    ending = PurePath(name).suffix[:10]
    stem = name.removesuffix(ending)[: LONGEST_NAME - len(ending)].strip(" .")
    return f"{stem or 'upload'}{ending}"


def _judge_packed(data: bytes, most: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return  # the library says what is wrong with it
    size = sum(part.file_size for part in parts)  # unpacking ends at this size, whatever is inside
    if size > most:
        raise TooLargeError(
            f"The file unpacks to {size:,} bytes, more than the {most:,} that this service reads (unpacked_bytes)."
        )
    if len(parts) > MOST_PARTS:
        raise TooLargeError(f"The file holds {len(parts):,} parts; a workbook has fewer than {MOST_PARTS:,}.")


def settings_text(settings: Mapping[str, Any]) -> dict[str, str]:
    """Settings as text by key, as ``--set`` gives them."""
    return {key: as_text(value) for key, value in settings.items()}
