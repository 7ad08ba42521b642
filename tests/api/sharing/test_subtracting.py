"""Attacks on what the Alliance gets: numbers are subtracted, of one table, of two answers, of two plans of a round."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.sharing.alliance import WITHHELD, Cell, alliance_answer, alliance_plan
from api.sharing.rounding import SMALLEST, rounded, unit_of
from models.dataset import Dataset
from models.plan import Match
from scenarios.answers.answer import Answer, AnswerTable, Chart
from tests import builders as b
from tests.report.looking import POLICY, facts_of, match

HEADINGS = ("case", "placed", "of", "%", "newly placed", "not placed any more", "moved")


def shown(*cases: tuple[int, int, int, int]) -> list[tuple[Cell, ...]]:
    """A table of cases as the Alliance gets it: placed of 354, newly placed, not placed any more, moved."""
    rows = tuple(
        (f"case {n}", placed, 354, round(100 * placed / 354, 1), gained, lost, moved)
        for n, (placed, gained, lost, moved) in enumerate(cases)
    )
    answer = Answer(
        scenario="cut", question="Fewer?", reason="", base="b", sentence="", proof="all proved", assumes=(),
        table=AnswerTable(headings=HEADINGS, rows=rows), chart=Chart(kind="none"),
    )  # fmt: skip
    return list(alliance_answer(answer, set()).rows)


def possible(cell: Cell) -> set[int]:
    """What a number of persons may have been, for whoever sees what is shown of it."""
    if cell == WITHHELD:
        return set(range(1, SMALLEST))
    assert isinstance(cell, int)
    return {0} if cell == 0 else {n for n in range(SMALLEST, cell + SMALLEST) if rounded(n) == cell}


@given(st.integers(30, 345), st.integers(0, 9), st.integers(0, 9))
def test_who_lost_a_place_does_not_follow_from_two_cases(placed: int, gained: int, lost: int) -> None:
    # After: placed + gained - lost. With "newly placed" shown as 0, the exact difference would say who lost theirs.
    before, after = shown((placed, 0, 0, 0), (placed + gained - lost, gained, lost, 0))
    differences = {late - early for early in possible(before[1]) for late in possible(after[1])}
    fits = {(more, fewer) for more in possible(after[4]) for fewer in possible(after[5]) if more - fewer in differences}
    assert (gained, lost) in fits
    for number, found in ((gained, {more for more, _ in fits}), (lost, {fewer for _, fewer in fits})):
        assert number == 0 or len(found) > 1


@given(st.integers(20, 354), st.integers(1, 9))
def test_one_answer_less_another_tells_of_nobody(placed: int, fewer: int) -> None:
    [one], [other] = shown((placed, 0, 0, 0)), shown((placed - fewer, 0, 0, 0))
    differences = {a - b for a in possible(one[1]) for b in possible(other[1])}
    assert len(differences) >= SMALLEST
    assert fewer in differences


def test_percents_say_no_more_than_the_numbers_beside_them() -> None:
    rows = [shown((placed, 0, 0, 0))[0] for placed in range(355)]
    assert len({row[1:4] for row in rows}) == len({row[1] for row in rows}) == 37  # 0, few, and 10 to 350 by tens


@given(st.integers(20, 400), st.floats(0, 120), st.floats(0, 120))
def test_a_sum_does_not_say_what_one_person_adds(persons: int, average: float, own: float) -> None:
    total = persons * average
    unit = unit_of(total, persons)
    assert unit >= SMALLEST
    assert unit >= SMALLEST * average  # what is shown may be so much more or less than it was


def with_finals(number: int) -> tuple[Dataset, list[Match]]:
    """So many students due a final, each with a statutory first placement, and placed in a statutory one."""
    students = tuple(b.student(f"S{n}") for n in range(number))
    return (
        b.dataset(
            students=students,
            requests=tuple(b.request(f"S{n}/final") for n in range(number)),
            history=tuple(b.history(f"S{n}") for n in range(number)),
            offers=(b.offer(capacity=number),),
        ),
        [match(f"S{n}/final") for n in range(number)],
    )  # fmt: skip


def numbers(placed: int, *, alone: bool) -> Iterator[tuple[tuple[str, str], Any]]:
    dataset, matches = with_finals(30)
    for row in alliance_plan(facts_of(dataset, *matches[:placed], policy=POLICY), alone=alone).rows:
        for group, value in row["values"].items():
            if "number" in value:
                yield (row["row"], group), value["number"]


def test_two_plans_of_a_round_differ_by_nobody() -> None:
    """The second plan places one fewer: 24 for 25, 2400 days for 2500. Exact numbers of both would say it."""
    exact = dict(numbers(25, alone=True))
    days, placed = ("days of statutory placements", "All"), ("other", "All")
    assert (exact[placed], exact[days]) == (25, 2500)
    beside = dict(numbers(24, alone=False))
    assert (beside[placed], beside[days]) == (20, 2000)
    assert beside == dict(numbers(23, alone=False)) == dict(numbers(21, alone=False))
