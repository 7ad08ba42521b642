"""Notes typed by the team survive runs; nothing that was typed is lost."""

import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.comments import Comment

from allocator.report.layout import HEADER_ROW
from allocator.report.notes import read_notes
from allocator.report.writing import is_aside, write_report
from models.errors import UsageError
from tests import builders as b
from tests.report.looking import POLICY, match, opened, outcome, rows_of

pytestmark = pytest.mark.usefixtures("without_charts")

DATASET = b.dataset(students=(b.student("S1"), b.student("S2")), requests=(b.request(), b.request("S2/first")))
LATER = b.dataset()
"""The same without S2."""


def type_note(path: Path, request: str, note: str, above: int = 0) -> None:
    """Type into the notes column, as a person does; ``above`` rows are put in over the table."""
    workbook = opened(path)
    sheet = workbook["Students"]
    titles = [c.value for c in sheet[HEADER_ROW]]
    for row in sheet.iter_rows(min_row=HEADER_ROW + 1):
        if row[0].value == request:
            sheet.cell(row=row[0].row or 0, column=titles.index("Notes") + 1, value=note)
    if above:
        sheet.insert_rows(1, above)
    workbook.save(path)


def notes_in(path: Path, sheet: str = "Students") -> dict[str, str]:
    return {row["Request"]: row["Notes"] for row in rows_of(path, sheet) if row["Notes"]}


def test_a_note_is_carried_over_by_request(tmp_path: Path) -> None:
    report = write_report(tmp_path, DATASET, POLICY, outcome(DATASET, match()))[0]
    type_note(report, "S2/first", "=ask the tutor", above=2)
    write_report(tmp_path, DATASET, POLICY, outcome(DATASET, match()))
    assert notes_in(report) == {"S2/first": "=ask the tutor"}


def test_a_note_about_a_request_that_is_gone_waits_for_it(tmp_path: Path) -> None:
    report = write_report(tmp_path, DATASET, POLICY, outcome(DATASET))[0]
    type_note(report, "S2/first", "call in May")
    write_report(tmp_path, LATER, POLICY, outcome(LATER))
    assert notes_in(report, "Earlier notes") == {"S2/first": "call in May"}
    write_report(tmp_path, DATASET, POLICY, outcome(DATASET))
    assert notes_in(report) == {"S2/first": "call in May"}
    assert "Earlier notes" not in opened(report).sheetnames


def rewritten(path: Path, change: Callable[[str], str], part: str = "xl/worksheets/sheet2.xml") -> None:
    """Change the text of a part of a workbook, as another program writes it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_a_note_stays_though_another_program_wrote_another_used_range(tmp_path: Path) -> None:
    report = write_report(tmp_path, DATASET, POLICY, outcome(DATASET, match()))[0]
    type_note(report, "S2/first", "call in May")
    rewritten(report, lambda text: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1"', text))
    assert read_notes(report)["S2/first"] == "call in May"


def test_a_note_stays_though_its_sheet_was_renamed(tmp_path: Path) -> None:
    report = write_report(tmp_path, DATASET, POLICY, outcome(DATASET, match()))[0]
    type_note(report, "S2/first", "call in May")
    workbook = opened(report)
    workbook["Students"].title = "Our students"
    workbook.save(report)
    write_report(tmp_path, DATASET, POLICY, outcome(DATASET, match()))
    assert notes_in(report) == {"S2/first": "call in May"}


def test_what_else_was_added_is_kept_aside_once(tmp_path: Path) -> None:
    def run() -> list[Path]:
        return [p for p in write_report(tmp_path, DATASET, POLICY, outcome(DATASET, match())) if is_aside(p)]

    run()
    report = tmp_path / "report.xlsx"
    workbook = opened(report)
    workbook.create_sheet("Our list")["A1"] = "mine"
    workbook["Students"]["A5"].comment = Comment("ask", "team")
    workbook.save(report)
    worked_on = report.read_bytes()
    (aside,) = run()
    assert aside.read_bytes() == worked_on
    assert re.fullmatch(r"report before \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.xlsx", aside.name)
    assert run() == []  # nobody has touched the new one
    kept = {aside}
    for _ in range(2):  # two that were saved in the same second
        report.write_bytes(worked_on)
        os.utime(report, ns=(0, 1_000_000_000))
        kept.update(run())
    assert len(kept) == 3


def test_notes_typed_into_the_report_beside_an_open_one_come_along(tmp_path: Path) -> None:
    report = write_report(tmp_path, DATASET, POLICY, outcome(DATASET, match()))[0]
    type_note(report, "S1/first", "old")
    type_note(report, "S2/first", "stays")
    beside = tmp_path / "report (2).xlsx"
    beside.write_bytes(report.read_bytes())
    type_note(beside, "S1/first", "new")
    os.utime(report, ns=(0, 1_000_000_000))
    write_report(tmp_path, DATASET, POLICY, outcome(DATASET, match()))
    assert notes_in(report) == {"S1/first": "new", "S2/first": "stays"}
    # a note that was taken out since does not come back from the older one
    os.utime(beside, ns=(0, 1_000_000_000))
    type_note(report, "S1/first", "")
    write_report(tmp_path, DATASET, POLICY, outcome(DATASET, match()))
    assert notes_in(report) == {"S2/first": "stays"}


def test_a_note_typed_beside_stays_though_the_open_report_is_saved_later_without_it(tmp_path: Path) -> None:
    report = write_report(tmp_path, DATASET, POLICY, outcome(DATASET, match()))[0]
    type_note(report, "S2/first", "old")
    before = report.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        lock(patch, report)
        beside = write_report(tmp_path, DATASET, POLICY, outcome(DATASET, match()))[0]
    type_note(beside, "S1/first", "typed beside")
    type_note(beside, "S2/first", "")
    saved_at(beside, 1)
    # The spreadsheet program that had the report open saves it now: its notes are those of before the run, but for one.
    report.write_bytes(before)
    type_note(report, "S2/first", "typed last")
    saved_at(report, 2)
    write_report(tmp_path, DATASET, POLICY, outcome(DATASET, match()))
    assert notes_in(report) == {"S1/first": "typed beside", "S2/first": "typed last"}
    # The report that was written now knows what stands beside it: what is taken out of it does not come back.
    for _ in range(2):
        type_note(report, "S1/first", "")
        saved_at(report, 3)
        write_report(tmp_path, DATASET, POLICY, outcome(DATASET, match()))
        assert notes_in(report) == {"S2/first": "typed last"}
    # Where no other report lies beside it, it holds nothing about any.
    beside.unlink()
    write_report(tmp_path, DATASET, POLICY, outcome(DATASET, match()))
    assert "Notes seen" not in opened(report).sheetnames


def saved_at(path: Path, second: int) -> None:
    os.utime(path, ns=(0, second * 1_000_000_000))


def lock(patch: pytest.MonkeyPatch, report: Path) -> None:
    """Hold a report open: a spreadsheet program lets others read an open workbook, and lets nobody replace it."""
    replace = os.replace

    def locked(source: Path, target: Path) -> None:
        if target == report:
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    patch.setattr("allocator.files.os.replace", locked)


def test_notes_may_come_from_a_report_elsewhere(tmp_path: Path) -> None:
    old = write_report(tmp_path / "old", DATASET, POLICY, outcome(DATASET))[0]
    type_note(old, "S1/first", "from last week")
    new = write_report(tmp_path / "new", DATASET, POLICY, outcome(DATASET), previous=old)[0]
    assert notes_in(new) == {"S1/first": "from last week"}


def test_a_workbook_without_notes_gives_none(tmp_path: Path) -> None:
    assert read_notes(tmp_path / "report.xlsx") == {}
    report = write_report(tmp_path, DATASET, POLICY, outcome(DATASET))[0]
    workbook = opened(report)
    sheet = workbook["Students"]
    sheet.delete_rows(1, sheet.max_row)
    workbook.save(report)
    assert read_notes(report) == {}


@pytest.mark.parametrize("content", [b"no workbook", b"", b"PK\x05\x06" + bytes(18)])
def test_a_report_that_cannot_be_read_is_not_replaced(tmp_path: Path, content: bytes) -> None:
    report = tmp_path / "report.xlsx"
    report.write_bytes(content)
    for name in ("report (2).xlsx", "report (3).xlsx"):  # nor is the one beside it: it may have got notes since
        paths = write_report(tmp_path, DATASET, POLICY, outcome(DATASET))
        assert (paths[0].name, paths[0].exists()) == (name, True)
    assert report.read_bytes() == content


def test_a_report_elsewhere_must_be_readable(tmp_path: Path) -> None:
    report = tmp_path / "old.xlsx"
    report.write_bytes(b"no workbook")
    with pytest.raises(UsageError, match=r"old\.xlsx cannot be read, and its notes would be lost"):
        write_report(tmp_path / "new", DATASET, POLICY, outcome(DATASET), previous=report)
    assert not (tmp_path / "new").exists()


def test_a_report_that_is_open_is_not_replaced_and_its_notes_come_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = write_report(tmp_path, DATASET, POLICY, outcome(DATASET))[0]
    type_note(report, "S2/first", "call in May")
    before = report.read_bytes()
    lock(monkeypatch, report)
    beside = write_report(tmp_path, DATASET, POLICY, outcome(DATASET))[0]
    assert (beside.name, notes_in(beside)) == ("report (2).xlsx", {"S2/first": "call in May"})
    assert report.read_bytes() == before
    assert not list(tmp_path.glob("*.part"))
