"""An input of any form to a dataset and a policy: reading (file to rows), then settling (rows to facts)."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from allocator.garbage import searched_every
from allocator.reading.reader import read_register, register_of
from allocator.settling.settling import Reading, settle
from models.errors import UsageError

__all__ = ["Reading", "read", "read_sheets"]


def read(
    path: Path, settings: Mapping[str, str] = {}, today: date | None = None, *, rows: int | None = None
) -> Reading:
    """Read a workbook, a folder of CSV files (one per sheet) or a JSON file.

    Parameters
    ----------
    path
        The file or folder.
    settings
        Settings for this run, as ``--set`` gives them; they win over the Policy sheet.
    today
        Fills the policy's ``as_of`` where it is blank; by default the day of the run.
    rows
        How many it may have; any number by default.

    Returns
    -------
    Reading
        Dataset, policy and issues.

    Raises
    ------
    UsageError
        There is nothing at ``path``, or it has more rows.
    InputUnusableError
        The input cannot be used; holds every problem that was found.
    PolicyError
        One of ``settings`` is unknown or out of range.
    """
    with searched_every(0):
        register = read_register(path)
        found = sum(len(page.rows) for page in register.pages.values())
        if rows is not None and found > rows:
            raise UsageError(f"{path.name} has {found:,} rows, more than the {rows:,} that are read here (rows)")
        return settle(register, settings, today, last=True)


def read_sheets(sheets: Mapping[str, Any], settings: Mapping[str, str] = {}, today: date | None = None) -> Reading:
    """Read sheets that are already in memory, as the JSON form has them.

    Parameters
    ----------
    sheets
        Sheet name to a list of rows, each a mapping of column to value.
    settings, today
        As for :func:`read`.

    Returns
    -------
    Reading
        Dataset, policy and issues.

    Raises
    ------
    InputUnusableError
        The input cannot be used; holds every problem that was found.
    PolicyError
        One of ``settings`` is unknown or out of range.
    """
    with searched_every(0):
        return settle(register_of(sheets), settings, today, last=True)
