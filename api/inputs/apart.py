"""A piece of work in a process of its own: what it meets (a bomb, a full memory, no end) stays there."""

import errno
import multiprocessing
import pickle
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread

from api.problems import ProblemError, UnusableError
from api.settings import Settings
from models.errors import AllocationError, InputUnusableError, PolicyError, RefusedError, UsageError
from scenarios.errors import ScenarioError

if sys.platform != "win32":
    import resource
    from multiprocessing import forkserver

AT_A_TIME = 2
"""Pieces of work at a time; more wait, without holding a thread."""
PRELOADED = ["api.inputs.entering"]
"""What the process has loaded that the others begin from."""
T = TypeVar("T")


class ReadingLimitError(UnusableError):
    """Reading took more time or memory than it may."""

    code, title = "reading_limit", "It cannot be read within the limits"


class BrokenChildError(AllocationError):
    """The process of a piece of work ended without an answer."""

    code = "broken_child"


@cache
def _context() -> BaseContext:
    """How processes are begun: from one that has loaded the library, where the system can."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def warm_up() -> None:
    """Let the process that has loaded the library begin, so that the first input does not wait for it."""
    _context()
    if sys.platform != "win32":
        forkserver.ensure_running()


class Apart:
    """Runs pieces of work in processes of their own.

    Parameters
    ----------
    settings
        ``reading_seconds`` and ``reading_megabytes``.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._limiter: CapacityLimiter | None = None

    async def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do a piece of work apart.

        Parameters
        ----------
        work
            A function at the top of a module.
        arguments
            Whatever can be pickled.

        Returns
        -------
        T
            What it returns.

        Raises
        ------
        AllocationError
            What it raised, or that it took too much time or memory.
        """
        self._limiter = self._limiter or CapacityLimiter(AT_A_TIME)
        return await to_thread.run_sync(self._run, work, arguments, limiter=self._limiter)

    def _run(self, work: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        with tempfile.TemporaryDirectory(prefix="placements-") as folder:  # gone even where the process cannot tidy up
            return self._answered(work, arguments, folder)

    def _answered(self, work: Callable[..., T], arguments: tuple[Any, ...], folder: str) -> T:
        here, there = _context().Pipe(duplex=False)
        seconds, megabytes = self._settings.reading_seconds, self._settings.reading_megabytes
        given = (there, work, arguments, folder, seconds, megabytes)
        process = _context().Process(target=_child, args=given, daemon=True)  # type: ignore[attr-defined]
        process.start()
        there.close()
        try:
            if not here.poll(seconds):
                raise ReadingLimitError(f"Reading it took longer than the limit of reading_seconds, {seconds:g} s.")
            kind, content = pickle.loads(here.recv_bytes())
        except EOFError as error:
            raise BrokenChildError("the process that read an input ended without an answer") from error
        finally:
            process.kill()
            process.join()
            here.close()
        if kind == "done":
            return content  # type: ignore[no-any-return]
        raise _raised(kind, content, self._settings)


def _child(
    there: Connection, work: Callable[..., Any], arguments: tuple[Any, ...], folder: str, seconds: float, megabytes: int
) -> None:
    """What the process does: its answer goes through the pipe, errors as kind and content; files are in a folder."""
    tempfile.tempdir = folder
    _limit(seconds, megabytes)
    answer: tuple[str, Any]
    try:
        answer = ("done", work(*arguments))
    except InputUnusableError as error:
        answer = (error.code, error.issues)
    except ScenarioError as error:
        answer = (error.code, error.problems)
    except RefusedError as error:
        answer = (error.code, (str(error), error.issues, error.undo_first))
    except (UsageError, PolicyError) as error:
        answer = (error.code, str(error))
    except MemoryError:
        answer = ("memory", None)
    except OSError as error:  # such as where files are to be tidied up after the memory was full
        if error.errno != errno.ENOMEM:
            raise
        answer = ("memory", None)
    except ProblemError as error:
        answer = ("problem", (type(error), error.detail, error.issues))
    with suppress(BrokenPipeError):
        there.send_bytes(pickle.dumps(answer))


def _limit(seconds: float, megabytes: int) -> None:
    if sys.platform == "win32":
        return
    for what, most in ((resource.RLIMIT_DATA, megabytes * 1_000_000), (resource.RLIMIT_CPU, int(seconds) + 5)):
        with suppress(ValueError, OSError):  # a lower one is set already
            resource.setrlimit(what, (most, most))


def _raised(kind: str, content: Any, settings: Settings) -> AllocationError:
    """The error of the child, as it would have been here."""
    if kind == "memory":
        megabytes = settings.reading_megabytes
        return ReadingLimitError(f"Reading it took more memory than the limit of reading_megabytes, {megabytes} MB.")
    if kind == "problem":
        problem, detail, issues = content
        return problem(detail, issues)  # type: ignore[no-any-return]
    if kind == InputUnusableError.code:
        return InputUnusableError(content)
    if kind == ScenarioError.code:
        return ScenarioError(content)
    if kind == RefusedError.code:
        return RefusedError(*content)
    return {error.code: error for error in (UsageError, PolicyError)}[kind](content)
