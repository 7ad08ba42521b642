"""Blank ids are numbered, and a copy of the user's file gets them; the file itself is never touched."""

import csv
import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from allocator.intake import Reading, read
from allocator.reading import write_back_ids
from models.errors import UsageError
from tests.reading.sheets import TODAY, Sheets, sheets, write_rows

IDS = {"Students": "student", "Offers": "offer", "Educators": "pe"}


def without_ids() -> Sheets:
    """The partnership with three more rows that have no id: two offers and a PE."""
    given = sheets()
    given["Offers"] += [
        {"offer": None, "agency": "B", "team": "Y", "tranche": "T1"},
        {"offer": " ", "agency": "A", "team": "X", "tranche": "T1"},
    ]
    given["Educators"].append({"pe": None, "employed_by": "A", "team": "X", "qualification": "PEPS1"})
    return given


def as_workbook(folder: Path, given: Sheets) -> Path:
    write_rows(folder / "mine.xlsx", given)
    return folder / "mine.xlsx"


def as_folder(folder: Path, given: Sheets, separator: str = ",", encoding: str = "utf-8") -> Path:
    target = folder / "mine"
    target.mkdir()
    for name, rows in given.items():
        with (target / f"{name}.csv").open("w", newline="", encoding=encoding) as stream:
            columns = list(dict.fromkeys(c for row in rows for c in row))
            writer = csv.DictWriter(stream, columns, delimiter=separator)
            writer.writeheader()
            writer.writerows(rows)
    return target


def as_json(folder: Path, given: Sheets) -> Path:
    (folder / "mine.json").write_text(json.dumps(given), encoding="utf-8")
    return folder / "mine.json"


def facts(reading: Reading) -> dict[str, Any]:
    """All that was read but the problems."""
    return reading.dataset.model_dump(exclude={"issues"})


def bytes_of(path: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in ([path] if path.is_file() else sorted(path.iterdir()))}


def column_of(rows: Sequence[Sequence[Any]], heading: str) -> list[Any]:
    position = list(rows[0]).index(heading)
    return [row[position] for row in rows[1:]]


@pytest.mark.parametrize(
    ("write", "name"),
    [(as_workbook, "mine-with-ids.xlsx"), (as_folder, "mine-with-ids"), (as_json, "mine-with-ids.json")],
)
def test_the_copy_says_the_same_and_has_every_id(write: Any, name: str, tmp_path: Path) -> None:
    source = write(tmp_path, without_ids())
    before = bytes_of(source)
    reading = read(source, today=TODAY)
    copy = write_back_ids(source, tmp_path / "out", reading.numbered)
    assert copy == tmp_path / "out" / name
    assert bytes_of(source) == before
    assert [p.name for p in (tmp_path / "out").iterdir()] == [name]
    again = read(copy, today=TODAY)
    assert facts(again) == facts(reading)
    assert ({i.code for i in reading.issues} & {"V305"}, {i.code for i in again.issues} & {"V305"}) == ({"V305"}, set())
    assert write_back_ids(copy, tmp_path / "out", again.numbered) is None


def test_the_ids_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    given = without_ids()
    turned = {name: list(reversed(rows)) for name, rows in given.items()}
    ids = []
    for folder, rows in (("a", given), ("b", turned)):
        (tmp_path / folder).mkdir()
        source = as_json(tmp_path / folder, rows)
        copy = write_back_ids(source, tmp_path / folder / "out", read(source, today=TODAY).numbered)
        assert copy is not None
        offers = json.loads(copy.read_text(encoding="utf-8"))["Offers"]
        ids.append({(o["agency"], o["offer"]) for o in offers})
    # A before B, whatever the order of the rows: O1 to O3 are taken.
    assert ids[0] == ids[1] == {("A", "O1"), ("B", "O2"), ("A", "O3"), ("A", "O4"), ("B", "O5")}


def test_nothing_numbered_nothing_written(tmp_path: Path) -> None:
    source = as_json(tmp_path, sheets())
    assert write_back_ids(source, tmp_path / "out", read(source, today=TODAY).numbered) is None
    assert not (tmp_path / "out").exists()


def odd_workbook(path: Path) -> None:
    """Offers under a title, with headings of the user's own, a style, a formula, a cell merged over two rows."""
    book = write_rows(path, sheets(Offers=None))
    page = book.create_sheet("Offer")
    page.append(["Places of spring"])
    page.append([])
    page.append(["Agency", "Team", "Offer ID", "Places"])
    page.append(["A", "X", "O1", 1])
    page.append(["A", "X", None, "=1+1"])
    page.append(["B", "Y", None, 1])
    page.append(["B", "Y", None, 1])
    page.merge_cells("C6:C7")
    page["A5"].font = Font(bold=True)
    page.column_dimensions["B"].width = 33
    page.freeze_panes = "A4"
    book.save(path)


def test_a_workbook_keeps_its_look_and_its_words(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    odd_workbook(path)
    copy = write_back_ids(path, tmp_path, read(path, today=TODAY).numbered)
    assert copy is not None
    page = load_workbook(copy)["Offer"]
    # O1 is there and Decisions mentions O2: the next is O3, and agency A comes before B.
    assert [page[f"C{r}"].value for r in (3, 4, 5, 6)] == ["Offer ID", "O1", "O3", "O4"]
    # A cell hidden under a merged one holds nothing.
    assert page["C7"].value is None
    assert page["D5"].value == "=1+1"
    assert (page["A5"].font.bold, page.column_dimensions["B"].width, page.freeze_panes) == (True, 33, "A4")
    assert page["A1"].value == "Places of spring"


def test_a_sheet_without_the_column_gets_it_behind_the_others(tmp_path: Path) -> None:
    least = {
        "Tranches": [{"tranche": "T1", "first_day": "2027-01-04"}],
        "Students": [{"student": "S1", "programme": "MSW", "home": "CR0", "stage": "first"}],
        "Offers": [{"agency": "A", "team": t, "place": "CR0", "areas": "adults"} for t in ("Y", "X")],
    }
    for write in (as_workbook, as_folder):
        source = write(tmp_path, least)
        reading = read(source, today=TODAY)
        copy = write_back_ids(source, tmp_path / "out", reading.numbered)
        assert copy is not None
        if copy.is_dir():
            rows: list[Any] = list(csv.reader((copy / "Offers.csv").read_text(encoding="utf-8").splitlines()))
        else:
            rows = list(load_workbook(copy)["Offers"].iter_rows(values_only=True))
        assert list(rows[0]) == ["agency", "team", "place", "areas", "offer"]
        # Team X comes before team Y.
        assert column_of(rows, "offer") == ["O2", "O1"]
        assert facts(read(copy, today=TODAY)) == facts(reading)


def test_a_cell_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    given = sheets()
    given["Educators"][1]["pe"] = "#REF!"
    source = as_json(tmp_path, given)
    reading = read(source, today=TODAY)
    assert [n.heading for n in reading.numbered] == ["pe"]
    # Nothing could be filled, so nothing is written.
    assert write_back_ids(source, tmp_path / "out", reading.numbered) is None
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(("separator", "encoding"), [(";", "cp1252"), ("\t", "utf-16"), (",", "utf-8-sig")])
def test_csv_keeps_its_separator_and_every_letter(separator: str, encoding: str, tmp_path: Path) -> None:
    given = without_ids()
    given["Offers"][0]["note"] = "café, at noon"
    source = as_folder(tmp_path, given, separator, encoding)
    reading = read(source, today=TODAY)
    copy = write_back_ids(source, tmp_path / "out", reading.numbered)
    assert copy is not None
    data = (copy / "Offers.csv").read_bytes()
    # Older text becomes UTF-8 with the mark that spreadsheet programs look for.
    text = data.decode("utf-16" if encoding == "utf-16" else "utf-8-sig")
    assert data.startswith((b"\xef\xbb\xbf", b"\xff\xfe"))
    rows = list(csv.reader(text.splitlines(), delimiter=separator))
    assert column_of(rows, "offer") == ["O1", "O2", "O3", "O5", "O4"]
    assert column_of(rows, "note")[0] == "café, at noon"
    # A sheet without numbered ids is the user's, byte by byte.
    assert (copy / "Agencies.csv").read_bytes() == (source / "Agencies.csv").read_bytes()


@pytest.mark.parametrize("write", [as_workbook, as_folder])
def test_a_copy_that_was_worked_on_is_not_replaced(write: Any, tmp_path: Path) -> None:
    source, out = write(tmp_path, without_ids()), tmp_path / "out"
    reading = read(source, today=TODAY)
    first = write_back_ids(source, out, reading.numbered)
    assert write_back_ids(source, out, reading.numbered) == first  # the same again is no second copy
    assert first is not None
    worked_on = first / "Offers.csv" if first.is_dir() else first
    worked_on.write_bytes(b"mine now")
    second = write_back_ids(source, out, reading.numbered)
    assert second is not None
    assert second.name.startswith("mine-with-ids (2)")
    assert worked_on.read_bytes() == b"mine now"
    assert facts(read(second, today=TODAY)) == facts(reading)


def test_a_workbook_that_the_library_cannot_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = as_workbook(tmp_path, without_ids())
    reading = read(source, today=TODAY)

    def broken(*_: Any, **__: Any) -> Workbook:
        raise ValueError("a style is missing")

    monkeypatch.setattr("allocator.reading.copies.load_workbook", broken)
    with pytest.raises(UsageError, match=r"a copy of mine\.xlsx cannot be made: a style is missing"):
        write_back_ids(source, tmp_path / "out", reading.numbered)


# ---- odd files ---------------------------------------------------------------------------------------------------
X14 = b"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = b"http://schemas.microsoft.com/office/excel/2006/main"
DROP_DOWN = (
    b'<x14:dataValidations count="1" xmlns:xm="'
    + XM
    + b'"><x14:dataValidation type="list"><x14:formula1><xm:f>Lists!$B$2:$B$9</xm:f>'
    b"</x14:formula1><xm:sqref>C2:C99</xm:sqref></x14:dataValidation></x14:dataValidations>"
)


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("at_root", [True, False])
def test_drop_downs_of_newer_programs_are_kept(tmp_path: Path, at_root: bool) -> None:
    # Excel puts a list whose words stand on another sheet into an extension, under a name declared here or at the root.
    path = as_workbook(tmp_path, without_ids())
    parts = parts_of(path)
    number = 1 + list(without_ids()).index("Offers")
    part = f"xl/worksheets/sheet{number}.xml"
    name = b' xmlns:x14="' + X14 + b'"'
    other = b'<ext uri="{A8765BA9-456A-4dab-B4F3-ACF838C121DE}"><x14:slicerList/></ext>'
    ours = (
        b'<ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"' + (b"" if at_root else name) + b">" + DROP_DOWN + b"</ext>"
    )
    xml = parts[part].replace(
        b"</worksheet>", b"<extLst>" + (other if at_root else b"") + ours + b"</extLst></worksheet>"
    )
    parts[part] = xml.replace(b"<worksheet ", b"<worksheet" + name + b" ", 1) if at_root else xml
    reading = read(written(path, parts), today=TODAY)
    copy = write_back_ids(path, tmp_path / "out", reading.numbered)
    assert copy is not None
    filled = parts_of(copy)
    (sheet,) = [content for content in filled.values() if DROP_DOWN in content]
    assert fromstring(sheet).find(f".//{{{X14.decode()}}}dataValidation") is not None
    assert b"slicer" not in sheet
    assert facts(read(copy, today=TODAY)) == facts(reading)


def test_a_strict_workbook_has_a_copy_too(tmp_path: Path) -> None:
    path = as_workbook(tmp_path, without_ids())
    usual = re.compile(rb"http://schemas.openxmlformats.org/(spreadsheetml|officeDocument|drawingml)/2006/")
    strict = {name: usual.sub(rb"http://purl.oclc.org/ooxml/\1/", content) for name, content in parts_of(path).items()}
    reading = read(written(path, strict), today=TODAY)
    copy = write_back_ids(path, tmp_path / "out", reading.numbered)
    assert copy is not None
    assert facts(read(copy, today=TODAY)) == facts(reading)


def test_half_a_character_in_json_does_not_stop_the_copy(tmp_path: Path) -> None:
    given = without_ids()
    given["Offers"][0]["note"] = "half \ud83d"
    path = as_json(tmp_path, given)
    reading = read(path, today=TODAY)
    copy = write_back_ids(path, tmp_path / "out", reading.numbered)
    assert copy is not None
    assert facts(read(copy, today=TODAY)) == facts(reading)


def test_a_csv_with_carriage_returns_alone_keeps_them(tmp_path: Path) -> None:
    folder = as_folder(tmp_path, without_ids())
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\r"))
    reading = read(folder, today=TODAY)
    copy = write_back_ids(folder, tmp_path / "out", reading.numbered)
    assert copy is not None
    assert b"\n" not in (copy / "Offers.csv").read_bytes()
    assert facts(read(copy, today=TODAY)) == facts(reading)
