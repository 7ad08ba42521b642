"""The workbooks of a round: everything that is said of one, beside the rows as they were sent."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from allocator.intake import read
from api.store import runs
from api.store.opening import Store
from api.store.rounds import datasets_of
from tests.api.pages.browsing import SHEETS, Visitor, changed, led_to, text_of


@pytest.fixture
def where(round: str) -> str:
    """The workbooks of a round that has one."""
    return f"/rounds/{round}/workbooks"


def kept(store: Store, where: str) -> int:
    with store.reading() as session:
        return len(datasets_of(session, where.split("/")[2]))


def test_a_row_that_is_set_aside_stands_beside_what_is_said_of_it(team: Visitor, where: str) -> None:
    run = led_to(team.sends(where, changed(SHEETS, "Students", 3, clearance="perhaps"), version="1"))
    assert "/runs/" in run  # its plan is asked for at once
    assert "See each beside its rows" in team.page(run)
    answer = team.get(where)
    page = text_of(answer)
    assert "Students row 3, clearance" in page
    assert "Allowed passed, pending or failed" in page
    assert "Row student clearance programme home stage 3 S2 ▸ perhaps MSW CR0 first" in page
    assert "<mark>perhaps</mark>" in answer.text


def test_what_changed_since_the_workbook_before_is_said(team: Visitor, where: str) -> None:
    led_to(team.sends(where, changed(SHEETS, "Offers", 2, capacity=3), version="1"))
    page = team.page(where)
    assert "What changed since workbook 1" in page
    assert "Offers: O1 row changed capacity: 1 capacity: 3" in page
    assert "What changed since" not in team.page(f"{where}?number=1")
    assert team.get(f"{where}?number=3").status_code == 404


def test_a_workbook_that_cannot_be_used_keeps_nothing_and_shows_everything(
    team: Visitor, where: str, store: Store
) -> None:
    answer = team.sends(where, {"Students": changed(SHEETS, "Students", 3, clearance="perhaps")["Students"]}, version="1")  # fmt: skip
    page = text_of(answer, 422)
    assert "own.json cannot be used. Nothing was kept of it" in page
    assert "The sheet 'Offers' is missing" in page
    assert "<mark>perhaps</mark>" in answer.text
    assert kept(store, where) == 1


def test_a_plan_waits_for_no_answer_about_data_that_are_in_force_no_more(
    team: Visitor, where: str, store: Store
) -> None:
    round = where.split("/")[2]
    with store.transaction() as session:
        looks = {
            kind: runs.accept(
                session, kind=kind, source=b"{}", filename="own.json", settings={}, limits={}, round=round, by="t",
                now=datetime.now(UTC),
            ).id
            for kind in ("fits", "scenarios")
        }  # fmt: skip
    led_to(team.post(where.replace("/workbooks", "/runs")))  # of the same data: both stay
    assert states(store, looks) == {"fits": "queued", "scenarios": "queued"}
    led_to(team.sends(where, SHEETS, version="1"))
    assert states(store, looks) == {"fits": "stopped", "scenarios": "queued"}  # answers of scenarios are kept


def states(store: Store, looks: Mapping[str, str]) -> dict[str, str]:
    with store.reading() as session:
        return {kind: runs.run_of(session, id).state for kind, id in looks.items()}


def test_somebody_who_saw_an_old_state_sends_nothing(team: Visitor, where: str, store: Store) -> None:
    assert "Nothing was changed" in text_of(team.sends(where, SHEETS, version="0"), 412)
    assert kept(store, where) == 1


def test_a_form_without_a_file_says_so(team: Visitor, where: str) -> None:
    assert "No file was chosen" in text_of(team.post(where, data={"version": "1"}), 422)


def test_a_projector_shows_no_workbook(team: Visitor, where: str) -> None:
    team.cookies.set("placements-meeting", "on")
    assert "not shown in the meeting view" in text_of(team.get(where), 403)


def test_templates_read_as_they_stand(team: Visitor, tmp_path: Path) -> None:
    for kind in ("least", "full"):
        answer = team.get(f"/templates/{kind}.xlsx")
        (tmp_path / f"{kind}.xlsx").write_bytes(answer.content)
        assert read(tmp_path / f"{kind}.xlsx").dataset.students
    assert "Allowed: least, full" in text_of(team.get("/templates/other.xlsx"), 404)


def test_the_workbook_of_a_demonstration_can_be_looked_at(team: Visitor) -> None:
    book = load_workbook(io.BytesIO(team.get("/demonstrations/two-universities.xlsx").content), read_only=True)
    assert "Students" in book.sheetnames
    assert team.get("/demonstrations/none.xlsx").status_code == 404


def test_a_student_without_a_request_stands_first(team: Visitor, where: str) -> None:
    run = led_to(team.sends(where, changed(SHEETS, "Students", 3, stage="year 1"), version="1"))
    lost = "Students without a request, for whom nobody looks for a placement: Students row 3."
    assert lost in team.page(run)
    page = team.page(where)
    assert page.index(lost) < page.index("Row set aside")
    assert "Students (row set aside: 1; " in page.replace(", remark: 1)", "; ")  # the cell and what it costs: one row
    assert "Row set aside Students row 3, stage V202 'year 1' is not a word for stage" in page
    assert "S2 has no request, since its stage 'year 1' cannot be read, so nothing is looked for. V401" in page


def test_a_student_without_a_request_is_said_alone_where_another_cell_of_the_row_is_wrong(
    team: Visitor, where: str
) -> None:
    led_to(team.sends(where, changed(SHEETS, "Students", 3, stage=None, drives="mayb"), version="1"))
    page = team.page(where)
    cause, lost = page.index("'mayb'"), page.index("S2 has no request, so nothing is looked for.")
    assert "Fill in Students.stage with first or final" in page[lost:]
    assert "What to do" in page[min(cause, lost) : max(cause, lost)]  # each in a box of its own


def test_two_rows_that_differ_are_said_once_with_what_they_cost(team: Visitor, where: str) -> None:
    again = {**SHEETS, "Students": [*SHEETS["Students"], SHEETS["Students"][1] | {"home": "SM1"}]}
    run = led_to(team.sends(where, again, version="1"))
    assert "Of the workbook: 2 rows set aside, 4 remarks." in team.page(run)
    page = text_of(team.get(where))
    assert page.count("S2 stands on 2 rows that differ") == 1
    assert (
        "none of them was used. S2/first cannot be placed in this run: it stands on several rows that differ. V422"
        in page
    )
    assert "Students (row set aside: 2)" in page
    assert "2: own.json in force" in page
    assert "2 rows set aside, 4 remarks Download workbook 2" in page
    assert page.count("Row set aside Students") == 1


def test_what_is_to_be_done_needs_no_command_line(team: Visitor, where: str) -> None:
    own = {**changed(SHEETS, "Offers", 2, offer=None), "Policy": [{"setting": "travel_limits", "value": 60}]}
    led_to(team.sends(where, own, version="1"))
    page = team.page(where)
    assert "Type the ids into the sheet and send it again" in page
    assert "Correct the name of the setting, or delete the row." in page
    assert "placements policy" not in page
    assert "allocate" not in page


def test_where_no_row_is_set_aside_it_says_so(team: Visitor, where: str) -> None:
    led_to(team.sends(where, SHEETS, version="1"))
    page = team.page(where)
    assert "No row is set aside." in page
    assert "rows that are set aside" not in page
