"""What a process has begun and takes away again where nothing comes of it: folders that it made, and its locks.

It is small, since the process knows of it before anything else is loaded: Ctrl-C may come at any time.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_begun: list[Path] = []


@contextmanager
def begun(*paths: Path) -> Iterator[None]:
    """Within it :func:`remove_begun` takes away a file, or folders that are empty, from the last to the first.

    Parameters
    ----------
    paths
        The file, or the folders from the outermost to the innermost.
    """
    _begun.extend(paths)
    try:
        yield
    finally:
        for path in paths:
            _begun.remove(path)


@contextmanager
def folder_made(folder: Path) -> Iterator[None]:
    """Make a folder, and those above it that are missing; where the block fails they go again while they are empty.

    Parameters
    ----------
    folder
        The folder; one that is there already stays whatever comes.

    Raises
    ------
    OSError
        It cannot be made.
    """
    missing = [path for path in reversed((folder, *folder.parents)) if not path.exists()]
    with begun(*missing):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            yield
        except BaseException:
            _remove(missing)
            raise


def remove_begun() -> None:
    """Take away what was begun, where the process ends now."""
    _remove(_begun)


def _remove(paths: list[Path]) -> None:
    for path in reversed(paths):
        with suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
