"""Columns by name, what may be typed into them, and what a blank cell of one means."""

from functools import lru_cache
from typing import Any

from allocator.reading.cells import convert
from allocator.reading.columns import Column, Sheet
from allocator.reading.persons import personal_in
from allocator.reading.spelling import did_you_mean
from scenarios.errors import EditError

_MEANT_BY_A_BLANK = ("word", "yes_no", "whole", "decimal")
"""Kinds of column whose meaning of a blank is a value, where it is one."""


def column_of(sheet: Sheet, name: str) -> Column:
    """A column by its name.

    Raises
    ------
    EditError
        The sheet has no such column.
    """
    if name not in sheet.by_name:
        allowed = ", ".join(sheet.by_name)
        raise EditError(f"{sheet.name} has no column '{name}'.{did_you_mean(name, sheet.by_name)} Allowed: {allowed}.")
    return sheet.by_name[name]


def value_of(sheet: Sheet, name: str, typed: Any) -> Any:
    """What a cell of a column holds where somebody types a value into it; None where it is blank.

    Raises
    ------
    EditError
        The column cannot hold it, or there is no such column.
    """
    column = column_of(sheet, name)
    if isinstance(typed, (list, tuple)) and column.many:
        typed = "; ".join(map(str, typed))
    if typed is None or typed == "":
        return None
    if isinstance(typed, (list, tuple, dict)):
        raise EditError(f"{sheet.name}.{name} is one value, not several. Allowed: {column.allowed_text}.")
    personal = personal_in(sheet.name, name, typed) if isinstance(typed, str) else None
    if personal is not None:
        raise EditError(f"{sheet.name}.{name} holds {personal}. Take it out, and use a reference, such as S001.")
    read = convert(column, typed, typed=False)
    if read.problem is not None:
        near = read.words.get("suggestion", "")
        raise EditError(f"{sheet.name}.{name} cannot be {typed!r}.{near} Allowed: {column.allowed_text}.")
    return read.value


@lru_cache(maxsize=1024)
def meant_by_a_blank(column: Column) -> Any:
    """What a blank cell counts as by the notes of its column (``either``, ``outside``, 1); None where that is no value.

    What depends on other cells (such as the team's) is none.
    """
    if column.kind not in _MEANT_BY_A_BLANK or not column.blank:
        return None
    read = convert(column, column.blank, typed=False)
    return None if read.problem or read.remarks else read.value
