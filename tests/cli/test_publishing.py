"""``placements publish`` and ``versions``: what is written, said and refused, and what the next report says of it."""

import json
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from allocator.intake import read
from tests.cli import inputs
from tests.cli.inputs import placements
from tests.report.looking import opened, rows_of


def allocated(source: Path, out: Path, *options: str) -> Path:
    code, _, errors = placements("allocate", source, "--out", out, *options)
    assert code == 0, errors
    return out


def typed(path: Path, **cells: Any) -> None:
    """Type into the first row of Published, as a person does."""
    book = load_workbook(path)
    page = book["Published"]
    for heading, below in zip(page[1], page[2], strict=True):
        if heading.value in cells:
            below.value = cells[str(heading.value)]
    book.save(path)


def test_a_plan_is_published_and_published_again(tmp_path: Path) -> None:
    source = inputs.workbook(tmp_path)
    before = source.read_bytes()
    out = allocated(source, tmp_path / "out")
    code, shown, errors = placements("publish", out, source, "--by", "LM")
    words = " ".join(shown.split())
    assert code == 0, errors
    assert "Version 1 is in force: 2 of 2 requests have a place; 20 of 20 tiers proved." in words
    assert "2 newly placed" in words
    assert source.read_bytes() == before
    second = tmp_path / "partnership-2.xlsx"
    assert [p.standing for p in read(second).dataset.published] == ["in_force", "in_force"]
    code, _, errors = placements("publish", out, source, "--by", "AB")
    assert code == 2
    assert "somebody has taken a step from partnership.xlsx" in " ".join(errors.split())
    # Who was told stays; the row of the other student is taken up again as it was.
    typed(second, student_told_on="2026-11-20", note="rang them", owner="placements lead")
    again = allocated(second, tmp_path / "again")
    code, shown, errors = placements("publish", again, second, "--by", "LM", "--json")
    assert code == 0, errors
    said = json.loads(shown)
    assert (said["version"]["version"], said["version"]["changes"], said["cleared"]) == (2, "nothing changed", [])
    [told, _] = read(tmp_path / "partnership-3.xlsx").dataset.published
    assert (str(told.student_told_on), told.note, told.standing) == ("2026-11-20", "rang them", "kept")
    code, shown, _ = placements("versions", tmp_path / "partnership-3.xlsx")
    assert code == 0
    assert "Version 2 is in force." in shown
    _, shown, _ = placements("versions", tmp_path / "partnership-3.xlsx", "--json")
    assert [(v["version"], v["by"], v["placed"]) for v in json.loads(shown)["versions"]] == [(1, "LM", 2), (2, "LM", 2)]
    assert "No plan was published yet" in placements("versions", source)[1]
    book = load_workbook(tmp_path / "partnership-3.xlsx")
    for row in book["Versions"].iter_rows(min_row=2):
        row[0].value = "one"
    book.save(tmp_path / "typed.xlsx")
    _, shown, _ = placements("versions", tmp_path / "typed.xlsx")
    assert "'one' is not a whole number" in " ".join(shown.split())
    assert "No plan was published yet" not in shown
    _, shown, _ = placements("versions", tmp_path / "typed.xlsx", "--json")
    assert {issue["code"] for issue in json.loads(shown)["issues"]} == {"V201"}
    code, shown, _ = placements("compare", *(tmp_path / "partnership-versions" / number for number in ("1", "2")))
    assert "Requests: nothing changed." in " ".join(shown.split())


def test_who_moves_is_shown_with_what_was_cleared(tmp_path: Path) -> None:
    source = inputs.workbook(tmp_path)
    allocated(source, tmp_path / "out")
    placements("publish", tmp_path / "out", source, "--by", "LM")
    second = tmp_path / "partnership-2.xlsx"
    typed(second, note="rang them", owner="placements lead", status="sent_to_agency")
    book = load_workbook(second)
    was = book["Published"]["B2"].value
    decisions = book.create_sheet("Decisions")
    decisions.append(["decision", "about", "offer", "by"])
    decisions.append(["withdraw", "offer", was, "AB"])
    book.save(second)
    # One of the two places is withdrawn. Nobody else moves: whose place it was has none.
    out = allocated(second, tmp_path / "gone")
    code, shown, errors = placements("publish", out, second, "--by", "LM")
    words = " ".join(shown.split())
    assert code == 0, errors
    assert "S1/first: its published place is gone, and there is no other." in words
    assert "nothing changed; 1 request has lost a place and not found another" in words
    # With one more place it has another.
    third = tmp_path / "partnership-3.xlsx"
    book = load_workbook(third)
    page = book["Offers"]
    row = next(row for row in page.iter_rows(values_only=True) if was in row)
    page.append(["O3" if cell == was else cell for cell in row])
    book.save(third)
    code, shown, errors = placements("publish", allocated(third, tmp_path / "other"), third, "--by", "LM")
    words = " ".join(shown.split())
    assert code == 0, errors
    assert f"other place: {was}" in words
    assert "note rang them" in words
    assert "1 other place" in words


def test_what_cannot_be_published_exits_2_and_says_why(tmp_path: Path) -> None:
    source = inputs.workbook(tmp_path)
    out = allocated(source, tmp_path / "out", "--set", "travel_limit=75")
    code, shown, errors = placements("publish", out, source, "--by", "LM", "--json")
    assert (code, json.loads(shown)["code"]) == (2, "refused")
    assert "longest travel (Policy: travel_limit) changed: 75, now 90" in " ".join(errors.split())
    assert {p.name for p in tmp_path.iterdir()} == {"out", "partnership.xlsx"}
    assert placements("publish", out, source, "--by", "Laura Miller")[0] == 2
    assert placements("publish", tmp_path / "nowhere", source, "--by", "LM")[0] == 2
    # With the setting given as it was, it is the same data and policy.
    assert placements("publish", out, source, "--by", "LM", "--set", "travel_limit=75")[0] == 0


def test_the_report_says_which_version_is_in_force_and_what_is_new(tmp_path: Path) -> None:
    source = inputs.workbook(tmp_path)
    out = allocated(source, tmp_path / "out")
    placements("publish", out, source, "--by", "LM")
    second = tmp_path / "partnership-2.xlsx"
    typed(second, note="rang them", meeting_on="2026-12-03", status="sent_to_agency", owner="placements lead")
    offers = load_workbook(second)
    offers["Offers"]["C2"].value = "T9"
    offers.save(second)
    again = allocated(second, out)  # over the run before, which the version goes before
    book = opened(again / "report.xlsx")
    front = [str(cell.value) for row in book["Front page"].iter_rows(max_row=6) for cell in row]
    assert any("In force: version 1, published on " in text and " by LM; it places 2 of 2" in text for text in front)
    assert "Compared with version 1 of " in str(book["Changes"]["A2"].value)
    inputs_changed = [r for r in rows_of(again / "report.xlsx", "Changes") if r["What"] == "Input"]
    assert "Offers: O1" in {r["About"] for r in inputs_changed}
    student = next(r for r in rows_of(again / "report.xlsx", "Students") if r["Request"] == "S1/first")
    assert (student["Status"], student["Note on Published"]) == ("sent to agency", "rang them")
    assert str(student["Meeting on"]).startswith("2026-12-03")
    assert student["Owner"] == "placements lead"
