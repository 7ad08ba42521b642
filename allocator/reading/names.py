"""Names, read only when a report is written for the team; never stored, never sent to engine or API."""

import csv
from pathlib import Path
from zipfile import BadZipFile

import pandas as pd

from models.errors import UsageError


def read_names(path: Path) -> dict[str, str]:
    """Names by id from a local file of id, name, e-mail.

    Parameters
    ----------
    path
        A CSV file or a workbook whose first two columns are headed ``id`` and ``name``.

    Returns
    -------
    dict
        Name by id, blanks left out.

    Raises
    ------
    UsageError
        When the file cannot be read or has no such columns.
    """
    try:
        table = _read_csv(path) if path.suffix.casefold() == ".csv" else pd.read_excel(path, dtype=str)
    except (OSError, ValueError, KeyError, BadZipFile, csv.Error) as error:
        raise UsageError(f"{path} cannot be read as a file of names: {error}") from error
    table.columns = pd.Index([str(c).strip().casefold() for c in table.columns])
    if not {"id", "name"} <= set(table.columns):
        raise UsageError(f"{path} needs the columns id and name; found {', '.join(table.columns)}")
    known = table.dropna(subset=["id", "name"])
    ids, names = known["id"].str.strip(), known["name"].str.strip()
    twice = sorted(set(ids[ids.duplicated()]))
    if twice:
        raise UsageError(f"{path} has more than one row for {', '.join(twice)}: a student must not be shown as another")
    return dict(zip(ids, names, strict=True))


def _read_csv(path: Path) -> pd.DataFrame:
    """Commas or semicolons, UTF-8 or what Excel writes on Windows."""
    try:
        return pd.read_csv(path, dtype=str, sep=None, engine="python", encoding="utf-8-sig")
    except UnicodeDecodeError:
        return pd.read_csv(path, dtype=str, sep=None, engine="python", encoding="cp1252")
