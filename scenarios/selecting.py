"""Which rows of a sheet an edit is about: by the sheet's own columns."""

import operator
import re
from collections.abc import Callable
from typing import Any

from allocator.reading.cells import convert
from allocator.reading.columns import Column, Sheet
from allocator.reading.folding import fold
from allocator.reading.sheets_record import SHEETS
from allocator.reading.spelling import did_you_mean
from models.register import Page, Register, Row, Special
from scenarios.errors import EditError
from scenarios.model import Condition, Value, Where

_COMPARED = re.compile(r"\s*(<=|>=|!=|<|>)\s*(.*)")
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


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
    if typed is None or typed == "":
        return None
    read = convert(column, typed, typed=False)
    if read.problem is not None:
        raise EditError(f"{sheet.name}.{name} cannot be {typed!r}. Allowed: {column.allowed_text}.")
    return read.value


def selected(register: Register, sheet: str, where: Where) -> tuple[Row, ...]:
    """The rows of a sheet that meet every condition, in their order.

    Parameters
    ----------
    register
        The base as it is typed: a cell that is blank, and filled from another sheet, is blank here.
    sheet
        One of ours.
    where
        Conditions by column; none: every row.

    Raises
    ------
    EditError
        There is no such column, or it cannot hold the value that is asked for.
    """
    page = register.pages.get(sheet, Page(sheet))
    tests = [_test(SHEETS[sheet], name, condition) for name, condition in where.items()]
    return tuple(row for row in page.rows if all(test(row) for test in tests))


def _test(sheet: Sheet, name: str, condition: Condition) -> Callable[[Row], bool]:
    column_of(sheet, name)
    if isinstance(condition, tuple):
        any_of = [_test(sheet, name, one) for one in condition]
        return lambda row: any(test(row) for test in any_of)
    compared = _COMPARED.fullmatch(condition) if isinstance(condition, str) else None
    if compared is None:
        return _equal(sheet, name, condition)
    if compared[1] == "!=":
        same = _equal(sheet, name, compared[2])
        return lambda row: not same(row)
    wanted, order = value_of(sheet, name, compared[2]), _ORDERS[compared[1]]
    if wanted is None or isinstance(wanted, (str, tuple, Special)):
        raise EditError(
            f"{sheet.name}.{name}: '{condition}' compares with what has no order. Write a number or a date."
        )

    def test(row: Row) -> bool:
        held: Any = row.get(name)
        return held is not None and not isinstance(held, (str, tuple)) and bool(order(held, wanted))

    return test


def _equal(sheet: Sheet, name: str, value: Value) -> Callable[[Row], bool]:
    wanted = value_of(sheet, name, value)
    folded = _folded(wanted)

    def test(row: Row) -> bool:
        held = row.values.get(name)
        if isinstance(held, tuple) and not isinstance(wanted, tuple):
            return any(_folded(one) == folded for one in held)
        if isinstance(held, tuple) and isinstance(wanted, tuple):
            return {_folded(one) for one in wanted} <= {_folded(one) for one in held}
        return bool(_folded(held) == folded)

    return test


def _folded(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value
