"""What is seen of a student with several teams: by the partnership, by the lead, and by the agency of a spoke."""

from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from allocator.intake import read
from allocator.pipeline import allocate
from allocator.reading.template import write_template
from allocator.report.agencies import write_agency_files
from allocator.views.facts import Facts
from allocator.views.partners import partner_blocks, partners
from models.dataset import Dataset
from models.entities import Spoke
from models.plan import ProvisionalCode, Waiting
from tests import builders as b
from tests.report.looking import facts_of, match, only, opened, report, rows_of, words_of

ASKED = (Waiting(code=ProvisionalCode.TO_ASK, who="B"),)
MATCHES = (match("S1/first", waiting=ASKED), match("S2/first", "O2", "E2"))


def hub(**student: Any) -> Dataset:
    """S1's place is A's, with 20 days at B, which offers nothing itself, and 5 in another team of A; S2's is at C."""
    spokes = (Spoke(agency="B", team="Y", days=20, place="P2"), Spoke(agency="A", team="Z", days=5))
    return b.dataset(
        students=(b.student("S1", home="ZZ9", **student), b.student("S2")),
        requests=(b.request("S1/first"), b.request("S2/first")),
        agencies=(b.agency("A"), b.agency("B").model_copy(update={"name": "Bridge"}), b.agency("C")),
        offers=(b.offer("O1", spokes=spokes), b.offer("O2", agency="C")),
        educators=(b.educator("E1"), b.educator("E2", employed_by="C")),
    )


def forms(tmp_path: Path, facts: Facts) -> dict[str, Path]:
    return {path.stem: path for path in write_agency_files(tmp_path / "agencies", facts)}


def test_the_meeting_sees_the_spokes_of_a_student_and_of_an_offer(tmp_path: Path) -> None:
    path = report(tmp_path, hub(), *MATCHES)
    of_one = "Bridge, Y (P2): 20 days\nA, Z: 5 days"
    assert {r["Request"]: r["Spokes"] for r in rows_of(path, "Students")} == {"S1/first": of_one, "S2/first": None}
    assert {r["Offer"]: r["Spokes"] for r in rows_of(path, "Offers")} == {"O1": of_one, "O2": None}


def test_nobody_sees_the_column_where_there_are_no_spokes(tmp_path: Path) -> None:
    path = report(tmp_path, b.dataset(), match())
    for sheet in ("Students", "Offers"):
        assert "Spokes" not in rows_of(path, sheet)[0]
    assert "Days in your teams" not in words_of(path)


def test_the_agency_that_has_to_answer_is_the_one_that_is_told(tmp_path: Path) -> None:
    rows = {r["Agency"]: r["To settle"] for r in rows_of(report(tmp_path, hub(), *MATCHES), "Agencies")}
    assert (rows["A"], "agency to ask: 1 match" in str(rows["Bridge"])) == (None, True)


def test_the_agency_of_a_spoke_has_a_form_with_the_days_that_it_has(tmp_path: Path) -> None:
    paths = forms(tmp_path, facts_of(hub(adjustments=("step-free",), share_needs=True), *MATCHES))
    assert sorted(paths) == ["A", "B", "C"]
    row = only(rows_of(paths["B"], "Days in your teams"))
    shown = {
        "Place": "O1", "Your team": "Y", "Base": "P2", "Days with you": 20, "Student reference": "S1", "Stage": "first",
        "Needs agreed for sharing": "step-free", "Led by: agency, team": "A, X", "PE": "E1", "Outcome: yes or no": None,
    }  # fmt: skip
    assert {key: row[key] for key in shown} == shown
    assert (row["Start"].date(), row["End"].date()) == (MATCHES[0].start, MATCHES[0].end)
    # nothing else of the student, nothing of others, and nothing of what the lead has elsewhere
    assert not {"ZZ9", "S2", "O2", "E2", "Z", "S1/first"} & set(words_of(paths["B"]))


def test_the_lead_s_form_says_where_else_its_student_is(tmp_path: Path) -> None:
    paths = forms(tmp_path, facts_of(hub(), *MATCHES))
    assert only(rows_of(paths["A"], "Reply form"))["Spokes"] == "Bridge, Y (P2): 20 days\nA, Z: 5 days"
    assert "Spokes" not in only(rows_of(paths["C"], "Reply form"))
    # a team of its own is no visit from elsewhere
    assert not any("some days" in word for path in (paths["A"], paths["C"]) for word in words_of(path))


def test_both_forms_can_be_read_on_a4(tmp_path: Path) -> None:
    paths = forms(tmp_path, facts_of(hub(adjustments=("step-free",), share_needs=True), *MATCHES))
    for agency, name in (("A", "Reply form"), ("B", "Days in your teams")):
        sheet = opened(paths[agency])[name]
        widths = [sheet.column_dimensions[get_column_letter(n)].width for n in range(1, len(sheet[4]) + 1)]
        # As for every reply form: a unit is 1.9 mm at 10 points, A4 gives 277 mm, and 70% are 7 points.
        assert 277 / (sum(widths) * 1.9) >= 0.7
        assert sheet.page_setup.paperSize == 9


def test_a_pe_whom_the_lead_has_to_name_is_not_asked_of_the_spoke(tmp_path: Path) -> None:
    paths = forms(tmp_path, facts_of(hub(), match("S1/first", pe="TBC@O1")))
    assert only(rows_of(paths["B"], "Days in your teams"))["PE"] == "to be named by the lead"


def test_both_partners_pages_count_it() -> None:
    facts = facts_of(hub(), *MATCHES)
    lead, spoke, other = partners(facts)
    assert [(len(p.placements), [s.days for _, s in p.visits]) for p in (lead, spoke, other)] == [
        (1, []), (0, [20]), (1, []),
    ]  # fmt: skip
    words = str(list(partner_blocks(facts)))
    assert "['With days in other teams (spokes)', '1']" in words
    assert "['Led elsewhere, with days in your teams (spokes)', '1 student, 20 days']" in words
    assert "spokes" not in str(list(partner_blocks(facts_of(b.dataset(), match()))))


def test_the_template_has_one_to_look_at(tmp_path: Path) -> None:
    write_template(tmp_path / "template.xlsx", "full")
    found = read(tmp_path / "template.xlsx")
    result = allocate(found.dataset, found.policy)
    paths = forms(tmp_path, Facts(found.dataset, found.policy, result.plan))
    row = only(rows_of(paths["Example Children"], "Days in your teams"))
    assert (row["Your team"], row["Days with you"], row["Student reference"]) == ("Assessment Team", 15, "EXAMPLE1")
