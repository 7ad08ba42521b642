"""Collects every problem found while reading, and words it from the registry of kinds."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from heapq import nsmallest
from typing import Any

from allocator.reading.codes import ISSUE_KINDS
from allocator.reading.folding import fold
from allocator.reading.grouping import CAUSE, grouped, in_order
from allocator.reading.sheets_record import SHEETS
from allocator.reading.spelling import Nearest, Vocabulary
from models.base import compact, natural_key
from models.errors import Issue, Level

EXAMPLES = 3
"""Cells quoted in a message about many cells."""
_Cause = tuple[str, int, int, str]
"""Why a row was set aside: code, row (0: none), how many problems came before, sheet; the least is named."""


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
    distinct = set(cells)
    more = f" and {len(distinct) - EXAMPLES} more" if len(distinct) > EXAMPLES else ""
    return "; ".join(nsmallest(EXAMPLES, distinct, key=natural_key)) + more


class Collector:
    """The issues of one input; ``issues`` are those that were found before."""

    def __init__(self, issues: Iterable[Issue] = ()) -> None:
        self._issues: list[Issue] = []
        self._withdrawn: dict[tuple[str, str], int] = {}
        self._texts: dict[str, str] = {}  # the words of a hundred thousand problems of one kind, once
        self._nearest: list[tuple[int, Nearest]] = []
        # By sheet and subject, of each kind of problem that set a row aside the first (of a hundred thousand rows).
        self._aside: defaultdict[tuple[str, str], dict[tuple[str, str], _Cause]] = defaultdict(dict)
        for issue in issues:
            self._take(issue)

    def copy(self) -> "Collector":
        """The same, which may take more by itself."""
        made = Collector()
        made._issues, made._withdrawn, made._texts = list(self._issues), dict(self._withdrawn), dict(self._texts)
        made._nearest = list(self._nearest)
        made._aside.update((key, dict(causes)) for key, causes in self._aside.items())
        return made

    @property
    def issues(self) -> list[Issue]:
        """Those that stand, in the order in which they were found, with what was probably meant."""
        self._suggest()
        if not self._withdrawn:
            return self._issues
        return [
            issue
            for n, issue in enumerate(self._issues)
            if n >= self._withdrawn.get((issue.code, issue.subject or ""), 0)
        ]

    def _suggest(self) -> None:
        """Add suggestions to the messages that wait for one; each message ends with its suggestion."""
        names: defaultdict[Vocabulary, set[str]] = defaultdict(set)
        for _, nearest in self._nearest:
            names[nearest.vocabulary].add(nearest.found)
        texts = {vocabulary: vocabulary.suggestions(found) for vocabulary, found in names.items()}
        for n, nearest in self._nearest:
            text = texts[nearest.vocabulary].get(nearest.found)
            if text:
                issue = self._issues[n]
                self._issues[n] = compact(issue.model_copy(update={"message": issue.message + text}))
        self._nearest.clear()

    def add(
        self,
        code: str,
        *,
        sheet: str | None = None,
        row: int | None = None,
        rows: Iterable[int] = (),
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
        rows
            All rows, where there are several; ``row`` is then the first.
        level
            Where it differs from the kind's usual one.
        subject, found, allowed, **words
            What the kind's message and remedy ask for.
        """
        if code == "V303":
            aside = self.aside(f"{words['agency']}/{found}" if "agency" in words else str(found), words["where"])
            if aside:
                code, words = "V308", words | aside
        kind = ISSUE_KINDS[code]
        several = tuple(sorted(set(rows)))
        row = several[0] if several else row
        text = None if found is None else short(str(found))
        suggestion = words.get("suggestion")
        if isinstance(suggestion, Nearest):
            words["suggestion"] = ""
            if "{suggestion}" in kind.message:
                self._nearest.append((len(self._issues), suggestion))
        given = {"sheet": sheet, "column": column, "subject": subject, "found": text, "allowed": allowed} | words
        remedy = kind.remedy.format(**given)
        issue = Issue(
            level=level or kind.level,
            code=code,
            message=kind.message.format(**given),
            sheet=sheet,
            row=row,
            rows=several if len(several) > 1 else (),
            column=column,
            found=text,
            allowed=self._texts.setdefault(allowed, allowed) if allowed else allowed,
            remedy=self._texts.setdefault(remedy, remedy),
            subject=subject,
        )
        self._take(compact(issue))

    def _take(self, issue: Issue) -> None:
        self._issues.append(issue)
        sheet, subject = issue.sheet, issue.subject
        if issue.level == "set_aside" and issue.code != "V401" and sheet is not None and subject is not None:
            causes = self._aside[sheet, fold(subject)]
            cause = (issue.code, issue.row or 0, len(self._issues), sheet)
            causes[issue.code, subject] = min(cause, causes.get((issue.code, subject), cause))

    def withdraw(self, code: str, subject: str) -> None:
        """Take back what later facts have made untrue.

        Parameters
        ----------
        code, subject
            Of the problem.
        """
        self._withdrawn[code, subject] = len(self._issues)
        for sheet in SHEETS:
            if (sheet, fold(subject)) in self._aside:
                self._aside[sheet, fold(subject)].pop((code, subject), None)

    def forget(self, texts: Iterable[str]) -> None:
        """Drop the problems that quote texts which must not be stored.

        Parameters
        ----------
        texts
            As typed.
        """
        quotable = tuple(texts)
        self._suggest()
        self._issues = [
            issue
            for issue in self._issues
            if not any(
                text in (said or "") for said in (issue.message, issue.found, issue.subject) for text in quotable
            )
        ]

    def aside(self, name: str, where: str) -> dict[str, Any]:
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
        sheets = _sheets_in(where)
        names = {fold(name)}
        if "Requests" in sheets:
            names |= {fold(name[:n]) for n, letter in enumerate(name) if letter == "/"}
        found = [c for sheet in sheets for text in names for c in self._aside.get((sheet, text), {}).values()]
        if not found:
            return {}
        code, row, _, sheet = min(found)
        return {"listed": sheet, "cause": f"{code}, row {row or None}"}

    @property
    def stopped(self) -> bool:
        """Whether a problem makes the whole input unusable."""
        return any(i.level == "stop" for i in self._issues)

    def in_order(self) -> tuple[Issue, ...]:
        """All issues: the worst first, causes first; many of one kind and cause as one with all its rows."""
        return grouped(self.issues)


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
    plain = (compact(Issue(**(vars(i) | {"row": None, "rows": (), "message": _whole(i)}))) for i in issues)
    return tuple(in_order(plain))


@lru_cache
def _sheets_in(where: str) -> tuple[str, ...]:
    """The sheets whose rows have the ids that a message looks for."""
    # "Teams or Offers" and the like are about the teams and places that stand on Offers, not about its ids.
    sheets = {s for s in SHEETS if s in where} - ({"Offers"} if where != "Offers" else set())
    return tuple(s for s in SHEETS if s in sheets or (s == "Students" and "Requests" in sheets))


def _whole(issue: Issue) -> str:
    about, message = issue.subject, CAUSE.sub(r"(\1)", issue.message)
    return message if about is None or about in message else f"{about}: {message}"


def short(text: str) -> str:
    """A text as a message shows it: what is longer than any id is cut off."""
    return text if len(text) <= 120 else text[:117] + "..."
