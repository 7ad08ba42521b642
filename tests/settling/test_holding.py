"""Places that are held: by hand, on the small sheets. Today is 2026-11-21; O3 has two places, O1 one, taken by S3."""

from typing import Any

import pytest

from models.dataset import Dataset
from models.decisions import Decision
from tests.reading.sheets import FULL, of_code, reading
from tests.settling.decided import decided

HOLD: dict[str, Any] = {"decision": "hold", "request": "S2/final", "offer": "O3"}
NOBODY = HOLD | {"request": None}


def held(dataset: Dataset) -> list[tuple[str | None, str | None, int | None]]:
    return [(d.offer, d.request, d.places) for d in dataset.decisions if d.decision == "hold"]


def barred(dataset: Dataset) -> list[Decision]:
    return [d for d in dataset.decisions if d.decision == "do_not_match"]


def codes(*rows: dict[str, Any], **others: Any) -> list[str]:
    found = reading(Decisions=[{"by": "AB"} | row for row in rows], **others).issues
    return sorted(i.code for i in found if i.sheet == "Decisions")


def test_a_hold_stands_as_it_is_typed() -> None:
    assert held(decided(HOLD)) == [("O3", "S2/final", 1)]
    assert held(decided(HOLD | {"places": 2})) == [("O3", "S2/final", 2)]
    assert held(decided(NOBODY)) == [("O3", None, 1)]
    assert codes(HOLD) == codes(NOBODY) == []


@pytest.mark.parametrize(("until", "stands"), [("2026-11-20", False), ("2026-11-21", True), ("2026-11-22", True)])
def test_the_last_day_counts_and_the_day_after_the_hold_has_lapsed(until: str, stands: bool) -> None:
    row = HOLD | {"until": until}
    assert bool(held(decided(row))) == stands
    assert codes(row) == ([] if stands else ["V513"])
    if not stands:
        message = of_code(reading(Decisions=[row | {"by": "AB"}]).issues, "V513").message
        assert "hold S2/final O3 has no effect: it lapsed: places of O3 were held until 2026-11-20" in message


def test_the_newest_hold_is_set_aside_until_the_others_fit() -> None:
    # 1 + 1 + 1 of 2 places: the one that was decided last goes, however the rows stand; of one day the last id.
    old, new = NOBODY | {"on": "2026-11-01"}, HOLD | {"on": "2026-11-03"}
    between = NOBODY | {"on": "2026-11-02", "id": "D9"}
    for rows in ((old, between, new), (new, between, old)):
        assert held(decided(*rows)) == [("O3", None, 1), ("O3", None, 1)]
        assert codes(*rows) == ["V522"]
    # The oldest holds both: the newest goes first, then the next.
    assert held(decided(old | {"places": 2}, between, new)) == [("O3", None, 2)]
    same = [NOBODY | {"id": name, "places": n} for name, n in (("D2", 1), ("D10", 2))]
    assert held(decided(*same)) == [("O3", None, 1)]


def test_a_kept_match_of_another_is_not_free_to_be_held_and_ones_own_is() -> None:
    # S3 is confirmed at the one place of O1.
    kept = {"Published": {"status": "confirmed"}}
    other, own = (HOLD | {"offer": "O1", "request": name} for name in ("S1/first", "S3/final"))
    assert held(decided(other, **kept)) == []
    assert codes(other, **kept) == ["V522"]
    assert held(decided(own, **kept)) == [("O1", "S3/final", 1)]
    assert held(decided(other)) == [("O1", "S1/first", 1)]  # proposed: S3 has to move
    unlocked = {"decision": "unlock", "request": "S3/final"}
    assert held(decided(other, unlocked, **kept)) == [("O1", "S1/first", 1)]


@pytest.mark.parametrize(
    ("row", "others"),
    [
        (HOLD, {"Decisions": {"decision": "withdraw", "about": "offer", "offer": "O3"}}),
        (HOLD, {"Decisions": {"decision": "withdraw", "about": "student", "request": "S2"}}),
        (HOLD | {"offer": "O2"}, {"Offers": [{**o, "tranche": "T0"} if o["offer"] == "O2" else o for o in FULL["Offers"]]}),
        (HOLD | {"request": "S2/first"}, {"Requests": [{**FULL["Requests"][0], "tranche": "T0"}, FULL["Requests"][1]]}),
        (HOLD | {"request": "S3/final"}, {"Published": {"status": "ended"}}),
        (HOLD | {"request": "S2/final"}, {"Requests": [FULL["Requests"][0], {**FULL["Requests"][1], "found_by": "employer"}]}),
    ],
    ids=["offer withdrawn", "student withdrawn", "offer past", "request past", "placement over", "found by employer"],
)  # fmt: skip
def test_what_is_over_holds_nothing(row: dict[str, Any], others: dict[str, Any]) -> None:
    more = [others.pop("Decisions")] if "Decisions" in others else []
    assert held(decided(row)) != []
    assert held(decided(row, *more, **others)) == []
    assert "V513" in codes(row, *more, **others)


@pytest.mark.parametrize(
    "cells",
    [{"places": 0}, {"places": "two"}, {"places": "not known"}, {"request": "S2"}, {"request": "S9/final"}, {"agency": "Nowhere"}],
)  # fmt: skip
def test_a_hold_that_cannot_be_read_bars_its_offer_and_not_whom_it_is_for(cells: dict[str, Any]) -> None:
    dataset = decided(HOLD | cells)
    assert held(dataset) == []
    assert [(d.offer, d.request) for d in barred(dataset)] == [("O3", None)]
    assert not any(r.set_aside for r in dataset.requests)
    assert "O3 takes nobody new" in of_code(reading(Decisions=[HOLD | cells]).issues, "V509").message


def test_a_hold_at_no_offer_bars_its_team_or_has_no_effect() -> None:
    for offer in ("O99", None):
        dataset = decided(HOLD | {"offer": offer, "agency": "A", "team": "X"})
        assert [(d.offer, d.team) for d in barred(dataset)] == [(None, "X")]
        dataset = decided(HOLD | {"offer": offer})
        assert (barred(dataset), [r.set_aside for r in dataset.requests if r.set_aside]) == ([], [])


def test_a_misspelt_hold_bars_its_offer() -> None:
    dataset = decided(HOLD | {"decision": "hodl"})
    assert [(d.offer, d.request) for d in barred(dataset)] == [("O3", None)]
    assert not any(r.set_aside for r in dataset.requests)


def test_a_last_day_that_cannot_be_read_is_none() -> None:
    [hold] = [d for d in decided(HOLD | {"until": "31/02/2027"}).decisions if d.decision == "hold"]
    assert (hold.until, hold.places) == (None, 1)
    assert held(decided(HOLD | {"on": "2030-01-01"})) == [("O3", "S2/final", 1)]  # held to a wrong year


def test_a_number_in_the_wrong_cell_is_said() -> None:
    assert held(decided(HOLD | {"value": 2})) == [("O3", "S2/final", 1)]
    assert codes(HOLD | {"value": 2}) == ["V519"]


def test_cells_that_contradict_each_other_hold_what_each_names() -> None:
    # The offer is clear, whatever the team says; of two requests each has a place.
    assert held(decided(HOLD | {"agency": "B", "team": "Y"})) == [("O3", "S2/final", 1)]
    assert held(decided(HOLD | {"about": "S1"})) == [("O3", "S2/final", 1), ("O3", "S1/first", 1)]


def test_an_undone_hold_holds_nothing() -> None:
    rows = (HOLD | {"id": "D1"}, {"decision": "undo", "value": "D1", "id": "D2"})
    assert held(decided(*rows)) == []
