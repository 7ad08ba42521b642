"""What the Alliance sees: aggregates of a plan and answers of scenarios; nobody can be recognised in either."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from pydantic import ValidationError

from allocator.views.facts import Facts
from allocator.views.returned import return_data
from allocator.views.returns import ReturnRow, return_rows
from api.problems import NotFoundError
from api.sharing.rounding import SMALLEST, is_few, percent, rounded, unit_of
from api.wire.sharing import AlliancePlan, SharedAnswer
from scenarios.answers.answer import Answer

WITHHELD = "withheld"
WHOLE, PERCENT = "of", "%"
"""Headings of the columns that have the whole of the part before them, and the percent."""
WHOLE_AND_PERCENT = 2
Cell = str | int | float | None
_NUMBER = re.compile(r"\d+")
_COUNTS = re.compile(r"\d+(?: (?:of|to) \d+)*")


def alliance_plan(facts: Facts, *, alone: bool) -> AlliancePlan:
    """The yearly return of a plan, with groups under ten withheld and what they would follow from.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    alone
        Whether no other plan of its round ever left the team. Beside another one its numbers are rounded to tens:
        two plans differ by few, and exact numbers of both would say by how many, and of which group.

    Returns
    -------
    AlliancePlan
        As ``return.json`` has it.
    """
    # A policy may ask for larger groups, never for smaller ones.
    policy = facts.policy.model_copy(update={"smallest_group": max(SMALLEST, facts.policy.smallest_group)})
    careful = Facts(facts.dataset, policy, facts.plan)
    found = return_rows(careful)
    data: dict[str, Any] = return_data(careful, found)
    rows = data["rows"]
    if not alone:
        rows = [row | {"values": _rounded(row["values"], source)} for row, source in zip(rows, found, strict=True)]
    return AlliancePlan(
        academic_year=data["academic_year"], as_of=facts.as_of, version=data["plan"],
        smallest_group=data["smallest_group"], rounded_to=None if alone else SMALLEST, rows=tuple(rows),
    )  # fmt: skip


def _rounded(values: Mapping[str, dict[str, Any]], row: ReturnRow) -> dict[str, dict[str, Any]]:
    """The values of a row of the return, rounded; what is withheld stays so."""
    found = {}
    for group, value in values.items():
        number, persons = value.get("number"), row.persons.get(group)
        if number is None:
            found[group] = value
        elif isinstance(number, float):  # an average, which has nothing that it could be rounded to
            found[group] = {WITHHELD: True}
        elif "of" in value:
            part, whole = rounded(number), rounded(value["of"])
            found[group] = {"number": part, "of": whole, "percent": percent(part, whole)}
        else:
            unit = unit_of(number, persons.part) if persons and persons.part < number else SMALLEST
            found[group] = {"number": rounded(number, unit)}
    return found


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

    A number from 1 to 9, of whatever sign, may count few people: it is withheld. All others are rounded to tens, so
    that few do not follow from two of them: cases of a table differ by few, and so do a part and its whole. Percents
    are those of the rounded numbers. A sentence with numbers is not given, and the chart never is.

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
    headings = answer.table.headings
    return SharedAnswer(
        scenario=words.text(answer.scenario),
        question=words.text(answer.question),
        sentence="" if _NUMBER.search(answer.sentence) else words.text(answer.sentence),
        proof=answer.proof if not words.has(answer.proof) else WITHHELD,
        assumes=tuple(words.text(line) for line in answer.assumes),
        headings=tuple(words.text(heading) for heading in headings),
        rows=tuple(_row(headings, [words.cell(cell) for cell in row]) for row in answer.table.rows),
        rounded_to=SMALLEST,
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


def _row(headings: Sequence[str], row: Sequence[Cell]) -> tuple[Cell, ...]:
    """A row as it leaves the team. The first column says what it is about."""
    found: list[Cell] = list(row[:1])
    for column in range(1, len(row)):
        cell, before = row[column], found[column - 2 : column] if column > WHOLE_AND_PERCENT else []
        if isinstance(cell, str):
            found.append(_text(cell))
        elif cell is None or headings[column] != PERCENT or headings[column - 1] != WHOLE:
            found.append(None if cell is None else _number(cell, headings, row, column))
        else:  # of a part and its whole, as they are shown
            part, whole = (value if isinstance(value, int) else None for value in before)
            found.append(WITHHELD if part is None or whole is None else percent(part, whole))
    return tuple(found)


def _number(cell: int | float, headings: Sequence[str], row: Sequence[Cell], column: int) -> Cell:
    """Few are withheld, the others rounded; what is more than its whole is a sum over persons, such as minutes."""
    if is_few(cell):
        return WITHHELD
    whole = row[column + 1] if column + 1 < len(row) and headings[column + 1] == WHOLE else None
    if isinstance(whole, int) and abs(cell) > whole:
        return WITHHELD if is_few(whole) else rounded(cell, unit_of(cell, whole))
    return rounded(cell)


def _text(cell: str) -> str:
    """Text with numbers: a range or a part of a whole is rounded; what else it may say is not known, and withheld."""
    numbers = [int(number) for number in _NUMBER.findall(cell)]
    if any(map(is_few, numbers)) or (numbers and not _COUNTS.fullmatch(cell)):
        return WITHHELD
    return _NUMBER.sub(lambda found: str(rounded(int(found[0]))), cell)
