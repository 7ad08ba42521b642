"""Who is named for a place that was to be named."""

from typing import Any

import pytest

from models.entities import EducatorEntry
from tests.reading.sheets import FULL, of_code, reading
from tests.settling.decided import decided


def test_who_was_named_first_has_the_place() -> None:
    # One place to be named at O1: PE2 on the 2nd, PE1 on the 9th. By the words of the rows PE1 came first.
    rows = [{"decision": "name_pe", "request": "S3/final", "pe": pe, "on": on, "by": "AB"}
            for pe, on in (("PE1", "2026-11-09"), ("PE2", "2026-11-02"))]  # fmt: skip
    found = reading(Offers={"educators": "TBC"}, Published={"pe": None}, Decisions=rows)
    assert found.dataset.published_by_request["S3/final"].pe == "PE2"
    assert found.dataset.offer_by_id["O1"].educators == (EducatorEntry(kind="named", pe="PE2"),)
    said = of_code(found.issues, "V513")
    assert (said.row, "the match of S3/final has PE2" in said.message) == (2, True)


def test_a_match_gets_its_pe_though_nobody_is_to_be_named_at_the_offer() -> None:
    found = reading(Published={"pe": "PE needed"},
                    Decisions=[{"decision": "name_pe", "request": "S3/final", "pe": "PE2", "by": "AB"}])  # fmt: skip
    assert found.dataset.published_by_request["S3/final"].pe == "PE2"
    assert not [i for i in found.issues if i.code == "V513"]  # "has no effect" was said of it


@pytest.mark.parametrize(
    ("educators", "capacity", "after"),
    [
        ("TBC", 1, (("named", "PE2", None),)),
        ("TBC", 3, (("named", "PE2", None), ("tbc", None, 2))),
        ("TBC x2", 3, (("named", "PE2", None), ("tbc", None, 1))),
        ("PE1; TBC", 3, (("named", "PE2", None), ("named", "PE1", None), ("tbc", None, 1))),
        ("PE1; TBC", 2, (("named", "PE2", None), ("named", "PE1", None))),
        # PE2 of agency B does not reach team X of agency A; PE1 does, and A lists somebody: nobody is to be named.
        (None, 2, (("named", "PE2", None), ("named", "PE1", None))),
        ("PE2", 1, (("named", "PE2", None),)),
    ],
)
def test_name_pe_takes_a_place_that_was_to_be_named(educators: str | None, capacity: int, after: Any) -> None:
    dataset = decided({"decision": "name_pe", "offer": "O1", "pe": "PE2"}, Offers={"educators": educators, "capacity": capacity})  # fmt: skip
    assert dataset.offer_by_id["O1"].educators == tuple(EducatorEntry(kind=k, pe=p, places=n) for k, p, n in after)


def test_name_pe_takes_the_place_that_asks_for_what_the_pe_is() -> None:
    # PE1 is a PEPS2 and takes one of the two places; the PEPS1 is still to be named for the other: 2 - 1 - 1 = 0 are left
    # for another PEPS2, so that one final comes of it and not two.
    dataset = decided(
        {"decision": "name_pe", "offer": "O2", "pe": "PE1"},
        Offers=[FULL["Offers"][0], {**FULL["Offers"][1], "educators": "TBC PEPS1; TBC PEPS2", "capacity": 2}],
    )
    assert dataset.offer_by_id["O2"].educators == (
        EducatorEntry(kind="named", pe="PE1"), EducatorEntry(kind="tbc", qualification="PEPS1"),
    )  # fmt: skip


def test_name_pe_of_a_published_match() -> None:
    dataset = decided({"decision": "name_pe", "request": "S3/final", "pe": "PE1"}, Published={"pe": "TBC@O1"})
    assert dataset.published_by_request["S3/final"].pe == "PE1"
