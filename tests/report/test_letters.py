"""The files of letters: what Excel and Word open by themselves, the same for the same plan, replacing nothing."""

import csv
from pathlib import Path

import pytest

from allocator.report.letters import write_letters
from models.errors import UsageError
from tests import builders as b
from tests.report.looking import facts_of, lines_of, match

FILES = ("students", "agencies", "placements", "educators")


def test_every_table_is_a_csv_file_and_a_workbook_with_headings_in_the_first_row(tmp_path: Path) -> None:
    written = write_letters(tmp_path / "letters", facts_of(b.dataset(), match()), {"S1": "Zoé"})
    assert [p.name for p in written] == [f"{name}{ending}" for name in FILES for ending in (".csv", ".xlsx")]
    assert set(written.values()) == {1}
    for name in FILES:
        content = (tmp_path / "letters" / f"{name}.csv").read_bytes()
        # Excel takes a file without this mark for one in the letters of the machine.
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.count(b"\r\n") == content.count(b"\n") == 2
        typed = list(csv.reader(content.decode("utf-8-sig").splitlines()))
        shown = [
            ["" if v is None else str(v) for v in line] for line in lines_of(tmp_path / "letters" / f"{name}.xlsx")
        ]
        assert typed == shown
        assert len(typed[0]) == len(set(typed[0]))
    assert "Zoé" in (tmp_path / "letters" / "students.csv").read_text(encoding="utf-8-sig")


def test_headings_are_the_same_with_and_without_names_and_rows(tmp_path: Path) -> None:
    write_letters(tmp_path / "one", facts_of(b.dataset(), match()), {"S1": "Ann"})
    write_letters(tmp_path / "two", facts_of(b.dataset()), {})
    for name in FILES:
        one, two = ((tmp_path / folder / f"{name}.csv").read_text().splitlines()[0] for folder in ("one", "two"))
        assert one == two


def test_what_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    dataset = b.dataset(offers=(b.offer(team="=1+1"),))
    write_letters(tmp_path, facts_of(dataset, match()), {"S1": "+Ann"})
    first, row = csv.reader((tmp_path / "students.csv").read_text(encoding="utf-8-sig").splitlines())
    cells = dict(zip(first, row, strict=True))
    assert (cells["Team"], cells["Name"]) == ("'=1+1", "'+Ann")
    headings, values = lines_of(tmp_path / "students.xlsx")
    assert dict(zip(headings, values, strict=True))["Team"] == "=1+1"  # the workbook says itself that it is text


def test_the_same_plan_gives_the_same_files(tmp_path: Path) -> None:
    facts = facts_of(b.dataset(), match())
    for folder in ("one", "two"):
        write_letters(tmp_path / folder, facts, {})
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / f).iterdir()} for f in ("one", "two"))
    assert one == two


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    facts = facts_of(b.dataset(), match())
    (tmp_path / "agencies.xlsx").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"^agencies\.xlsx in .* exist already: name another folder"):
        write_letters(tmp_path, facts, {})
    assert [(p.name, p.read_text(encoding="utf-8")) for p in tmp_path.iterdir()] == [("agencies.xlsx", "mine")]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="is a file, not a folder"):
        write_letters(tmp_path / "file", facts_of(b.dataset(), match()), {})
