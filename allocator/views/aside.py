"""What rows that are set aside mean for people: who is looked for no more, and which places and PEs are gone."""

from collections.abc import Iterable

from allocator.views.words import counted, place_words, rows_aside
from models.errors import Issue

_NOT_PLACED = ("V411", "V422")


def lost_words(issues: Iterable[Issue]) -> tuple[str, ...]:
    """What the rows that are set aside cost, a sentence for each kind of loss.

    Parameters
    ----------
    issues
        Problems of the input, of any level.

    Returns
    -------
    tuple of str
        Students and requests first; empty where nothing that counts is set aside.
    """
    aside = [issue for issue in issues if issue.level == "set_aside"]
    students = [issue for issue in aside if issue.code == "V401"]
    requests = [issue for issue in aside if issue.code in _NOT_PLACED]
    offers, educators = ([issue for issue in aside if issue.sheet == sheet] for sheet in ("Offers", "Educators"))
    sentences = []
    if number := _number(students):
        who = f"{counted(number, 'student')} {'has' if number == 1 else 'have'} no request"
        sentences.append(f"{who}, so nobody looks for a placement for them{_where(students)}.")
    if number := _number(requests):
        sentences.append(f"{counted(number, 'request')} cannot be placed{_where(requests)}.")
    costs = ((offers, "offer", "nobody new is placed there"), (educators, "PE", "nobody new is given to them"))
    for rows, one, what in costs:
        if number := rows_aside(rows)[1]:
            because = "a row that is set aside" if number == 1 else "rows that are set aside"
            sentences.append(f"{counted(number, one)} in {because}: {what}{_where(rows)}.")
    return tuple(sentences)


def _rows(issue: Issue) -> tuple[int, ...]:
    return issue.rows or ((issue.row,) if issue.row else ())


def _number(issues: Iterable[Issue]) -> int:
    """Of how many students or requests problems are; one that names nobody is of as many as it has rows."""
    return sum(1 if issue.subject else max(1, len(_rows(issue))) for issue in issues)


def _where(issues: Iterable[Issue]) -> str:
    """The rows as a sentence ends: `` (Students row 5; Requests rows 7-9)``; empty where none is known."""
    sheets, _ = rows_aside(issues)
    return f" ({'; '.join(map(place_words, sheets))})" if sheets else ""
