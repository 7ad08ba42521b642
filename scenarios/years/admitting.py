"""The cohort that is admitted for next year: as many as this year, and like them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from allocator.reading.folding import fold
from models.register import Row
from scenarios.edits.changing import share_of, with_values
from scenarios.selecting import Names
from scenarios.years.educators import new_id
from scenarios.years.lines import Round
from scenarios.years.pattern import Entrant, Pattern
from scenarios.years.rates import Rates
from scenarios.years.results import ADMIT, LIKE, READY, drawing

SETTLED: Mapping[str, Any] = {"readiness": "passed", "clearance": "passed", "ranked_offers": None, "stage": None}
"""What is known of every student a year later: readiness and clearance; ranks were of the offers that are over."""
_TOGETHER = (
    ("home", "drives", "mode"), ("preferred_areas", "preferred_agencies"),
    ("limit_minutes", "adjustments", "share_needs", "caring"),
)  # fmt: skip
"""Columns of Students that a new student has from one of this year's, each group from another."""


class Admitted(NamedTuple):
    """Rows of new students by id, what they ask for, and how many of them are not ready at the first attempt."""

    students: dict[str, Row]
    requests: list[Row]
    unready: int


def admitted(pattern: Pattern, names: Names, year: int, rates: Rates, seed: int) -> Admitted:
    """A cohort like the base's, less those of it who are listed already; who is not ready has the first a round later.

    Parameters
    ----------
    pattern, names
        The base, and this year's rows, of which no id is taken.
    year, rates, seed
        Which year this is, and how it ends.
    """
    ahead = pattern.listed_ahead if year == 0 else 0
    number = max(0, share_of(len(pattern.entrants), rates.intake) - ahead)
    chance = drawing(seed, year, ADMIT).chance
    order = sorted(pattern.entrants, key=lambda e: (chance(e.student.student), e.student.student))
    every, rest = divmod(number, len(order)) if order else (0, 0)
    taken = {fold(str(r.values["student"])) for r in names.rows("Students") if r.get("student")}
    taken |= {fold(name) for name in pattern.dataset.student_by_id}
    new = [(e, new_id(e.student.student, year + 1, taken)) for e in [*order * every, *order[:rest]]]
    ready = drawing(seed, year, READY).chance
    own = sorted(
        (name for entrant, name in new if entrant.first.request.found_by != "employer"),
        key=lambda name: (ready(name), name),
    )
    late = set(own[: share_of(len(own), 100 - rates.ready)])
    made = Admitted({}, [], len(late))
    for entrant, name in new:
        made.students[name] = _student(pattern, entrant, name, year, seed)
        made.requests.extend(_requests(pattern, entrant, name, year + 1, late=name in late))
    return made


def _student(pattern: Pattern, entrant: Entrant, name: str, year: int, seed: int) -> Row:
    """A student with the programme, scheme and employer of one of this year's, and else like others of these."""
    chance = drawing(seed, year, LIKE).chance
    like = [
        e.row for e in pattern.entrants
        if (e.student.programme, e.student.scheme) == (entrant.student.programme, entrant.student.scheme)
    ]  # fmt: skip
    values: dict[str, Any] = {"student": name, "waiting_since": None, **SETTLED}
    for number, columns in enumerate(_TOGETHER):
        source = like[int(chance(f"{name}/{number}") * len(like))]
        values |= {c: source.values.get(c) for c in columns}
    return with_values(entrant.row, values)


def _requests(pattern: Pattern, entrant: Entrant, name: str, ahead: int, *, late: bool) -> list[Row]:
    lines, made = pattern.lines, []
    first = Round(entrant.first.round.line, entrant.first.round.offset + ahead)
    if late:
        first = pattern.next_round(entrant.student, "first", ahead, lines.row(first).first_day)
    for asked in entrant.asked:
        row = with_values(asked.row, {"student": name})
        if late:
            is_first = asked.request.stage == "first"
            made.append(pattern.in_round(row, first if is_first else pattern.final_round(entrant.student, first)))
        else:
            tranche = lines.name(Round(asked.round.line, asked.round.offset + ahead))
            made.append(with_values(pattern.moved(row, ahead), {"tranche": tranche}))
    return made
