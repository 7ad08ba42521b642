"""A small partnership as rows, for tests of scenarios: two agencies, three students, four offers, four PEs.

Two agencies, A (primary, an authority) and B (outside); the round January is decided on 1 December 2026 and begins on
4 January 2027, May comes later. S1 (MSW first) and S2 (MSW final) and S3 (BA first) ask in January.
"""

import copy
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter

from allocator.reading.reader import register_of
from allocator.settling.settling import Reading, settle
from models.dataset import Dataset
from models.plan import Match, Plan
from models.policy import Policy
from models.register import Register
from scenarios.edits import edited
from scenarios.errors import EditError
from scenarios.model import Edit

TODAY = date(2026, 12, 1)
Sheets = dict[str, list[dict[str, Any]]]
_EDITS: TypeAdapter[tuple[Edit, ...]] = TypeAdapter(tuple[Edit, ...])

ROWS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "Tranches": [
        {"tranche": "January", "first_day": "2027-01-04", "last_end": "2027-07-30", "status": "deciding"},
        {"tranche": "May", "first_day": "2027-05-03", "last_end": "2027-12-17", "status": "later"},
        {"tranche": "Last year", "first_day": "2026-01-05", "last_end": "2026-07-31", "status": "past"},
    ],
    "Students": [
        {"student": "S1", "programme": "MSW", "home": "CR0", "clearance": "passed", "readiness": "passed"},
        {"student": "S2", "programme": "MSW", "home": "CR0", "clearance": "passed", "readiness": "passed"},
        {"student": "S3", "programme": "BA", "home": "SM1", "clearance": "passed", "readiness": "passed", "stage": "first"},
    ],
    "Requests": [
        {"student": "S1", "stage": "first", "tranche": "January"},
        {"student": "S2", "stage": "final", "tranche": "January"},
    ],
    "History": [{"student": "S2", "stage": "first", "agency": "C", "team": "Z", "areas": "adults", "setting": "voluntary"}],
    "Agencies": [
        {"agency": "A", "name": "Alpha Children’s", "kind": "authority", "membership": "primary", "social_workers_fte": 50},
        {"agency": "B", "kind": "voluntary"},
    ],
    "Teams": [
        {"agency": "A", "team": "X", "place": "CR0", "areas": "children", "setting": "authority", "statutory_dfe": "yes", "statutory_regulator": "yes"},
        {"agency": "B", "team": "Y", "place": "SM1", "areas": "adults", "statutory_dfe": "no", "statutory_regulator": "no"},
    ],
    "Offers": [
        {"offer": "O1", "agency": "A", "team": "X", "tranche": "January", "stage": "final", "educators": "P1", "on_site_supervisor": "yes"},
        {"offer": "O2", "agency": "A", "team": "X", "tranche": "January", "stage": "first", "capacity": 2, "educators": "P2", "on_site_supervisor": "yes"},
        {"offer": "O3", "agency": "B", "team": "Y", "tranche": "January", "educators": "P3", "on_site_supervisor": "yes"},
        {"offer": "O4", "agency": "A", "team": "X", "tranche": "May", "educators": "P1", "on_site_supervisor": "yes"},
    ],
    "Educators": [
        {"pe": "P1", "employed_by": "A", "team": "X", "qualification": "PEPS2", "registered": "yes", "current_until": "2030-01-01"},
        {"pe": "P2", "employed_by": "A", "team": "X", "qualification": "PEPS1", "registered": "yes", "current_until": "2030-01-01"},
        {"pe": "P3", "employed_by": "B", "team": "Y", "qualification": "PEPS2", "registered": "yes", "current_until": "2030-01-01"},
        {"pe": "P4", "employed_by": "A", "team": "X", "qualification": "trainee_1", "practice_assessor": "P1"},
    ],
    "Travel": [
        {"from": origin, "to": to, "mode": mode, "minutes": 0 if origin == to else 25}
        for origin in ("CR0", "SM1") for to in ("CR0", "SM1") for mode in ("car", "public")
    ],
    "Commitments": [{"agency": "A", "programme": "Frontline", "number": 1}, {"pe": "P3", "programme": "ASYE", "number": 1}],
}  # fmt: skip


def rows(**changes: Any) -> Sheets:
    """The partnership's rows; a keyword replaces a sheet's, or (a dict) changes cells of its first row."""
    made: Sheets = copy.deepcopy({name: [dict(row) for row in given] for name, given in ROWS.items()})
    for name, given in changes.items():
        if isinstance(given, Mapping):
            made[name][0].update(given)
        else:
            made[name] = [dict(row) for row in given]
    return made


def register(**changes: Any) -> Register:
    return register_of(rows(**changes))


def more(sheet: str, *added: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a sheet, and others."""
    return [*(dict(row) for row in ROWS.get(sheet, ())), *(dict(row) for row in added)]


def row(sheet: str, name: str, **cells: Any) -> list[dict[str, Any]]:
    """The rows of a sheet, cells of the one with an id changed."""
    return [{**one, **cells} if name in (next(iter(one.values())),) else dict(one) for one in ROWS[sheet]]


def plan_of(*matches: Match) -> Plan:
    return Plan(dataset_digest="", policy=Policy(), policy_digest="", seed=1, matches=matches)


def done(
    *edits: Mapping[str, Any], plan: Plan | None = None, seed: int = 1, draw: int = 0, **changes: Any
) -> tuple[Register, tuple[str, ...]]:
    """The partnership's register after edits, and what was said of each."""
    read = _EDITS.validate_python(edits)
    return edited(register(**changes), read, lambda name: plan or plan_of(), TODAY, "s", seed, draw)


def refused(*edits: Any, **changes: Any) -> str:
    """What is said of edits that cannot be made."""
    with pytest.raises(EditError) as error:
        done(*edits, **changes)
    return str(error.value)


def reading(made: Register) -> Reading:
    return settle(made, {}, TODAY)


def facts(*edits: Mapping[str, Any], **changes: Any) -> Dataset:
    """The partnership's dataset after edits."""
    return reading(done(*edits, **changes)[0]).dataset


def ids(made: Register, sheet: str, column: str) -> list[Any]:
    return [one.get(column) for one in made.pages[sheet].rows]
