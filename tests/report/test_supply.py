"""The sheets about offers, agencies and educators, read back."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.plan import (
    ProvisionalCode,
    Waiting,
)
from tests import builders as b
from tests.report.looking import match, report, rows_of


@pytest.mark.parametrize(
    ("changes", "matches", "why"),
    [
        ({"offers": (b.offer(withdrawn=True),)}, (), "Withdrawn."),
        ({"offers": (b.offer(stage="final"),)}, (), "No request of its stage, tranche and dates."),
        (
            {"offers": (b.offer(driver_essential="yes"),)},
            (),
            "Nobody can take it: it is car driver essential (1 request).",
        ),
        (
            {"educators": (b.educator(registered="no"),), "offers": (b.offer(educators=b.named("E1")),)},
            (),
            "Nobody can take it: no PE there can take them (1 request).",
        ),
        ({}, (), "1 request that is not placed suits it, but a limit stands against it: Not placed says which."),
        ({"educators": (b.educator(load=0),)}, (), "No PE there has room: E1."),
        (
            {"offers": (b.offer(), b.offer("O2"))},
            (match(offer="O2"),),
            "The one who could take it is placed elsewhere.",
        ),
        ({}, (match(),), None),
    ],
)
def test_why_a_place_is_unused(tmp_path: Path, changes: dict[str, Any], matches: Any, why: str | None) -> None:
    rows = {r["Offer"]: r for r in rows_of(report(tmp_path, b.dataset(**changes), *matches), "Offers")}
    assert rows["O1"]["If unused, why"] == why


def test_who_could_take_a_free_place(tmp_path: Path) -> None:
    ids = [f"S{n}" for n in range(1, 10)]
    dataset = b.dataset(
        students=tuple(b.student(s) for s in ids),
        requests=tuple(b.request(f"{s}/first") for s in ids),
        offers=(b.offer(), b.offer("O2", capacity=2)),
        educators=(b.educator(load=9),),
    )
    matches = (match("S1/first", "O2"), match("S2/first"))
    rows = {r["Offer"]: r for r in rows_of(report(tmp_path, dataset, *matches), "Offers")}
    # O2 has one place left: S3 to S9 are not placed (7), S2 is placed elsewhere; six are named, two more.
    assert rows["O2"]["Who could take it"] == (
        "; ".join(f"S{n}/first (not placed)" for n in range(3, 9)) + " and 2 more"
    )
    assert (rows["O2"]["Use"], rows["O1"]["Use"]) == ("partly used", "used")
    assert rows["O1"]["Who could take it"] is None


def test_an_agencys_row(tmp_path: Path) -> None:
    dataset = b.dataset(
        requests=(b.request("S1/final"),),
        history=(b.history(),),
        agencies=(b.agency(heard_from=None, asked_on=date(2025, 9, 1)), b.agency("B", social_workers_fte=5)),
        educators=(
            b.educator("E1"),
            b.educator("E2"),
            b.educator("E3", qualification="trainee_1", needs_student_by=date(2026, 3, 1)),
        ),
    )
    waiting = (Waiting(code=ProvisionalCode.SUPERVISOR),)
    rows = {r["Agency"]: r for r in rows_of(report(tmp_path, dataset, match("S1/final", waiting=waiting)), "Agencies")}
    a = rows["A"]
    assert (a["Offered"], a["Used"], a["Firm"], a["Unused"], a["Statutory finals"]) == (1, 1, 0, 0, 1)
    assert (a["Academic year"], a["Of these outside the plan"], a["Unused, why"]) == ("2025-26", 0, None)
    assert (a["PEPS2 idle"], a["Trainees who need a student"]) == ("E2", "E3 by 1 Mar 2026")
    assert a["To settle"] == "on-site supervisor to be named: 1 match"
    # B alone has a weight: T = floor(0.75 + 0.5) = 1 is asked of B, which offered none.
    assert (rows["B"]["Asked"], rows["B"]["Range"], rows["B"]["Gap: asked, not offered"]) == (1, "0 to 2", 1)
    assert rows["B"]["To settle"] == "Not heard from\noffers: 1 place short of what was asked"


def test_educators_and_those_to_be_named(tmp_path: Path) -> None:
    dataset = b.dataset(
        educators=(
            b.educator("E2", qualification="trainee_2", practice_assessor="university"),
            b.educator("E10", current_until=None),
        )
    )
    rows = rows_of(report(tmp_path, dataset, match(pe="E10")), "Educators")
    assert [r["PE"] for r in rows] == ["E2", "E10"]
    assert (rows[0]["Practice assessor"], rows[0]["Trainee's fall-back"]) == ("university", "no fall-back")
    assert (rows[1]["Current until"], rows[1]["Students"], rows[1]["Spare"]) == ("not known", "S1/first", 0)
