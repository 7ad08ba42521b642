"""Rounds that come again: which is which a year later, what they are called, on which weekday they begin."""

from datetime import date

import pytest

from models.entities import Tranche
from scenarios.errors import EditError
from scenarios.years.lines import Lines, Round, next_name


def tranche(name: str, day: str, status: str = "later") -> Tranche:
    return Tranche.model_validate({"tranche": name, "first_day": day, "status": status})


ROUNDS = (
    tranche("SEP26", "2026-09-14", "past"), tranche("JAN27", "2027-01-05", "deciding"), tranche("MAY27", "2027-05-10"),
    tranche("SEP27", "2027-09-13"), tranche("JAN28", "2028-01-04"),
)  # fmt: skip


def test_a_round_that_is_listed_a_year_later_is_of_the_same_line() -> None:
    # from 5 January 2027: SEP26 is of the year before, JAN28 of the next, the others of this
    lines = Lines(ROUNDS)
    assert lines.of("JAN28") == Round(lines.of("JAN27").line, 1)
    assert lines.of("SEP26") == Round(lines.of("SEP27").line, -1)
    assert [lines.of(name).offset for name in ("JAN27", "MAY27", "SEP27")] == [0, 0, 0]


def test_later_years_have_the_same_rounds_so_many_years_later() -> None:
    lines = Lines(ROUNDS)
    assert [lines.name(r) for r in lines.of_year(0)] == ["JAN27", "MAY27", "SEP27", "JAN28"]
    assert [lines.name(r) for r in lines.of_year(1)] == ["JAN28", "MAY28", "SEP28", "JAN29"]
    assert [lines.status(r, 1) for r in lines.of_year(1)] == ["deciding", "later", "later", "later"]
    assert lines.status(lines.of("MAY27"), 1) == "past"
    # 364 days from Monday, 10 May 2027; JAN28 is as it is listed
    may = lines.row(Round(lines.of("MAY27").line, 1))
    assert (may.first_day, may.first_day.weekday()) == (date(2028, 5, 8), 0)
    assert lines.row(lines.of("JAN28")).first_day == date(2028, 1, 4)


@pytest.mark.parametrize(
    ("name", "first_day", "later"),
    [
        ("JAN27", date(2028, 1, 4), "JAN28"), ("January 2027", date(2028, 1, 4), "January 2028"),
        ("2026-27 finals", date(2028, 1, 4), "2027-28 finals"), ("January", date(2028, 1, 4), "January 2028"),
        ("Round 1", date(2028, 1, 4), "Round 1 2028"),
    ],
)  # fmt: skip
def test_names_of_a_year_later(name: str, first_day: date, later: str) -> None:
    assert next_name(name, first_day) == later


def test_no_name_twice() -> None:
    # January's next is January 2028, which somebody else has
    lines = Lines([tranche("January", "2027-01-04", "deciding"), tranche("January 2028", "2027-05-03")])
    assert lines.name(Round("January", 1)) == "January 2028~"


def test_a_year_begins_with_a_round_that_is_being_decided() -> None:
    with pytest.raises(EditError, match="no round is being decided"):
        Lines([tranche("SEP26", "2026-09-14", "past")])
