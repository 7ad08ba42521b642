"""All files of a run: which they are, that equal input gives equal files, and that the least input suffices."""

from datetime import date
from pathlib import Path

from allocator.report.writing import write_report
from models.dataset import Dataset
from models.entities import Offer, Request, Student, Tranche
from models.policy import Policy
from tests import builders as b
from tests.report.looking import POLICY, match, outcome, rows_of, words_of
from tests.report.partnership import POLICY as GENERATED_POLICY
from tests.report.partnership import generated


def test_equal_runs_write_equal_files(tmp_path: Path) -> None:
    folders = (tmp_path / "a", tmp_path / "b")
    for folder in folders:
        dataset, result = generated(40)
        write_report(folder, dataset, GENERATED_POLICY, result)
    first, second = ({p.relative_to(f): p.read_bytes() for p in f.rglob("*") if p.is_file()} for f in folders)
    assert first == second
    # The workbook, the page, the return, and a form for each of the ten agencies that offer.
    assert len(first) == 13


def test_a_second_run_into_the_same_folder_changes_nothing(tmp_path: Path) -> None:
    dataset = b.dataset()
    paths = write_report(tmp_path, dataset, POLICY, outcome(dataset, match()))
    before = [p.read_bytes() for p in paths]
    assert write_report(tmp_path, dataset, POLICY, outcome(dataset, match())) == paths
    assert [p.read_bytes() for p in paths] == before


def test_the_day_is_the_plans_when_the_policy_is_blank(tmp_path: Path) -> None:
    dataset = b.dataset()
    path = write_report(tmp_path, dataset, Policy(), outcome(dataset, match()))[0]
    assert any("as of 21 Nov 2025" in w for w in words_of(path, "Front page"))


def test_three_sheets_are_enough(tmp_path: Path) -> None:
    dataset = Dataset(
        tranches=(Tranche(tranche="T1", first_day=date(2026, 1, 5)),),
        students=(Student(student="1", programme="MSW"),),
        requests=(Request(request="1/first", student="1", stage="first", tranche="T1", days=70),),
        offers=(Offer(offer="1", agency="A", team="X", tranche="T1", earliest_start=date(2026, 1, 5)),),
    )
    placed = match("1/first", "1", "TBC@1")
    paths = write_report(tmp_path, dataset, POLICY, outcome(dataset, placed))
    (row,) = rows_of(paths[0], "Students")
    assert (row["Result"], row["PE"], row["Minutes are"]) == ("provisional", "to be named", "unknown")
    assert [p.name for p in paths] == ["report.xlsx", "summary.html", "return.json", "A.xlsx"]


def test_matches_of_unknown_rows_are_left_to_the_check(tmp_path: Path) -> None:
    dataset = b.dataset()
    paths = write_report(tmp_path, dataset, POLICY, outcome(dataset, match(offer="O9"), match("S9/first")))
    (row,) = rows_of(paths[0], "Students")
    assert (row["Offer"], row["Agency"]) == ("O9", None)
