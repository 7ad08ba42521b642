"""What the Alliance sees: aggregates of a plan and answers of scenarios; nobody can be recognised in either."""

import json
import re
from collections.abc import Iterable, Sequence, Set
from typing import Any, cast

from pydantic import ValidationError

from allocator.views.facts import Facts
from allocator.views.returned import return_data
from allocator.views.returns import return_rows
from api.problems import NotFoundError
from api.wire.sharing import AlliancePlan, SharedAnswer
from scenarios.answers.answer import Answer

SMALLEST = 10
"""Persons of the smallest group that leaves the team; a policy may ask for more, never for fewer."""
WITHHELD = "withheld"
WHOLE = "of"
"""Heading of the column that has the whole of the part before it."""
Cell = str | int | float | None
_NUMBER = re.compile(r"\d+")


def alliance_plan(facts: Facts) -> AlliancePlan:
    """The yearly return of a plan, with groups under ten withheld and what they would follow from.

    Parameters
    ----------
    facts
        Dataset, policy and plan.

    Returns
    -------
    AlliancePlan
        As ``return.json`` has it.
    """
    policy = facts.policy.model_copy(update={"smallest_group": max(SMALLEST, facts.policy.smallest_group)})
    careful = Facts(facts.dataset, policy, facts.plan)
    data: dict[str, Any] = return_data(careful, return_rows(careful))
    return AlliancePlan(
        academic_year=data["academic_year"], as_of=facts.as_of, version=data["plan"],
        smallest_group=data["smallest_group"], rows=tuple(data["rows"]),
    )  # fmt: skip


def answers_of(data: bytes) -> tuple[Answer, ...]:
    """The answers of an ``answers.json``.

    Raises
    ------
    NotFoundError
        They are of another version of the program.
    """
    try:
        return tuple(Answer.model_validate_json(json.dumps(one)) for one in json.loads(data)["answers"])
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise NotFoundError("This run has no answers that can be shown.") from error


def alliance_answer(answer: Answer, people: Set[str]) -> SharedAnswer:
    """An answer of a scenario for the Alliance.

    A number from 1 to 9, of whatever sign, may count few people: it is withheld, and shares beside it with it. A row or
    a column with one such alone would give it away by what the others add up to, so its next smallest number goes too,
    until none does. Where a number is withheld there is no sentence, since it would say it; the chart is never given.

    Parameters
    ----------
    answer
        As the team sees it.
    people
        Ids of students, their requests, and PEs: whatever holds one is withheld.

    Returns
    -------
    SharedAnswer
        Without cases that failed, whose reasons may name rows.
    """
    words = _Words(people)
    rows = _withhold(answer.table.headings, [[words.cell(cell) for cell in row] for row in answer.table.rows])
    hidden = any(cell == WITHHELD for row in rows for cell in row)
    few = any(0 < int(number) < SMALLEST for number in _NUMBER.findall(answer.sentence))
    return SharedAnswer(
        scenario=words.text(answer.scenario),
        question=words.text(answer.question),
        sentence="" if hidden or few else words.text(answer.sentence),
        proof=answer.proof if not words.has(answer.proof) else WITHHELD,
        assumes=tuple(words.text(line) for line in answer.assumes),
        headings=tuple(words.text(heading) for heading in answer.table.headings),
        rows=tuple(tuple(row) for row in rows),
    )


class _Words:
    """Finds ids of people in text, as words of their own."""

    _PARTS = re.compile(r"[^\s,;:()\[\]\"'“”‘’]+")

    def __init__(self, people: Iterable[str]) -> None:
        self._people = {person.casefold() for person in people}

    def has(self, text: str) -> bool:
        """Whether somebody is named."""
        folded = text.casefold()
        if folded in self._people:
            return True
        for part in self._PARTS.findall(folded):
            if part in self._people or part.rstrip(".") in self._people or part.split("/")[0] in self._people:
                return True
        return any(" " in person and person in folded for person in self._people)

    def text(self, text: str) -> str:
        """The text, or that it is withheld."""
        return WITHHELD if self.has(text) else text

    def cell(self, cell: Cell) -> Cell:
        """The cell, or that it is withheld."""
        return self.text(cell) if isinstance(cell, str) else cell


def _withhold(headings: Sequence[str], rows: list[list[Cell]]) -> list[list[Cell]]:
    """Rows with few, and what they would follow from, withheld. The first column says what a row is about."""
    hidden = {(r, c) for r, row in enumerate(rows) for c in range(1, len(row)) if _is_few(headings, row, c)}
    lines = [[(r, c) for c in range(1, len(row))] for r, row in enumerate(rows)]
    lines += [[(r, c) for r, row in enumerate(rows) if c < len(row)] for c in range(1, len(headings))]
    while (found := next((k for line in lines if (k := _also(line, rows, hidden)) is not None), None)) is not None:
        hidden.add(found)
    few_rows = {r for r, _ in hidden}
    return [
        [WITHHELD if (r, c) in hidden or (r in few_rows and isinstance(cell, float)) else cell
         for c, cell in enumerate(row)]
        for r, row in enumerate(rows)
    ]  # fmt: skip


def _is_few(headings: Sequence[str], row: Sequence[Cell], column: int) -> bool:
    """Whether a cell counts few, or all of a whole but few; numbers in text (``3 of 12``) count as well."""
    cell, after = row[column], row[column + 1] if column + 1 < len(row) else None
    if isinstance(cell, str):
        return any(0 < int(number) < SMALLEST for number in _NUMBER.findall(cell))
    if cell is None or cell != int(cell):
        return False
    all_but = after - cell if isinstance(after, int) and headings[column + 1] == WHOLE else 0
    return 0 < abs(cell) < SMALLEST or 0 < all_but < SMALLEST


def _also(
    line: Sequence[tuple[int, int]], rows: Sequence[Sequence[Cell]], hidden: Set[tuple[int, int]]
) -> tuple[int, int] | None:
    numbers = [(r, c) for r, c in line if isinstance(rows[r][c], int)]
    if sum(key in hidden for key in numbers) != 1:
        return None
    left = [key for key in numbers if key not in hidden and rows[key[0]][key[1]]]
    return min(left, key=lambda key: abs(cast("int", rows[key[0]][key[1]])), default=None)
