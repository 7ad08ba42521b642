"""Collects every problem found while reading, and words it from the registry of kinds."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from allocator.reading.codes import ISSUE_KINDS
from allocator.reading.sheets_record import SHEETS
from models.base import natural_key
from models.errors import Issue, Level

LEVELS: dict[str, int] = {"stop": 0, "set_aside": 1, "warning": 2}
_SHEET_ORDER = {name: n for n, name in enumerate(SHEETS)}
_CAUSE = re.compile(r"\((V\d{3}), row \d+\)")
EXAMPLES = 3
"""Cells quoted in a message about many cells."""


def closest(found: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that looks most like what was found.

    Parameters
    ----------
    found
        As typed.
    allowed
        The words that would do.

    Returns
    -------
    str or None
        None where nothing is near.
    """
    by_fold = {word.casefold(): word for word in sorted(allowed, key=natural_key, reverse=True)}
    near = get_close_matches(found.casefold(), by_fold, n=1, cutoff=0.7)
    return by_fold[near[0]] if near else None


def did_you_mean(found: str, allowed: Iterable[str]) -> str:
    """A sentence that suggests the closest word, or nothing.

    Parameters
    ----------
    found
        As typed.
    allowed
        The words that would do.

    Returns
    -------
    str
        `` Did you mean 'x'?`` with a leading space, or an empty text.
    """
    near = closest(found, allowed)
    return f" Did you mean '{near}'?" if near else ""


def quoted(cells: Iterable[str]) -> str:
    """A few of many cells, in an order that does not depend on rows.

    Parameters
    ----------
    cells
        Texts.

    Returns
    -------
    str
        The first three in natural order, and how many more there are.
    """
    distinct = sorted(set(cells), key=natural_key)
    more = f" and {len(distinct) - EXAMPLES} more" if len(distinct) > EXAMPLES else ""
    return "; ".join(distinct[:EXAMPLES]) + more


class Collector:
    """The issues of one input."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []

    def add(
        self,
        code: str,
        *,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        level: Level | None = None,
        subject: str | None = None,
        found: Any = None,
        allowed: str | None = None,
        **words: Any,
    ) -> None:
        """Report one problem, in the words of its kind.

        Parameters
        ----------
        code
            Of :data:`~allocator.reading.codes.ISSUE_KINDS`.
        sheet, row, column
            Where; the row as the user sees it.
        level
            Where it differs from the kind's usual one.
        subject, found, allowed, **words
            What the kind's message and remedy ask for.
        """
        if code == "V303":
            cause = self.aside(f"{words['agency']}/{found}" if "agency" in words else str(found), words["where"])
            if cause:
                code, words = "V308", words | cause
        kind = ISSUE_KINDS[code]
        text = None if found is None else _short(str(found))
        given = {"sheet": sheet, "column": column, "subject": subject, "found": text, "allowed": allowed} | words
        self.issues.append(
            Issue(
                level=level or kind.level,
                code=code,
                message=kind.message.format(**given),
                sheet=sheet,
                row=row,
                column=column,
                found=text,
                allowed=allowed,
                remedy=kind.remedy.format(**given),
                subject=subject,
            )
        )

    def withdraw(self, code: str, subject: str) -> None:
        """Take back what later facts have made untrue.

        Parameters
        ----------
        code, subject
            Of the problem.
        """
        self.issues = [i for i in self.issues if (i.code, i.subject) != (code, subject)]

    def aside(self, name: str, where: str) -> dict[str, str]:
        """Why what a cell names is not there, where a row has it but was set aside.

        Parameters
        ----------
        name
            As typed; of a request, its student's row counts too.
        where
            The sheets on which it should be, as a message names them.

        Returns
        -------
        dict
            ``listed`` (the sheet) and ``cause`` (code and row of the problem); empty where no row has it.
        """
        # "Teams or Offers" and the like are about the teams and places that stand on Offers, not about its ids.
        sheets = {s for s in SHEETS if s in where} - ({"Offers"} if where != "Offers" else set())
        names = {name.casefold()}
        if "Requests" in sheets:
            sheets.add("Students")
            names |= {name[:n].casefold() for n, letter in enumerate(name) if letter == "/"}
        found = [
            i
            for i in self.issues
            if i.level == "set_aside"
            and i.sheet in sheets
            and i.code != "V401"
            and (i.subject or "").casefold() in names
        ]
        if not found:
            return {}
        first = min(found, key=lambda i: (i.code, i.row or 0))
        return {"listed": first.sheet or "", "cause": f"{first.code}, row {first.row}"}

    @property
    def stopped(self) -> bool:
        """Whether a problem makes the whole input unusable."""
        return any(i.level == "stop" for i in self.issues)

    def in_order(self) -> tuple[Issue, ...]:
        """All issues: the worst first, then by sheet, row and code."""
        return tuple(sorted(self.issues, key=_order))


def without_rows(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """The issues as facts of a dataset, which the order of rows may not touch.

    Parameters
    ----------
    issues
        As reported.

    Returns
    -------
    tuple of Issue
        The same without row numbers, in an order that only their texts determine; a message that does not say whom it
        is about begins with it, since there is no row to look up.
    """
    return tuple(sorted((i.model_copy(update={"row": None, "message": _whole(i)}) for i in issues), key=_order))


def _whole(issue: Issue) -> str:
    about, message = issue.subject, _CAUSE.sub(r"(\1)", issue.message)
    return message if about is None or about in message else f"{about}: {message}"


def _order(issue: Issue) -> tuple[int, int, int, str, str, str]:
    return (
        LEVELS[issue.level],
        _SHEET_ORDER.get(issue.sheet or "", -1),
        issue.row or 0,
        issue.code,
        issue.column or "",
        issue.message,
    )


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:117] + "..."
