"""One cause, one message: problems of one kind in one column become one with all their rows; causes come first."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from allocator.reading.sheets_record import SHEETS
from models.base import compact
from models.errors import Issue

LEVELS: dict[str, int] = {"stop": 0, "set_aside": 1, "warning": 2}
TOGETHER = 3
"""Problems of one kind in one column that are shown each by itself; more become one."""
SHOWN = 3
"""Messages that the one of many rows repeats."""
CAUSE = re.compile(r"\((V\d{3}), row \d+\)")
"""How a message names the row that was set aside and is its cause."""
_CONSEQUENCES = frozenset(("V308", "V401", "V411", "V422", "V516"))
"""Kinds that follow from another problem, which has its own message."""
COSTS: frozenset[str] = frozenset(("V401", "V422"))
"""Those of them that say what a problem of the same row costs."""
_AFTER_ROWS = 2 * LEVELS["set_aside"] + 1
_SHEET_ORDER = {name: n for n, name in enumerate(SHEETS)}


def in_order(issues: Iterable[Issue]) -> list[Issue]:
    """The worst first, causes before what follows from them, then by sheet, row and code.

    Parameters
    ----------
    issues
        As reported.

    Returns
    -------
    list of Issue
        All of them.
    """
    issues = list(issues)
    aside = {issue.sheet for issue in issues if issue.level == "set_aside"}

    def key(issue: Issue) -> tuple[int, bool, int, int, str, str, str]:
        place = _order(issue)
        # That nothing is left to plan follows from the rows that were set aside, unless it has a cause of its own.
        return (_AFTER_ROWS if issue.code == "V131" and issue.sheet in aside else 2 * place[0], *place[1:])

    return sorted(issues, key=key)


def grouped(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """The issues in order, many of one kind, column and cause as one.

    Parameters
    ----------
    issues
        As reported.

    Returns
    -------
    tuple of Issue
        Each row that an issue was about is among the ``rows`` of one.
    """
    ordered = in_order(issues)
    groups: defaultdict[tuple[str | None, ...], list[Issue]] = defaultdict(list)
    for issue in ordered:
        groups[_kind(issue)].append(issue)
    result = [one for group in groups.values() for one in (group if len(group) <= TOGETHER else [_together(group)])]
    return tuple(in_order(result))


def _kind(issue: Issue) -> tuple[str | None, ...]:
    cause = CAUSE.search(issue.message)
    if issue.row is None and issue.code != "V119":
        return (issue.level, issue.code, issue.sheet, issue.column, issue.message)
    return (issue.level, issue.code, issue.sheet, issue.column, cause[0] if cause else None)


def _together(group: list[Issue]) -> Issue:
    """One issue of many; the first messages, and how many more there are."""
    first = group[0]
    messages = list(dict.fromkeys(issue.message for issue in group))
    rows = tuple(sorted({row for i in group for row in (i.rows or ((i.row,) if i.row else ()))}))
    message = " ".join(messages[:SHOWN])
    if len(messages) == 1:
        message += f" So it is in {len(group)} places."
    elif len(messages) > SHOWN:
        message += f" And {len(messages) - SHOWN} more like these."
    shown = [issue for issue in group if issue.message in messages[:SHOWN]]
    facts: dict[str, Any] = {"message": message, "row": rows[0] if rows else None}
    facts["rows"] = rows if len(rows) > 1 else ()
    # What is to be done, and what is allowed, differs where what was found does: that of the first is not all.
    facts["remedy"] = " ".join(dict.fromkeys(issue.remedy for issue in shown if issue.remedy)) or None
    if len({i.allowed for i in group}) > 1:
        facts["allowed"] = None
    if len({i.found for i in group}) > 1:
        facts["found"] = None
    if len({i.subject for i in group}) > 1:
        facts["subject"] = None
    return compact(first.model_copy(update=facts))


def _order(issue: Issue) -> tuple[int, bool, int, int, str, str, str]:
    return (
        LEVELS[issue.level],
        issue.code in _CONSEQUENCES or CAUSE.search(issue.message) is not None,
        _SHEET_ORDER.get(issue.sheet or "", -1),
        issue.row or 0,
        issue.code,
        issue.column or "",
        issue.message,
    )
