"""PEs from one year to the next: who leaves, who qualifies, who begins to train."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from allocator.reading.folding import fold
from allocator.terms.candidates import is_current, known_qualification_on
from allocator.views.facts import Facts
from models.base import natural_key
from models.dataset import Dataset
from models.entities import Educator
from models.register import Register, Row
from scenarios.edits.changing import share_of, with_values
from scenarios.selecting import Names
from scenarios.years.lines import YEAR
from scenarios.years.pattern import Pattern
from scenarios.years.rates import Rates
from scenarios.years.results import LEAVE, LIKE, ON, drawing

NEXT = {"trainee_1": "PEPS1", "trainee_2": "PEPS2"}
UNIVERSITY = "university"
OF_YEAR = "~"
"""Stands between an id of the base and the number of the year in which its copy comes."""


class Educators(NamedTuple):
    """The rows of next year's PEs, and what became of this year's: how many left, qualified, began to train.

    Who has left stays listed, so that no agency becomes one whose PEs are not known; ``there`` are the folded ids of
    the others.
    """

    rows: tuple[Row, ...]
    there: frozenset[str]
    left: int
    to_peps1: int
    to_peps2: int
    began_peps2: int
    began_peps1: int


def share_on_to_peps2(base: Dataset, rates: Rates) -> float:
    """How many of a hundred PEPS1 begin to train for PEPS2 in a year: by default as many as are training today."""
    if rates.on_to_peps2 is not None:
        return rates.on_to_peps2
    stages = [e.qualification for e in base.educators]
    return min(100.0, 100 * stages.count("trainee_2") / stages.count("PEPS1")) if "PEPS1" in stages else 0.0


def next_educators(
    pattern: Pattern, register: Register, facts: Facts, used: Mapping[str, date], year: int, rates: Rates, seed: int
) -> Educators:
    """The PEs of next year.

    Parameters
    ----------
    pattern, register, facts
        The base, this year's rows, and this year's plan.
    used
        PEs who had a student this year, with the day on which the last one ends.
    year, rates, seed
        Which year this is, and how it ends.
    """
    today = facts.as_of or date.min
    then = today + YEAR
    known = facts.dataset.educator_by_id
    rows = {str(row.values["pe"]): row for row in Names(register).rows("Educators") if row.get("pe") in known}
    before = {pe for pe in rows if (known[pe].leaves_on or date.max) < today}
    gone = _gone(facts, rates, year, seed, before) | before
    stays = {pe: row for pe, row in rows.items() if pe not in gone}
    stage = {pe: known_qualification_on(known[pe], then) for pe in stays}
    peps1 = sorted((pe for pe in stays if stage[pe] == "PEPS1"), key=natural_key)
    chance = drawing(seed, year, ON).chance
    going = sorted(peps1, key=lambda pe: (chance(pe), pe))[
        : share_of(len(peps1), share_on_to_peps2(pattern.dataset, rates))
    ]
    qualified = {pe for pe in stays if stage[pe] in NEXT and pe in used}
    made, able = [], {UNIVERSITY}
    last = max(pattern.lines.row(r).first_day for r in pattern.lines.of_year(year + 1))
    for pe, row in stays.items():
        values = _as_time_goes(row, then) | {"qualification": stage[pe], "qualifies_on": None, "becomes": None}
        if pe in used:
            values["last_student"] = max(filter(None, (row.get("last_student"), min(used[pe], then))))
        if pe in qualified:
            values |= {"qualification": NEXT[stage[pe]], "needs_student_by": None, "practice_assessor": None}
            values |= {"fall_back": None}
        elif pe in going:
            values |= {"qualification": "trainee_2", "practice_assessor": UNIVERSITY}
            values |= {"needs_student_by": _needed_by(pattern, pe, year, seed)}
        made.append(with_values(row, values))
        able |= _may_assess(known[pe], made[-1], last, facts)
    new = _new_trainees(pattern, rates, year, seed, {fold(pe) for pe in rows})
    there = frozenset(fold(str(row.values["pe"])) for row in (*made, *new))
    away = [_left(row, then) for pe, row in rows.items() if pe in gone]
    return Educators(
        rows=tuple(_named_anew(row, there, able) for row in (*made, *new, *away)), there=there, left=len(gone - before),
        to_peps1=sum(stage[pe] == "trainee_1" for pe in qualified),
        to_peps2=sum(stage[pe] == "trainee_2" for pe in qualified), began_peps2=len(going), began_peps1=len(new),
    )  # fmt: skip


def _left(row: Row, then: date) -> Row:
    """A PE who is there no more when next year is planned."""
    last = min(row.get("leaves_on") or date.max, then - timedelta(days=1))
    return with_values(row, {"leaves_on": last, "needs_student_by": None})


def _gone(facts: Facts, rates: Rates, year: int, seed: int, before: Collection[str]) -> set[str]:
    """Those who have said so, and so many percent of each service in all; consultants and independents stay."""
    dataset, then = facts.dataset, (facts.as_of or date.min) + YEAR
    said = {
        e.pe for e in dataset.educators
        if min(e.leaves_on or date.max, e.withdrawn_from or date.max) < then and e.pe not in before
    }  # fmt: skip
    groups: dict[str, list[str]] = {"children": [], "adults": [], "both": []}
    for educator in dataset.educators:
        agency = dataset.agency_by_id.get(educator.employed_by)
        if agency is not None and educator.pe not in before:
            groups[agency.directorate].append(educator.pe)
    percents = {"children": rates.children_leave, "adults": rates.adults_leave, "both": rates.others_leave}
    chance = drawing(seed, year, LEAVE).chance
    gone = set(said)
    for directorate, pes in groups.items():
        order = sorted(pes, key=lambda pe: (pe not in said, chance(pe), pe))
        gone.update(order[: share_of(len(pes), percents[directorate])])
    return gone


def _as_time_goes(row: Row, then: date) -> dict[str, Any]:
    """Days of the year that is over."""
    values: dict[str, Any] = {}
    if (row.get("absent_to") or date.max) < then:
        values |= {"absent_from": None, "absent_to": None}
    if row.get("needs_student_by") is not None:
        values["needs_student_by"] = row.values["needs_student_by"] + YEAR
    return values


def _needed_by(pattern: Pattern, pe: str, year: int, seed: int) -> date | None:
    """When a PE who trains for PEPS2 needs a student, as those of the base do, so many years later."""
    days = sorted(
        row.values["needs_student_by"] for row in pattern.names.rows("Educators")
        if row.get("qualification") == "trainee_2" and row.get("needs_student_by") is not None
    )  # fmt: skip
    return days[int(drawing(seed, year, LIKE).chance(pe) * len(days))] + (year + 1) * YEAR if days else None


def _new_trainees(pattern: Pattern, rates: Rates, year: int, seed: int, taken: set[str]) -> list[Row]:
    """Who begins to train for PEPS1: in the teams of those who do today."""
    today = sorted(
        (row for row in pattern.names.rows("Educators") if row.get("qualification") == "trainee_1" and row.get("pe")),
        key=lambda row: natural_key(str(row.values["pe"])),
    )
    every, rest = divmod(share_of(len(today), rates.new_trainees), len(today)) if today else (0, 0)
    chance = drawing(seed, year, LIKE).chance
    some = sorted(today, key=lambda row: chance(str(row.values["pe"])))[:rest]
    made = []
    for row in [*today * every, *some]:
        name = new_id(str(row.values["pe"]), year + 1, taken)
        blank = dict.fromkeys(
            ("last_student", "current_until", "leaves_on", "absent_from", "absent_to", "available_from")
        )
        made.append(with_values(pattern.moved(row, year + 1), {**blank, "pe": name}))
    return made


def new_id(name: str, year: int, taken: set[str]) -> str:
    """The id of a copy in a year, which nothing has; ``taken`` holds folded ids, and takes it."""
    made, number = f"{name}{OF_YEAR}{year}", 1
    while fold(made) in taken:
        number += 1
        made = f"{name}{OF_YEAR}{year}.{number}"
    taken.add(fold(made))
    return made


def copied_from(name: str) -> str:
    """The id of which an id is a copy, folded."""
    return fold(name.rpartition(OF_YEAR)[0])


def _may_assess(educator: Educator, row: Row, last: date, facts: Facts) -> set[str]:
    """The folded id of a PE who may assess trainees until the last round of next year: PEPS2, and current then."""
    later = educator.model_copy(
        update={
            "qualification": row.get("qualification"), "last_student": row.get("last_student"), "qualifies_on": None,
            "becomes": None,
        }
    )  # fmt: skip
    fit = later.qualification == "PEPS2" and is_current(later, last, facts.policy.currency_months)
    return {fold(educator.pe)} if fit else set()


def _named_anew(row: Row, there: Collection[str], able: Collection[str]) -> Row:
    """An assessor who may not assess any more, and a fall-back who is gone, are to be named anew."""
    lost = {
        column: None for column, may in (("practice_assessor", able), ("fall_back", there))
        if row.get(column) is not None and fold(str(row.values[column])) not in may
    }  # fmt: skip
    return with_values(row, lost) if lost else row
