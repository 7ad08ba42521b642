"""Files that are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import UsageError


def check_folder(path: Path) -> None:
    """Say at once, and by the name that was typed, where a file cannot go.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    UsageError
        There is no folder for it.
    """
    folder = path.parent
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{path} cannot be written: '{folder}' is a file, not a folder")
    if not folder.is_dir():
        raise UsageError(f"{path} cannot be written: there is no folder '{folder}'; make it, or name another")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A name beside ``path`` to write to; once that is done it takes the place of ``path`` in one step.

    What was begun and failed (a full disk, Ctrl-C) is removed, and what stood at ``path`` stays.
    """
    partial = path.with_name(f"{path.name}.part")
    try:
        yield partial
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
