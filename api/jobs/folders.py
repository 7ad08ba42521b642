"""Folders in which the processes of runs work: they hold personal data, so none is left behind, whatever is killed."""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Collection
from pathlib import Path

from models.errors import UsageError


def working_folder(database: str) -> Path:
    """The folder of this machine in which runs of a store are worked on; closed to everybody else.

    Parameters
    ----------
    database
        URL of the store.

    Returns
    -------
    Path
        It is there.

    Raises
    ------
    UsageError
        Somebody else has made it.
    """
    user = getattr(os, "getuid", lambda: 0)()  # there is none on Windows, where temporary folders are a user's own
    folder = Path(tempfile.gettempdir()) / f"placements-{user}-{hashlib.sha256(database.encode()).hexdigest()[:12]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user or (found.st_mode & 0o077 and os.name == "posix"):
        raise UsageError(
            f"'{folder}', in which runs are worked on, is not this user's alone: remove it, then start again"
        )
    return folder


def sweep(folder: Path, left: Collection[str], wanted: Collection[str]) -> None:
    """Remove what runs left whose process was killed.

    Parameters
    ----------
    folder
        Of :func:`working_folder`.
    left
        Names of what was there before it was asked what is wanted.
    wanted
        Names of folders that are worked in.
    """
    for name in set(left).difference(wanted):
        shutil.rmtree(folder / name, ignore_errors=True)
