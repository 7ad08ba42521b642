"""The folder of a run: made, tried, and held against other runs."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from allocator.begun import begun, folder_made
from models.errors import UsageError

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # a file system without locks: nobody can be kept out
        return True


@contextmanager
def folder_of_results(out: Path) -> Iterator[None]:
    """Make the folder of a run, and keep every other run out of it until this one has ended.

    It is tried before the run spends its time. The system lets go of the lock of a run that was killed. A folder that
    was made here goes again where the run ends before it has written anything.

    Parameters
    ----------
    out
        The folder.

    Raises
    ------
    UsageError
        It cannot be made, nothing can be written there, or another run is writing there.
    """
    path = out / ".lock"
    with ExitStack() as stack:
        try:
            stack.enter_context(folder_made(out))
            file = stack.enter_context(path.open("w", encoding="utf-8"))
        except OSError as error:
            if any(above.is_file() for above in (out, *out.parents)):
                raise UsageError(f"'{out}' is no folder, or lies in a file: name another folder with --out") from error
            raise UsageError(f"nothing can be written to the folder '{out}': {error.strerror or error}") from error
        # A run that has just ended may have removed the name: then what was locked is no longer the folder's lock.
        if not _lock(file) or not path.exists() or not os.path.samestat(os.fstat(file.fileno()), path.stat()):
            raise UsageError(f"another run is writing to the folder '{out}': wait for its end, or name another folder")
        with begun(path):
            try:
                yield
            finally:
                with suppress(OSError):  # Windows keeps a file that is open
                    path.unlink()
