"""An agency's file shows its own places and students, and nothing that it may not see."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from allocator.report.agencies import write_agency_files
from allocator.views.facts import Facts
from models.entities import CalendarEntry
from models.errors import UnwrittenError
from models.plan import ProvisionalCode, Waiting
from tests import builders as b
from tests.report.leaks import leaked
from tests.report.looking import facts_of, match, opened, rows_of, words_of
from tests.report.partnership import POLICY as GENERATED_POLICY
from tests.report.partnership import generated


def files(tmp_path: Path, dataset: Any, *matches: Any, **changes: Any) -> dict[str, Path]:
    return {p.stem: p for p in write_agency_files(tmp_path / "agencies", facts_of(dataset, *matches, **changes))}


def two_agencies(**student: Any) -> Any:
    """S1 repeats, at agency A; S2 is at agency B."""
    facts = {
        "home": "ZZ9", "preferred_areas": ("PREFERRED",), "adjustments": ("step-free",), "limit_minutes": 77, "caring": True,
        "waiting_since": date(2024, 9, 9), "readiness": "pending", "note": "NOTE",
    }  # fmt: skip
    return b.dataset(
        students=(b.student("S1", **facts | student), b.student("S2")),
        requests=(b.request("S1/first/2", attempt=2, repeat=True, note="NOTE"), b.request("S2/first")),
        agencies=(b.agency("A"), b.agency("B")),
        offers=(b.offer(features=("step-free",), note="NOTE"), b.offer("O2", agency="B"), b.offer("O3", capacity=2)),
        educators=(b.educator(), b.educator("E2", employed_by="B")),
        calendar=(
            CalendarEntry(tranche="T1", step="pe named by", date=date(2025, 12, 1)),
            CalendarEntry(tranche="T1", step="agency answers by", date=date(2025, 12, 2)),
            CalendarEntry(tranche="T1", step="pre-placement meetings by", date=date(2025, 12, 3)),
        ),
    )


WAITS = (Waiting(code=ProvisionalCode.READINESS, who="the university"), Waiting(code=ProvisionalCode.EDUCATOR))
MATCHES = (match("S1/first/2", pe="TBC PEPS2@O1", waiting=WAITS), match("S2/first", "O2", "E2"))


def test_an_agency_sees_its_students_and_what_to_do(tmp_path: Path) -> None:
    path = files(tmp_path, two_agencies(share_needs=True), *MATCHES)["A"]
    (row,) = rows_of(path, "Reply form")
    shown = {
        "Place": "O1", "Team": "X", "Base": "P1", "Student reference": "S1", "Programme": "MSW", "Stage": "first",
        "Days": 70, "Days a week": 5, "Needs agreed for sharing": "step-free", "PE": "please name a PE (PEPS2) by 1 Dec 2025",
        "On-site supervisor": "not needed", "Outcome: yes or no": None,
    }  # fmt: skip
    assert {key: row[key] for key in shown} == shown
    assert row["Pre-placement meeting by"].date() == date(2025, 12, 3)
    assert any("Please reply by 2 Dec 2025 (T1)." in w for w in words_of(path))
    assert [(r["Place"], r["Not used"]) for r in rows_of(path, "Unused places")] == [("O3", 2)]


def test_an_agency_never_sees_what_it_may_not(tmp_path: Path) -> None:
    words = words_of(files(tmp_path, two_agencies(), *MATCHES)["A"])
    text = "\n".join(words).replace("PEPS2", "")
    # District, own limit, minutes (20), preferences, needs not shared, readiness, waiting, notes, repeat status (the
    # attempt in the request id), the other agency with its offer, student and PE, fair share.
    for secret in (
        "ZZ9",
        "77",
        "PREFERRED",
        "step-free",
        "readiness",
        "2024",
        "NOTE",
        "S1/first",
        "repeat",
        "S2",
        "O2",
        "E2",
    ):
        assert secret not in text
    assert not {"20", "B"} & set(words)
    assert "range" not in text.lower()


def test_no_agency_file_of_a_whole_partnership_names_anothers_students(tmp_path: Path) -> None:
    dataset, result = generated(60)
    facts = Facts(dataset, GENERATED_POLICY, result.plan)
    paths = write_agency_files(tmp_path, facts)
    students = {m.request.split("/")[0]: dataset.offer_by_id[m.offer].agency for m in result.plan.matches}
    checked = 0
    for path in paths:
        words = set(words_of(path))
        own = {s for s, agency in students.items() if agency == path.stem}
        assert leaked(facts, words, {o.offer for o in dataset.offers if o.agency == path.stem}, own) == {}
        assert own <= words
        checked += 1
    assert checked == len({o.agency for o in dataset.offers})


def test_what_to_name_is_asked_for(tmp_path: Path) -> None:
    offers = (b.offer(on_site_supervisor="to_be_named"), b.offer("O2"), b.offer("O3"))
    dataset = b.dataset(
        students=tuple(b.student(f"S{n}") for n in (1, 2, 3)),
        requests=tuple(b.request(f"S{n}/first") for n in (1, 2, 3)),
        offers=offers,
        educators=(
            b.educator("E1", employed_by="partnership", team=None, serves=("A",)),
            b.educator("E2", employed_by="independent", team=None, serves=("A",)),
        ),
    )
    matches = (
        match("S1/first", "O1", "E1", basis="practice_consultant"),
        match("S2/first", "O2", "E2", basis="independent"),
        match("S3/first", "O3", None),
    )
    rows = {r["Place"]: r for r in rows_of(files(tmp_path, dataset, *matches)["A"], "Reply form")}
    assert (rows["O1"]["PE"], rows["O1"]["On-site supervisor"]) == ("E1, practice consultant", "please name one")
    assert (rows["O2"]["PE"], rows["O2"]["On-site supervisor"]) == ("E2, independent", "yours, as named")
    assert rows["O3"]["PE"] == "please name a PE"


def test_the_reply_is_chosen_from_lists(tmp_path: Path) -> None:
    sheet = opened(files(tmp_path, two_agencies(), *MATCHES)["A"])["Reply form"]
    choices = [v.formula1 for v in sheet.data_validations.dataValidation]
    assert '"yes,no"' in choices
    assert any("no PE" in c for c in choices)


def test_forms_of_an_earlier_run_go_unless_somebody_filled_them_in(tmp_path: Path) -> None:
    dataset = two_agencies()
    paths = files(tmp_path, dataset, *MATCHES)
    workbook = opened(paths["A"])
    workbook["Reply form"]["O5"] = "yes"
    workbook.save(paths["A"])
    only_a = dataset.model_copy(update={"offers": (dataset.offers[0],)})
    files(tmp_path, only_a, MATCHES[0])
    # B offers nothing now: its untouched form is gone. A's reply is kept beside the new form.
    assert sorted(p.name for p in (tmp_path / "agencies").iterdir()) == ["A - filled in 1.xlsx", "A.xlsx"]
    assert "yes" in words_of(tmp_path / "agencies" / "A - filled in 1.xlsx", "Reply form")


def test_an_agency_with_a_name_that_no_file_may_have(tmp_path: Path) -> None:
    dataset = b.dataset(agencies=(b.agency("../A: b?"),), offers=(b.offer(agency="../A: b?"),))
    assert list(files(tmp_path, dataset)) == ["A- b"]


def test_forms_that_cannot_be_replaced_are_all_named_and_the_others_are_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = two_agencies()
    paths = files(tmp_path, dataset, *MATCHES)
    workbook = opened(paths["A"])
    workbook.save(paths["A"])

    def is_open(*_: object) -> Path:
        raise PermissionError(13, "Permission denied")

    filled_in = paths["A"].read_bytes()
    paths["B"].unlink()
    monkeypatch.setattr(Path, "replace", is_open)
    with pytest.raises(UnwrittenError, match=r"still as before: A\.xlsx \(Permission denied\)") as caught:
        files(tmp_path, dataset, *MATCHES)
    assert (caught.value.written, paths["B"].exists()) == ((paths["B"],), True)
    assert paths["A"].read_bytes() == filled_in
    paths["B"].unlink()
    paths["B"].mkdir()  # no form can take its place
    with pytest.raises(UnwrittenError, match=r"A\.xlsx \(Permission denied\), B\.xlsx \(.+\)"):
        files(tmp_path, dataset, *MATCHES)


def test_the_form_can_be_read_on_a4(tmp_path: Path) -> None:
    for share, columns in ((False, 19), (True, 20)):
        sheet = opened(files(tmp_path, two_agencies(share_needs=share), *MATCHES)["A"])["Reply form"]
        titles = [c.value for c in sheet[4]]
        widths = [sheet.column_dimensions[get_column_letter(n)].width for n in range(1, len(titles) + 1)]
        # Needs only where somebody shares some. A unit is 1.9 mm at 10 points, A4 gives 277 mm: 70% are 7 points.
        assert len(titles) == columns
        assert 277 / (sum(widths) * 1.9) >= 0.7
        assert sheet.page_setup.paperSize == 9
