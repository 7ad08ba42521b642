"""Files that are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import UsageError


def check_folder(path: Path) -> None:
    """Say at once, and by the name that was typed, where a file cannot go; folders that are missing can be made.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    UsageError
        A file stands where its folder, or one above it, would be.
    """
    above = next((folder for folder in path.parents if folder.exists()), None)
    if above is not None and not above.is_dir():
        raise UsageError(f"{path} cannot be written: '{above}' is a file, not a folder")


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
