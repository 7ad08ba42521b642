"""What rows that are set aside mean for people: who is looked for no more, and which places and PEs are gone.

Rows are named and nobody is counted: one student, offer or PE may stand on several rows.
"""

from collections.abc import Iterable

from allocator.views.words import place_words, rows_aside
from models.errors import Issue

_STUDENTS = "Students without a request, for whom nobody looks for a placement"
_REQUESTS = "Requests that cannot be placed"
_OFFERS = "Offers at which nobody new is placed"
_EDUCATORS = "PEs to whom nobody new is given"


def lost_words(issues: Iterable[Issue]) -> tuple[str, ...]:
    """What the rows that are set aside cost, a sentence for each kind of loss.

    Parameters
    ----------
    issues
        Problems of the input, of any level.

    Returns
    -------
    tuple of str
        Students and requests first, each with its rows; empty where nothing that counts is set aside.
    """
    aside = [issue for issue in issues if issue.level == "set_aside"]
    students = [issue for issue in aside if issue.code == "V401"]
    told = {(issue.sheet, row) for issue in students for row in _rows(issue)}
    requests = [
        issue for issue in aside
        if (issue.sheet == "Requests" or (issue.code in ("V411", "V422") and issue.sheet != "Offers"))
        and issue.code != "V401" and not (_rows(issue) and told.issuperset((issue.sheet, row) for row in _rows(issue)))
    ]  # fmt: skip
    offers, educators = ([issue for issue in aside if issue.sheet == sheet] for sheet in ("Offers", "Educators"))
    lost = {_STUDENTS: students, _REQUESTS: requests, _OFFERS: offers, _EDUCATORS: educators}
    return tuple(f"{what}: {_where(found)}." for what, found in lost.items() if found)


def _rows(issue: Issue) -> tuple[int, ...]:
    return issue.rows or ((issue.row,) if issue.row else ())


def _where(issues: Iterable[Issue]) -> str:
    """``Students row 5; Requests rows 7-9``; where no row is known, that there are some."""
    sheets, _ = rows_aside(issues)
    return "; ".join(map(place_words, sheets)) or "those of rows that are set aside"
