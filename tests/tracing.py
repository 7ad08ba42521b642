"""What runs without coverage's tracer, which makes loops in Python four times as slow: nothing that is to be counted."""

import functools
import importlib
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

import pytest

P = ParamSpec("P")
R = TypeVar("R")
LIBRARIES = (
    ("fastapi.routing", "_IncludedRouter", "_build_effective_context"),
    ("openpyxl.reader.excel", "ExcelReader", "read"),
    ("openpyxl.styles.styleable", "StyleDescriptor", "__set__"),
    ("openpyxl.workbook.workbook", "Workbook", "__init__"),
    ("openpyxl.workbook.workbook", "Workbook", "save"),
    ("openpyxl.worksheet.worksheet", "Worksheet", "insert_rows"),
    ("matplotlib.figure", "Figure", "add_subplot"),
    ("matplotlib.figure", "Figure", "savefig"),
    ("pulp", "LpProblem", "addConstraint"),
    ("pulp", "LpProblem", "solve"),
    ("rich.console", "Console", "print"),
)
"""Functions of libraries in which tests are long, none of which calls what is to be counted."""


def coverage_traces() -> bool:
    """Whether coverage counts the lines of this thread; a debugger's tracer is none of it."""
    return type(sys.gettrace()).__module__.partition(".")[0] == "coverage"


def untraced(function: Callable[P, R]) -> Callable[P, R]:
    """The function without the tracer: for reading files back with a library, which is no line of ours.

    The tracer is put back in the frame that took it away, so that it misses no end of a frame whose begin it saw.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if not coverage_traces():
            return function(*args, **kwargs)
        here, elsewhere = sys.gettrace(), threading.gettrace()
        sys.settrace(None)
        threading.settrace(None)
        try:
            return function(*args, **kwargs)
        finally:
            threading.settrace(elsewhere)
            sys.settrace(here)

    return run


def libraries_untraced() -> None:
    """Run those functions of libraries without the tracer from now on."""
    for module, owner, name in LIBRARIES:
        kind = getattr(importlib.import_module(module), owner)
        setattr(kind, name, untraced(getattr(kind, name)))


def first_traced(values: Iterable[object], first: int = 1) -> list[Any]:
    """The same parameters; those after the first ones run without the tracer, since they take the same ways.

    Parameters
    ----------
    values
        Parameters of a test, in order.
    first
        So many of them are traced.
    """
    return [
        pytest.param(value, marks=() if number < first else pytest.mark.untraced) for number, value in enumerate(values)
    ]


class Tracer:
    """Coverage's tracer, put away between the parts of a test."""

    def __init__(self) -> None:
        self._put_away: tuple[Any, Any] | None = None

    @contextmanager
    def absent(self) -> Iterator[None]:
        """Nothing is traced inside but what :meth:`present` has."""
        if not coverage_traces():
            yield
            return
        self._put_away = sys.gettrace(), threading.gettrace()
        _trace(None, None)
        try:
            yield
        finally:
            _trace(*self._put_away)
            self._put_away = None

    @contextmanager
    def present(self) -> Iterator[None]:
        """What is put away is there inside."""
        if self._put_away is None or coverage_traces():
            yield
            return
        _trace(*self._put_away)
        try:
            yield
        finally:
            _trace(None, None)


def _trace(here: Any, elsewhere: Any) -> None:
    """Have the tracer in this thread and in those that begin from now on."""
    threading.settrace(elsewhere)
    sys.settrace(here)


class Telling:
    """Which tests with many parameters still reach lines that no test of this process has reached.

    After some parameters in a row that reached none, those that follow run without the tracer: they take the same ways.
    """

    IN_A_ROW = 3

    def __init__(self) -> None:
        self._idle: Counter[str] = Counter()
        self._before = 0

    def is_idle(self, test: str) -> bool:
        """Whether the parameters of a test have stopped reaching anything new."""
        return self._idle[test] >= self.IN_A_ROW

    def begin(self) -> None:
        """A test begins."""
        self._before = _reached()

    def end(self, test: str) -> None:
        """A test with parameters has ended, of which this is the name without them."""
        self._idle[test] = 0 if _reached() > self._before else self._idle[test] + 1


def _reached() -> int:
    """How many ways from line to line coverage has counted."""
    tracer: Any = sys.gettrace()
    return sum(len(ways) for ways in tracer.data.values()) if coverage_traces() else 0
