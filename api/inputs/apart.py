"""A piece of work in a process of its own: what it meets (a bomb, a full memory, no end) stays there."""

import errno
import multiprocessing
import pickle
import sys
import tempfile
import threading
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
STAYS = 900.0
"""Seconds for which a process stays that nobody needs: it holds what people sent."""
STAYING = 0.25
"""A process stays unless it has taken this part of the memory that reading may take."""
FULL = "memory"
"""The kind of an answer that did not fit into the memory."""
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
        self._lock = threading.Lock()
        self._stayed: _Process | None = None
        self._closed = False

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
        return await self._in_turn(self._run, work, arguments)

    async def run_again(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do a piece of work in the process that stays with what it has read, for who comes again and again.

        A process that fails with what it has kept is ended, and the work is done by a new one. Parameters, returns and
        errors as for :meth:`run`.
        """
        return await self._in_turn(self._run_again, work, arguments)

    def close(self) -> None:
        """End the process that has stayed, and let none stay."""
        with self._lock:
            stayed, self._stayed, self._closed = self._stayed, None, True
        if stayed is not None:
            stayed.end()

    async def _in_turn(
        self, run: Callable[[Callable[..., T], tuple[Any, ...]], T], work: Callable[..., T], arguments: tuple[Any, ...]
    ) -> T:
        self._limiter = self._limiter or CapacityLimiter(AT_A_TIME)
        return await to_thread.run_sync(run, work, arguments, limiter=self._limiter)

    def _run(self, work: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        process = _Process(self._settings)
        try:
            return self._came(process.carry_out(work, arguments))
        finally:
            process.end()

    def _run_again(self, work: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        with self._lock:
            process, self._stayed = self._stayed, None
        if process is None:
            process = _Process(self._settings)
        kept_something, answer = process.has_worked, None
        try:
            answer = process.carry_out(work, arguments)
        except BrokenChildError:
            if not kept_something:
                raise
        finally:
            if answer is None or answer[0] == FULL or not self._stay(process):
                process.end()
        if kept_something and (answer is None or answer[0] == FULL):
            return self._run(work, arguments)
        assert answer is not None
        return self._came(answer)

    def _stay(self, process: "_Process") -> bool:
        """Let a process wait for the next piece of work, unless another one does."""
        with self._lock:
            stays = self._stayed is None and not self._closed
            if stays:
                self._stayed = process
        return stays

    def _came(self, answer: tuple[str, T]) -> T:
        kind, content = answer
        if kind == "done":
            return content
        raise _raised(kind, content, self._settings)


class _Process:
    """A process that does one piece of work after another. ``has_worked``: it may hold what came of some before."""

    def __init__(self, settings: Settings) -> None:
        self.has_worked = False
        self._seconds = settings.reading_seconds
        self._here, there = _context().Pipe()
        limits = settings.reading_seconds, settings.reading_megabytes
        self._process = _context().Process(target=_serve, args=(there, *limits), daemon=True)  # type: ignore[attr-defined]
        self._process.start()
        there.close()

    def carry_out(self, work: Callable[..., T], arguments: tuple[Any, ...]) -> tuple[str, T]:
        """Do a piece of work: its answer, or its error as kind and content."""
        with tempfile.TemporaryDirectory(prefix="placements-") as folder:  # gone even where the process cannot tidy up
            try:
                self._here.send_bytes(pickle.dumps((work, arguments, folder)))
                if not self._here.poll(self._seconds):
                    most = f"{self._seconds:g} s that this service takes for it (reading_seconds)"
                    raise ReadingLimitError(f"Reading it took longer than the {most}.")
                kind, content = pickle.loads(self._here.recv_bytes())
            except (EOFError, ConnectionError) as error:
                self.end()
                raise BrokenChildError("the process that read an input ended without an answer") from error
            except ReadingLimitError:
                self.end()
                raise
        self.has_worked = True
        return kind, content

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.join()
        self._here.close()


def _serve(there: Connection, seconds: float, megabytes: int) -> None:
    """What the process does until nobody needs it, or it has taken much memory: answers go through the pipe."""
    _limit_memory(megabytes)
    while there.poll(STAYS):
        try:
            work, arguments, tempfile.tempdir = pickle.loads(there.recv_bytes())
        except (EOFError, ConnectionError):
            return
        _limit_time(seconds)
        answer = _answer(work, arguments)
        with suppress(BrokenPipeError):
            there.send_bytes(pickle.dumps(answer))
        if _taken() >= STAYING * megabytes:
            return


def _answer(work: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[str, Any]:
    """What a piece of work returns; errors as kind and content."""
    try:
        return "done", work(*arguments)
    except InputUnusableError as error:
        return error.code, error.issues
    except ScenarioError as error:
        return error.code, error.problems
    except RefusedError as error:
        return error.code, (str(error), error.issues, error.undo_first)
    except (UsageError, PolicyError) as error:
        return error.code, str(error)
    except MemoryError:
        return FULL, None
    except OSError as error:  # such as where files are to be tidied up after the memory was full
        if error.errno != errno.ENOMEM:
            raise
        return FULL, None
    except ProblemError as error:
        return "problem", (type(error), error.detail, error.issues)


def _limit_memory(megabytes: int) -> None:
    if sys.platform != "win32":
        with suppress(ValueError, OSError):  # a lower one is set already
            resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 1_000_000, megabytes * 1_000_000))


def _limit_time(seconds: float) -> None:
    """Let this process take so much time from now on; the hard limit stays, since it can never be raised again."""
    if sys.platform != "win32":
        used, hard = resource.getrusage(resource.RUSAGE_SELF), resource.getrlimit(resource.RLIMIT_CPU)[1]
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 5, hard))


def _taken() -> float:
    """The most memory that this process has had (MB); 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1_000_000 if sys.platform == "darwin" else 1000)


def _raised(kind: str, content: Any, settings: Settings) -> AllocationError:
    """The error of the child, as it would have been here."""
    if kind == FULL:
        most = f"{settings.reading_megabytes} MB that this service has for it (reading_megabytes)"
        return ReadingLimitError(f"Reading it took more memory than the {most}.")
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
