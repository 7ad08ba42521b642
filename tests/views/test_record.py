"""The sheets of record: what became of a decision."""

from typing import Any

import pytest

from allocator.intake import read_sheets
from allocator.pipeline import allocate
from allocator.views.facts import Facts
from allocator.views.record import decisions_table
from models.entities import Published
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.reading.sheets import TODAY, sheets
from tests.rules.case import decision, policy

APART = decision("apart", "apart S1 S2", student="S1", other="S2", value="agency")
KEPT = tuple(Published(request=f"S{n}/first", offer="O1", pe="E1", standing="kept", status="confirmed") for n in (1, 2))
HERE: dict[str, Any] = {"offers": (b.offer(capacity=2),), "educators": (b.educator(load=2),)}


@pytest.mark.parametrize(
    ("parts", "says"),
    [({}, "S1 alone is placed"), ({"published": KEPT}, "not so: both keep their places"),
     ({"offers": (b.offer(capacity=0),)}, "neither is placed"),
     ({"offers": (b.offer(), b.offer("O2", agency="B")), "agencies": (b.agency(), b.agency("B")),
       "educators": (b.educator(), b.educator("E2", employed_by="B"))}, "used: both are placed")],
)  # fmt: skip
def test_a_decision_about_two_students_says_who_is_placed(parts: dict[str, Any], says: str) -> None:
    data = b.dataset(**HERE | firsts(2) | {"decisions": (APART,)} | parts)
    table = decisions_table(Facts(data, policy(), allocate(data, policy()).plan))
    [row] = table.rows
    cells = dict(zip([c.title for c in table.columns], row, strict=True))
    assert (cells["Decision"], cells["Rule and value"], cells["About"]) == ("apart", "agency", "student S1; student S2")
    assert cells["In this plan"] == says


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"decision": "defer", "request": "S1/first", "value": "T2"}, ("T2", "in force")),
        ({"decision": "defer", "request": "S3/final", "value": "T2"}, ("T2", "not carried out")),  # kept
        ({"decision": "name_supervisor", "offer": "O2"}, ("", "in force")),
        ({"decision": "name_supervisor", "offer": "O1"}, ("", "not carried out")),  # there is none
        ({"decision": "requested", "request": "S3/final", "agency": "A"}, ("", "binds nobody: has a place there")),
        ({"decision": "requested", "request": "S3/final", "agency": "B"}, ("", "binds nobody: has no place there")),
        (
            {"decision": "hold", "request": "S1/first", "offer": "O3", "until": "2027-01-31"},
            ("1 place until 31 Jan 2027", "in force"),
        ),
        ({"decision": "hold", "request": "S3/final", "offer": "O1", "places": 1}, ("1 place", "used: matched there")),
        ({"decision": "end_early", "request": "S3/final", "value": 1}, ("1 day credited", "in force")),
    ],
)
def test_what_became_of_a_decision_is_what_the_data_say(row: dict[str, Any], told: tuple[str, str]) -> None:
    given = sheets(Decisions=[row | {"by": "AB"}], Published={"status": "started"})
    given["Offers"][0]["on_site_supervisor"] = "no"
    read = read_sheets(given, today=TODAY)
    table = decisions_table(Facts(read.dataset, read.policy, allocate(read.dataset, read.policy).plan))
    headings = [column.title for column in table.columns]
    [cells] = table.rows
    assert (cells[headings.index("Rule and value")], cells[headings.index("In this plan")]) == told
