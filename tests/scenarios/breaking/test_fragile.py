"""Who and what is fragile, from draws made by hand: the numbers are counted, and no more is said than draws show."""

from math import sqrt

import pytest

from models.plan import Match
from scenarios.answers.words import spread
from scenarios.breaking.draws import Draw, Told, hit, outcome
from scenarios.breaking.events import Events
from scenarios.breaking.fragile import fragile_rows, fragile_students
from tests.scenarios.partnership import plan_of

TOLD = Told(
    {f"S{n}/first": Match(request=f"S{n}/first", offer=f"O{n}", pe=f"P{n}") for n in (1, 2, 3)},
    {f"S{n}/first": f"S{n}" for n in (1, 2, 3)},
)


def gone(*, students: str = "", offers: str = "", pes: str = "") -> Events:
    return Events(frozenset(students.split()), frozenset(offers.split()), frozenset(pes.split()))


def draw(number: int, events: Events, *matches: tuple[str, str]) -> Draw:
    plan = plan_of(*(Match(request=f"{student}/first", offer=offer, pe="P9") for student, offer in matches))
    return Draw(number, events, {0: plan})


# O1 goes in draws 1 and 2, and S1 has no place in either; P2 goes in draw 2, and S2 moves; nothing happens in 3 and 4.
DRAWS = (
    draw(1, gone(offers="O1"), ("S2", "O2"), ("S3", "O3")),
    draw(2, gone(offers="O1", pes="P2"), ("S2", "O4"), ("S3", "O3")),
    draw(3, gone(), ("S1", "O1"), ("S2", "O2"), ("S3", "O3")),
    draw(4, gone(students="S3"), ("S1", "O1"), ("S2", "O2"), ("S4", "O3")),
)


def test_each_placement_is_ended_by_one_thing() -> None:
    ended = hit(TOLD, gone(students="S1", offers="O1 O2", pes="P2 P3"))
    assert ended == (("S1/first",), ("S2/first",), ("S3/first",))


def test_what_became_of_each() -> None:
    found = outcome(TOLD, DRAWS[1].events, DRAWS[1].plans[0])
    assert (found.same, found.elsewhere, found.lost, found.added) == (("S3/first",), ("S2/first",), ("S1/first",), ())
    assert found.survive == 2
    found = outcome(TOLD, DRAWS[3].events, DRAWS[3].plans[0])
    assert (found.lost, found.added) == ((), ("S4/first",))  # S3 has withdrawn: that is no break


def test_fragile_students() -> None:
    first, second = fragile_students(TOLD, DRAWS, [0])
    assert first == ("S1/first", 4, 2, {0: 2}, {0: 0})
    assert second == ("S2/first", 4, 1, {0: 0}, {0: 1})


def test_fragile_rows_are_those_that_draws_show() -> None:
    # Broken in the four draws: 1, 2, 0, 0. Without O1: mean 1.5, with it 0; P2 goes in one draw only, so nothing is said.
    (row,) = fragile_rows(TOLD, DRAWS, 0)
    assert (row.kind, row.row, row.gone, row.without, row.there, row.with_it, row.own) == (
        "offer",
        "O1",
        2,
        1.5,
        2,
        0,
        1,
    )
    # The deviation of 1, 2, 0, 0 (mean 0.75) is sqrt((0.0625 + 1.5625 + 0.5625 + 0.5625) / 4) = 0.829, of each of two means
    # by sqrt(2): 0.829 as 1/2 + 1/2 = 1. So 1.5 is 1.8 standard errors: chance alone may make it.
    assert row.error == pytest.approx(sqrt(2.75 / 4))
    assert not row.is_beyond_chance


def test_a_spread_is_one_number_where_all_are_equal() -> None:
    assert spread([3, 3, 3]) == "3"
    assert spread([1, 4, 2, 9]) == "3 (1 to 9)"
