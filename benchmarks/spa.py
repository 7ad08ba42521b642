"""An outside check of the engine: public instances with known optima, through the ordinary pipeline.

Mapping: a student is a student with one request of stage first and ``ranked_offers``; a project is an offer with
capacity ``upper`` and an ``always`` minimum ``lower``, statutory by both tests, with a supervisor on site; a
supervisor is a secondary agency without full-time equivalents, with one team, a minimum and maximum in the year, and
one PEPS2 in that team whose load is the number of students (no supervisors: one agency without either). One place,
one deciding tranche, so all windows are equal. A pair exists if and only if the student lists the project.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from allocator.pipeline import allocate
from benchmarks.spa_reader import (
    KNOWN_FILE,
    MEASURES,
    Instance,
    MalformedError,
    Measure,
    Supervisor,
    parse_instance,
    read_known,
    without_trailing_zeros,
)
from models.base import natural_key
from models.dataset import Dataset
from models.entities import Agency, Educator, Offer, Place, Request, Student, Team, Tranche
from models.errors import AllocationError
from models.plan import Plan
from models.policy import Policy
from models.run import Outcome

Solve = Callable[[Dataset, Policy], Outcome]

FIRST_DAY = date(2026, 1, 5)
TEAM = "Team"
PLACE = "Place"
EVERYBODY = "everybody"
"""The one agency of an instance without supervisors."""
NOT_AN_INSTANCE = re.compile(r"(licen[cs]e|readme|notes?|copying)\b", re.IGNORECASE)
"""Text files that accompany instances."""

_BASE = Policy(as_of=FIRST_DAY, placed_total=True)
GENEROUS = _BASE.model_copy(update={"tiers": ("placed", "preferences"), "preference_order": "generous"})
GREEDY_AT_MAXIMUM = GENEROUS.model_copy(update={"preference_order": "greedy"})
LEAST_COST = GENEROUS.model_copy(update={"preference_order": "sum"})
GREEDY = GREEDY_AT_MAXIMUM.model_copy(update={"tiers": ("preferences", "placed")})


class Row(NamedTuple):
    """One instance and measure: what was found, what is known (None: unknown), whether they agree (None: no judgement).

    ``problem`` says why nothing was found: a malformed file, or a run that failed.
    """

    folder: str
    instance: str
    measure: str
    found: Measure | None
    known: Measure | None
    agrees: bool | None
    problem: str | None = None


def as_dataset(instance: Instance) -> Dataset:
    """Put an instance in the engine's words.

    Parameters
    ----------
    instance
        Students with preferences, projects and supervisors with quotas.

    Returns
    -------
    Dataset
        Ids are those of the instance with ``S``, ``O``, ``A`` and ``PE`` in front.
    """
    supervisors = instance.supervisors if any(p.supervisor for p in instance.projects.values()) else {}
    employers: dict[str, Supervisor | None] = {f"A{name}": quotas for name, quotas in supervisors.items()}
    if not employers:
        employers = {EVERYBODY: None}
    ordered_employers = sorted(employers, key=natural_key)
    students = sorted(instance.students, key=natural_key)
    return Dataset(
        tranches=(Tranche(tranche="T1", first_day=FIRST_DAY),),
        students=tuple(
            Student(
                student=f"S{name}",
                programme="MSW",
                university="University",
                home=PLACE,
                readiness="passed",
                clearance="passed",
                ranked_offers=tuple(tuple(f"O{project}" for project in tie) for tie in instance.students[name]),
            )
            for name in students
        ),
        requests=tuple(
            Request(
                request=f"S{name}/first",
                student=f"S{name}",
                stage="first",
                tranche="T1",
                days=70,
                # Without a list there is no pair; in the engine's words an empty ranking would mean "any offer".
                set_aside=None if instance.students[name] else "lists no project",
            )
            for name in students
        ),
        agencies=tuple(_agency(name, employers[name]) for name in ordered_employers),
        teams=tuple(Team(agency=name, team=TEAM, place=PLACE) for name in ordered_employers),
        offers=tuple(
            Offer(
                offer=f"O{name}",
                agency=EVERYBODY if project.supervisor is None else f"A{project.supervisor}",
                team=TEAM,
                tranche="T1",
                earliest_start=FIRST_DAY,
                place=PLACE,
                areas=("any",),
                setting="authority",
                statutory_regulator="yes",
                statutory_dfe="yes",
                capacity=project.upper,
                minimum=project.lower,
                minimum_kind="always",
                on_site_supervisor="yes",
            )
            for name, project in sorted(instance.projects.items(), key=lambda item: natural_key(item[0]))
        ),
        educators=tuple(
            Educator(
                pe=f"PE{name}",
                employed_by=name,
                team=TEAM,
                qualification="PEPS2",
                load=max(1, len(students)),
                registered="yes",
                current_until=date(2030, 1, 1),
            )
            for name in ordered_employers
        ),
        places=(Place(place=PLACE, latitude=51.5, longitude=-0.1),),
    )


def _agency(name: str, quotas: Supervisor | None) -> Agency:
    return Agency(
        agency=name,
        kind="authority",
        membership="secondary",
        minimum_in_year=quotas.lower if quotas else None,
        maximum_in_year=quotas.upper if quotas else None,
    )


def ranks(instance: Instance, plan: Plan) -> list[int]:
    """The dense rank of every match of a plan, from the instance's own lists."""
    rank_of = {
        (f"S{student}/first", f"O{project}"): rank
        for student, ties in instance.students.items()
        for rank, tie in enumerate(ties, start=1)
        for project in tie
    }
    return [rank_of[match.request, match.offer] for match in plan.matches]


def profile(matched: list[int]) -> tuple[int, ...]:
    """How many have rank 1, 2, ..., without trailing zeros."""
    count = Counter(matched)
    return without_trailing_zeros([count[rank] for rank in range(1, max(matched, default=0) + 1)])


def measures(instance: Instance, solve: Solve = allocate) -> dict[str, Measure]:
    """Solve one instance under the four orders.

    Parameters
    ----------
    instance
        What to solve.
    solve
        The pipeline.

    Returns
    -------
    dict
        By measure. An instance whose quotas clash has a status and nothing else.

    Raises
    ------
    AllocationError
        A run failed, or its plan did not pass the check.
    """
    dataset = as_dataset(instance)

    def solved(policy: Policy) -> list[int] | None:
        outcome = solve(dataset, policy)
        if not outcome.check.passed:
            rules = ", ".join(sorted({violation.rule for violation in outcome.check.violations}))
            raise AllocationError(f"the plan breaks {rules}")
        return None if outcome.plan.clash else ranks(instance, outcome.plan)

    generous = solved(GENEROUS)
    if generous is None:
        return {"status": "INFEASIBLE"}
    found: dict[str, Measure] = {
        "status": "FEASIBLE",
        "max_size": len(generous),
        "generous_max_profile": profile(generous),
        "min_degree": max(generous, default=0),
    }
    cost, greedy_at_maximum, greedy = solved(LEAST_COST), solved(GREEDY_AT_MAXIMUM), solved(GREEDY)
    if cost is None or greedy_at_maximum is None or greedy is None:
        raise AllocationError("rules clash under one order of the tiers and not under another")
    return found | {
        "min_cost": sum(cost),
        "greedy_max_profile": profile(greedy_at_maximum),
        "greedy_profile": profile(greedy),
    }


def instance_files(folder: Path) -> list[Path]:
    """The instances of a folder and of the folders below it, in natural order."""
    found = (p for p in folder.rglob("*.txt") if p.is_file() and not NOT_AN_INSTANCE.match(p.stem))
    return sorted(found, key=lambda path: (str(path.parent), natural_key(path.stem)))


def compare(folder: Path, solve: Solve = allocate) -> Iterator[Row]:
    """Solve every instance of a folder and compare it with what is known.

    Parameters
    ----------
    folder
        Instances (``*.txt``), with or without ``known_optima.csv`` beside them.
    solve
        The pipeline.

    Yields
    ------
    Row
        One per instance and measure, or one with a problem per file that could not be read or solved.
    """
    known_by_parent: dict[Path, dict[str, dict[str, Measure]]] = {}
    for path in instance_files(folder):
        place = str(path.parent)
        if path.parent not in known_by_parent:
            try:
                known_by_parent[path.parent] = read_known(path.parent)
            except (MalformedError, OSError, UnicodeDecodeError) as error:
                known_by_parent[path.parent] = {}
                yield Row(place, KNOWN_FILE, "file", None, None, False, _sentence(error))
        known = known_by_parent[path.parent].get(path.stem, {})
        try:
            found = measures(parse_instance(path.read_text(encoding="utf-8")), solve)
        except (MalformedError, OSError, UnicodeDecodeError, AllocationError) as error:
            yield Row(place, path.stem, "file", None, None, False, _sentence(error))
            continue
        for measure in MEASURES:
            if measure in found or measure in known:
                value, expected = found.get(measure), known.get(measure)
                yield Row(place, path.stem, measure, value, expected, None if expected is None else value == expected)


def _sentence(error: Exception) -> str:
    return str(error) or type(error).__name__


def text(row: Row) -> str:
    """One line for the terminal: instance, measure, found, known, agrees."""
    name = f"{Path(row.folder).name}/{row.instance}"
    if row.problem:
        return f"{name:<34} {'cannot be read or solved: ' + row.problem}"
    agrees = {True: "yes", False: "NO", None: "not known"}[row.agrees]
    return f"{name:<34} {row.measure:<21} {_shown(row.found):<30} {_shown(row.known):<30} {agrees}"


def _shown(value: Measure | None) -> str:
    if value is None:
        return "-"
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def report(folders: Iterable[Path], write: Callable[[str], None], solve: Solve = allocate) -> int:
    """Compare folders, a line per row as it is found, and a summary.

    Parameters
    ----------
    folders
        Each of the shape that :func:`compare` reads.
    write
        Takes each line.
    solve
        The pipeline.

    Returns
    -------
    int
        The exit code: 0 all agree, 1 a mismatch, 2 a folder without instances.
    """
    rows: list[Row] = []
    without = []
    write(f"{'instance':<34} {'measure':<21} {'found':<30} {'known':<30} agrees")
    for folder in folders:
        before = len(rows)
        for row in compare(folder, solve):
            rows.append(row)
            write(text(row))
        if len(rows) == before:
            without.append(folder)
            write(f"{folder}: no instances (*.txt) here")
    count = Counter(row.agrees for row in rows)
    instances = {(row.folder, row.instance) for row in rows}
    wrong = {(row.folder, row.instance) for row in rows if row.agrees is False}
    write(
        f"{len(instances)} instances, {count[True] + count[False]} measures compared: {count[True]} agree, "
        f"{count[False]} do not (in {len(wrong)} instances); {count[None]} not known"
    )
    return 1 if wrong else 2 if without else 0
