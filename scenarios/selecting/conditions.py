"""Which rows of a sheet an edit is about: conditions on its columns, and on those of what its rows are about."""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from allocator.reading.cells import convert
from allocator.reading.columns import Column, Sheet
from allocator.reading.folding import fold
from allocator.reading.sheets_record import SHEETS
from allocator.reading.spelling import did_you_mean
from models.register import Page, Register, Row, Special
from scenarios.errors import EditError
from scenarios.model import Condition, Value, Where
from scenarios.selecting.columns import column_of, meant_by_a_blank, value_of
from scenarios.selecting.naming import Names

Test = Callable[[Row], bool]
COMPARED = re.compile(r"\s*(<=|>=|!=|<|>)\s*(.*)")
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
JOINED: Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "Requests": {"student": ("Students", ("student",)), "tranche": ("Tranches", ("tranche",))},
    "History": {"student": ("Students", ("student",)), "agency": ("Agencies", ("agency",))},
    "Offers": {
        "agency": ("Agencies", ("agency",)), "team": ("Teams", ("agency", "team")),
        "tranche": ("Tranches", ("tranche",)),
    },
    "Teams": {"agency": ("Agencies", ("agency",))},
    "Educators": {"agency": ("Agencies", ("employed_by",)), "team": ("Teams", ("employed_by", "team"))},
    "Commitments": {"agency": ("Agencies", ("agency",)), "pe": ("Educators", ("pe",))},
}  # fmt: skip
"""Sheet to what stands before a point (``agency.membership``): the sheet meant, and the columns that name it."""
_CANNOT_BE_READ = object()
_ANY = Column("own", "any", "")


def selected(register: Register, sheet: str, where: Where, names: Names | None = None) -> tuple[Row, ...]:
    """The rows of a sheet that meet every condition, in their order.

    Parameters
    ----------
    register
        The base as it is typed: a cell that is blank, and filled from another sheet, is blank here; one whose blank
        means a value by the notes of its column (``either``, ``outside``) has that value, too.
    sheet
        One of ours.
    where
        Conditions by column, also of what the row is about (``student.programme``, ``agency.membership``), and by the
        team's own headings; none: every row.
    names
        Those of the register, where somebody has them.

    Raises
    ------
    EditError
        There is no such column, or it cannot hold the value that is asked for.
    """
    names = names or Names(register)
    page = register.pages.get(sheet, Page(sheet))
    tests = [_condition(register, names, page, name, condition) for name, condition in where.items()]
    return tuple(row for row in page.rows if all(test(row) for test in tests))


def check_condition(sheet: str, name: str, wanted: tuple[Value, ...]) -> None:
    """Refuse a condition that no base could meet; what may be a heading of a team's own is left to the base.

    Raises
    ------
    EditError
        There is no such column, or it cannot hold one of the values that are asked for.
    """
    before, point, after = name.partition(".")
    joins = JOINED.get(sheet, {})
    target, column = (joins[before][0], after) if point and before in joins else (sheet, name)
    if target == sheet and name not in SHEETS[sheet].by_name:
        near = did_you_mean(before if point else name, joins if point else SHEETS[sheet].by_name)
        if near:
            raise EditError(f"{sheet} has no column '{name}'.{near}")
        return
    column_of(SHEETS[target], column)
    nothing = Names(Register({}))
    for value in wanted:
        _test(nothing, SHEETS[target], column, value)


def column_meant(sheet: str, name: str) -> tuple[str, str] | None:
    """The sheet and the column that a condition is about; None where it may be a heading of the team's own."""
    before, _, after = name.partition(".")
    joins = JOINED.get(sheet, {})
    if name not in SHEETS[sheet].by_name and before in joins and after in SHEETS[joins[before][0]].by_name:
        return joins[before][0], after
    return (sheet, name) if name in SHEETS[sheet].by_name else None


def _condition(register: Register, names: Names, page: Page, name: str, condition: Condition) -> Test:
    sheet = SHEETS[page.name]
    own = {fold(column.heading): n for n, column in enumerate(page.own)}
    if name not in sheet.by_name and fold(name) in own:
        return _own(own[fold(name)], condition)
    before, point, after = name.partition(".")
    joins = JOINED.get(page.name, {})
    if not point or name in sheet.by_name:
        if name not in sheet.by_name:
            allowed = [*sheet.by_name, *(c.heading for c in page.own), *(f"{join}. ..." for join in joins)]
            near = did_you_mean(name, allowed)
            raise EditError(f"{sheet.name} has no column '{name}'.{near} Allowed: {', '.join(allowed)}.")
        return _test(names, sheet, name, condition)
    if before not in joins:
        allowed = [f"{join}." for join in joins]
        said = f"Before the point may stand {' '.join(allowed)}" if allowed else "No column of it may have a point."
        raise EditError(f"{sheet.name}: '{name}' names nothing.{did_you_mean(before, joins)} {said}")
    target, columns = joins[before]
    column_of(SHEETS[target], after)
    test = _test(names, SHEETS[target], after, condition)
    keys = SHEETS[target].key
    about = {tuple(names.key(target, k, row.get(k)) for k in keys): row for row in reversed(names.rows(target))}
    nothing = Row(0)
    return lambda row: test(about.get(tuple(names.key(sheet.name, c, row.get(c)) for c in columns), nothing))


def _test(names: Names, sheet: Sheet, name: str, condition: Condition) -> Test:
    if isinstance(condition, tuple):
        any_of = [_test(names, sheet, name, one) for one in condition]
        return lambda row: any(test(row) for test in any_of)
    compared = COMPARED.fullmatch(condition) if isinstance(condition, str) else None
    if compared is None:
        return _equal(names, sheet, name, condition)
    if compared[1] == "!=":
        same = _equal(names, sheet, name, compared[2])
        return lambda row: not same(row)
    wanted, order = value_of(sheet, name, compared[2]), _ORDERS[compared[1]]
    if wanted is None or isinstance(wanted, (str, tuple, Special)):
        raise EditError(
            f"{sheet.name}.{name}: '{condition}' compares with what has no order. Write a number or a date."
        )
    blank = meant_by_a_blank(sheet.by_name[name])

    def test(row: Row) -> bool:
        held: Any = row.values.get(name, None if name in row.unreadable else blank)
        return held is not None and not isinstance(held, (str, tuple, Special)) and bool(order(held, wanted))

    return test


def _equal(names: Names, sheet: Sheet, name: str, value: Value) -> Test:
    wanted = value_of(sheet, name, value)
    if wanted is None:
        return lambda row: name not in row.values and name not in row.unreadable
    names.settled(sheet.name, name, wanted if isinstance(wanted, tuple) else (str(wanted),))
    key, blank = names.key(sheet.name, name, wanted), meant_by_a_blank(sheet.by_name[name])
    keys: dict[Any, Any] = {}

    def test(row: Row) -> bool:
        held = row.values.get(name, _CANNOT_BE_READ if name in row.unreadable else blank)
        if held is None or held is _CANNOT_BE_READ:
            return False
        if held not in keys:
            keys[held] = names.key(sheet.name, name, held)
        mine = keys[held]
        if sheet.by_name[name].many:  # of a list one entry is enough; of several that are asked for all are there
            return set(key) <= set(mine)
        return bool(mine == key)

    return test


def _own(position: int, condition: Condition) -> Test:
    """A condition on a column of the team's own, whose cells are as they were typed."""
    if isinstance(condition, tuple):
        any_of = [_own(position, one) for one in condition]
        return lambda row: any(test(row) for test in any_of)
    compared = COMPARED.fullmatch(condition) if isinstance(condition, str) else None
    sign, text = (compared[1], compared[2]) if compared else ("", condition)
    wanted = _plain(text)

    def test(row: Row) -> bool:
        held = _plain(row.own[position] if position < len(row.own) else None)
        if sign in ("", "!="):
            return bool(held == wanted) != (sign == "!=")
        both = type(held) is type(wanted) and not isinstance(held, str)
        return held is not None and both and bool(_ORDERS[sign](held, wanted))

    return test


def _plain(cell: Any) -> Any:
    """What a cell of an own column holds: a number, a day, or folded text; None where it is blank."""
    if isinstance(cell, bool) or cell is None or cell == "":
        return None if cell in (None, "") else "yes" if cell else "no"
    read = convert(_ANY, cell, typed=False)
    value = read.value if read.problem is None else str(cell)
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return fold(value) or None
    return float(value) if isinstance(value, int) else value
