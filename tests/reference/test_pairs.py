"""A student's two placements. O1 (January to April) takes the first; O2 (from July) and others the final."""

from datetime import date
from typing import Any

from models.dataset import Dataset
from models.entities import Published
from tests.builders import dataset, educator, history, offer, request, student
from tests.reference.conftest import Run, values

JULY = date(2026, 7, 6)
BOTH = (request("S1/first"), request("S1/final"))
FINAL = (request("S1/final"),)


def two(final: dict[str, Any] | None = None, first: dict[str, Any] | None = None, **parts: Any) -> Dataset:
    """One student; the first at O1 in team X, the final at O2 in team Y: another area, another setting, statutory."""
    one = offer(**{"stage": "first", "authorities": ("W",)} | (first or {}))
    other: dict[str, Any] = {
        "stage": "final", "team": "Y", "areas": ("adults",), "setting": "hospital", "earliest_start": JULY,
        "authorities": ("V", "W"),
    }  # fmt: skip
    facts: dict[str, Any] = {
        "requests": BOTH,
        "offers": (one, offer("O2", **other | (final or {}))),
        "educators": (educator(long_arm=True),),
    }
    return dataset(**facts | parts)


def number(run: Run, data: Dataset, **settings: Any) -> int:
    return len(run(data, **settings).matches)


def test_both_are_placed(run: Run) -> None:
    assert number(run, two()) == 2


def test_e10_another_team(run: Run) -> None:
    assert number(run, two({"team": "X"})) == 1
    assert number(run, two({"team": "X"}), rules_off=("E10",)) == 2
    assert number(run, two({"team": "X", "agency": "B"}, educators=())) == 2


def test_l04_one_is_statutory(run: Run) -> None:
    no, equivalent = {"statutory_regulator": "no"}, {"statutory_regulator": "by_equivalence"}
    assert number(run, two(no, no)) == 1
    assert number(run, two(no, no), rules_off=("L04",)) == 2
    assert number(run, two(no)) == 2
    assert number(run, two(equivalent, no)) == 2
    # Not known may be statutory: only two that are said not to be break it.
    assert number(run, two({"statutory_regulator": "not_known"}, no)) == 2
    # The DfE's test is the other flag.
    assert number(run, two(no, no), statutory_test="dfe") == 2


def test_l04_with_history(run: Run) -> None:
    final = {"statutory_regulator": "no"}
    assert number(run, two(final, requests=FINAL, history=(history(),))) == 1
    assert number(run, two(final, requests=FINAL, history=(history(statutory_regulator="no"),))) == 0
    # A failed first is none; the first is not recorded, so the final must be statutory.
    assert number(run, two(final, requests=FINAL, history=(history(outcome="failed"),))) == 0
    assert number(run, two(requests=FINAL)) == 1
    # The latest that passed counts.
    rows = (history(start=date(2025, 6, 2), statutory_regulator="no"), history())
    assert number(run, two(final, requests=FINAL, history=rows)) == 0


def test_l05_contrast(run: Run) -> None:
    same_area, same_setting = {"areas": ("children",)}, {"setting": "authority"}
    assert number(run, two(same_area | same_setting)) == 1
    assert number(run, two(same_area | same_setting), rules_off=("L05",)) == 2
    assert number(run, two(same_area)) == 2
    assert number(run, two(same_area), contrast="area") == 1
    assert number(run, two(same_area), contrast="both") == 1
    assert number(run, two(same_setting)) == 2
    assert number(run, two(same_setting), contrast="setting") == 1
    # One setting unknown: it may be another one, so both may be placed, and the final waits.
    assert number(run, two({"setting": None}), contrast="setting") == 2
    assert number(run, two({"setting": None} | same_area)) == 2
    assert number(run, two({"setting": None} | same_area), contrast="area") == 1
    # A new area beside the old one is new.
    assert number(run, two({"areas": ("children", "adults")} | same_setting)) == 2


def test_l05_locked_students_and_history(run: Run) -> None:
    same = {"areas": ("children",), "setting": "authority"}
    locked = (request("S1/first"), request("S1/final", locked_agencies=("A",)))
    assert number(run, two(same, requests=locked)) == 2
    assert number(run, two(same, requests=locked), locked_contrast_by_team=False) == 1
    row = history(areas=("children",), setting="authority")
    assert number(run, two(same, requests=FINAL, history=(row,))) == 0
    assert number(run, two(requests=FINAL, history=(row,))) == 1
    # Areas not recorded: any is new.
    assert number(run, two(same, requests=FINAL, history=(history(areas=(), setting="authority"),))) == 1


def test_l06_a_final_only_with_its_first_and_after_it(run: Run) -> None:
    # The first ends on Friday 2026-04-10; the final may start on Monday the 13th, not on the 10th.
    assert number(run, two({"earliest_start": date(2026, 4, 11)})) == 2
    assert number(run, two({"earliest_start": date(2026, 4, 10)})) == 1
    assert (
        number(
            run,
            two({"earliest_start": date(2026, 4, 10)}, educators=(educator(long_arm=True, load=2),)),
            rules_off=("L06",),
        )
        == 2
    )
    # Without a first there is no final.
    assert run(two(first={"withdrawn": True})).matches == ()
    assert number(run, two(first={"withdrawn": True}), rules_off=("L06",)) == 1


def test_l06_a_kept_final_stays_without_its_first_and_the_first_must_fit(run: Run) -> None:
    final = Published(request="S1/final", offer="O2", pe="E1", standing="kept", status="confirmed")
    assert run(two(first={"withdrawn": True}, published=(final,))).matches == (("S1/final", "O2", "E1"),)
    assert number(run, two(published=(final,))) == 2
    assert number(run, two(first={"team": "Y"}, published=(final,))) == 1
    # Where both are kept nothing is enforced.
    first = Published(request="S1/first", offer="O1", pe="E1", standing="kept", status="confirmed")
    assert number(run, two(first={"team": "Y"}, published=(first, final))) == 2


def test_l09_an_interns_placements_share_an_authority(run: Run) -> None:
    intern = (student(scheme="intern"),)
    assert number(run, two(students=intern)) == 2
    assert number(run, two({"authorities": ("V",)}, students=intern)) == 1
    assert number(run, two({"authorities": ("V",)}, students=intern), rules_off=("L09",)) == 2
    assert number(run, two({"authorities": ("V",)})) == 2
    assert number(run, two(students=intern, requests=FINAL, history=(history(authorities=("U",)),))) == 0
    assert number(run, two(students=intern, requests=FINAL, history=(history(),))) == 1


def test_two_statutory(run: Run) -> None:
    def counted(data: Dataset) -> int:
        return values(run(data, "placed", "two_statutory"))["two_statutory"]

    no = {"statutory_regulator": "no"}
    assert counted(two()) == 1
    assert counted(two(no)) == 0
    assert counted(two(first=no)) == 0
    # A lone first counts by itself; a final counts with its history, and not without.
    assert counted(two(requests=BOTH[:1])) == 1
    assert counted(two(requests=FINAL, history=(history(),))) == 1
    assert counted(two(requests=FINAL, history=(history(statutory_regulator="no"),))) == 0
    assert counted(two(requests=FINAL)) == 0
