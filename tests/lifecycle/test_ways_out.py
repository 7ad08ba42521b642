"""Rules clash: what is named as the least that resolves it does, and nothing less was there."""

from datetime import date
from typing import Any

from allocator.lifecycle.ways_out import WaysOut, ways_out, ways_out_sentences
from allocator.reading.reader import register_of
from allocator.settling.settling import settle
from allocator.solving import Solver

TODAY = date(2026, 11, 21)


def partnership(decisions: list[dict[str, Any]], published: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """One agency, two offers of one place each (PE1 at O1, PE2 at O2), and three students for a first placement."""
    return {
        "Tranches": [{"tranche": "T1", "first_day": "2027-01-04"}],
        "Students": [
            {"student": f"S{n}", "programme": "MSW", "home": "CR0", "stage": "first", "clearance": "passed"}
            for n in (1, 2, 3)
        ],
        "Agencies": [{"agency": "A", "kind": "authority", "membership": "primary"}],
        "Teams": [{"agency": "A", "team": t, "place": "CR0", "areas": "adults"} for t in ("X", "Y")],
        "Offers": [
            {"offer": "O1", "agency": "A", "team": "X", "educators": "PE1"},
            {"offer": "O2", "agency": "A", "team": "Y", "educators": "PE2"},
        ],
        "Educators": [
            {"pe": f"PE{n}", "employed_by": "A", "team": t, "qualification": "PEPS2", "registered": "yes"}
            for n, t in ((1, "X"), (2, "Y"))
        ],
        "Decisions": decisions, "Published": published or [],
    }  # fmt: skip


def fix(number: int, request: str, offer: str) -> dict[str, Any]:
    return {"id": f"D{number}", "decision": "fix", "request": request, "offer": offer, "by": "LM", "on": "2026-11-20"}


def ways_of(sheets: dict[str, Any], besides: int | None = None) -> WaysOut:
    register = register_of(sheets)
    reading = settle(register, {}, TODAY, each=True)
    clash = Solver(reading.dataset, reading.policy).solve().plan.clash
    assert clash is not None
    return ways_out(register, reading, clash, {}, TODAY, besides=besides)


def named(ways: WaysOut) -> list[list[str]]:
    return [[entry.name for entry in some] for some in ways.undo]


def test_either_of_two_fixes_at_one_place_is_undone() -> None:
    ways = ways_of(partnership([fix(1, "S1/first", "O1"), fix(2, "S2/first", "O1"), fix(3, "S3/first", "O2")]))
    # D3 is about O2, which does not clash; nobody has a promise.
    assert (ways.unlock, named(ways)) == (None, [["D2"], ["D1"]])
    assert ways_out_sentences(ways) == [
        "There is a plan if 1 decision is undone: D2 (fix S2/first, O1); or D1 (fix S1/first, O1)."
    ]


def test_of_three_fixes_at_one_place_two_are_undone() -> None:
    ways = ways_of(partnership([fix(n, f"S{n}/first", "O1") for n in (1, 2, 3)]))
    assert named(ways) == [["D3", "D2"], ["D3", "D1"], ["D2", "D1"]]


def test_a_promise_that_moves_resolves_it_as_well() -> None:
    told = {"request": "S3/first", "offer": "O1", "pe": "PE1", "status": "meeting_booked"}
    ways = ways_of(partnership([fix(1, "S1/first", "O1")], [told]), besides=2)
    # The only decision is the one that is asked about; S3, who was promised O1, may move to O2.
    assert (ways.unlock, ways.undo) == (("S3/first",), ())
    assert ways_out_sentences(ways) == ["There is a plan if 1 promise may move: unlock S3/first."]


def test_a_fact_is_not_moved() -> None:
    told = {"request": "S3/first", "offer": "O1", "pe": "PE1", "status": "confirmed"}
    ways = ways_of(partnership([fix(1, "S1/first", "O1")], [told]), besides=2)
    assert (ways.unlock, ways.undo) == (None, ())
    assert ways_out_sentences(ways) == [
        "No way out was found: neither moves of promises, nor one or two of the decisions about it undone."
    ]


def test_only_decisions_about_what_clashes_are_tried() -> None:
    # The clash is about O1, S1 and S2; D3 is about S3 and O2 (all of agency A, which no member names).
    tried: list[tuple[int, int]] = []
    register = register_of(partnership([fix(1, "S1/first", "O1"), fix(2, "S2/first", "O1"), fix(3, "S3/first", "O2")]))
    reading = settle(register, {}, TODAY, each=True)
    clash = Solver(reading.dataset, reading.policy).solve().plan.clash
    assert clash is not None
    ways_out(register, reading, clash, {}, TODAY, told=lambda number, of: tried.append((number, of)))
    assert tried == [(0, 2), (1, 2)]
