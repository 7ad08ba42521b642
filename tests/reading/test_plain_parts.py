"""Sheets read fast: whatever their XML, the rows are those of the workbook library, or the library has to read them."""

import io
import re
import zipfile
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.reader.excel import ExcelReader

from allocator.reading import plain_parts as plain_parts_module
from allocator.reading import xlsx as xlsx_module
from allocator.reading.xlsx import WorkbookSheet, read_workbook
from tests.reading.sheets import sheets, write_rows

NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:x14="http://example.org/x14"'
GOOD = (
    "><v>1E3</v></c>", "><v>7</v></c>", "><v>7.0</v></c>", "><v>-1.5E3</v></c>", ' t="n"><v>0</v></c>', "/>", ' s="1"/>', "></c>", "><v></v></c>",
    ' t="s"><v>0</v></c>', ' s="1" t="s"><v>1</v></c>', ' t="s" s="1"><v>2</v></c>', ' t="s"><v>3</v></c>', ' t="s"><v>4</v></c>',
    ' s="1"><v>46000</v></c>', ' s="1" t="n"><v>46000.75</v></c>', ' s="2"><v>0.5</v></c>', ' s="1"><v>999999999</v></c>',
    ' t="b"><v>1</v></c>', ' t="e"><v>#N/A</v></c>', ' t="str"><v>a &amp; b</v></c>', ' t="d"><v>2027-01-04</v></c>',
    ' t="inlineStr"><is><t>plain</t></is></c>', ' t="inlineStr"><is><t xml:space="preserve"> é €\n\t</t></is></c>',
    ' t="inlineStr"><is><t>&lt;&#65;_x000D_x005F_]</t></is></c>', ' t="inlineStr"><is><t></t></is></c>', ' t="inlineStr"/>',
    ' t="inlineStr"><is><r><t>ri</t></r><r><rPr><b/></rPr><t>ch</t></r></is></c>', ' t="inlineStr"><is><t>a\r\nb</t></is></c>',
    "><f>1+1</f><v>2</v></c>", "><f>1+1</f></c>", "><f>A1&amp;&quot;x&quot;</f><v></v></c>", ' t="str"><f>""</f><v></v></c>',
    '><f t="shared" ref="A1:A3" si="0">B1</f><v>1</v></c>', '><f t="shared" si="0"/><v>1</v></c>', ' s="1"><f>1</f><v>46000</v></c>',
)  # fmt: skip
ODD = (
    ' t="s"><v>99</v></c>', ' t="s"><v>-1</v></c>', ' t="s"><v>x</v></c>', "><v>seven</v></c>", "><v> 7 </v></c>", "><v>1_0</v></c>",
    ' s="9" s="9"><v>1</v></c>', ' s=""><v>1</v></c>', ' cm="1"><v>1</v></c>', ' x14:a="1"><v>1</v></c>', ' x15:a="1"><v>1</v></c>',
    ' t="inlineStr"><is><t>a & b</t></is></c>', ' t="inlineStr"><is><t>\x01</t></is></c>', ' t="inlineStr"><is><t>]]></t></is></c>',
    ' t="inlineStr"><is><t>&odd;</t></is></c>', ' t="inlineStr"><is><t><![CDATA[</c></row>]]></t></is></c>', "><!-- <c> --><v>1</v></c>",
    "><v>1</v>", "><f>1 & 1</f><v>1</v></c>", '><f a="1" a="1">1</f><v>1</v></c>', "><v>1</v><f>1</f></c>", ' r="B1"><v>1</v></c>',
    "><x><c/></x><v>1</v></c>", ' t="inlineStr"><is><t>\ufffe</t></is></c>', '><v xml:space="preserve">1</v></c>', " ><v>1</v></c >",
)  # fmt: skip
TAILS = (
    "", '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>', "<!-- end -->", '<mergeCells><mergeCell ref="x"/></mergeCells>',
    '<rowBreaks count="1"><brk id="3"/></rowBreaks>', "<oops>", '<sheetProtection sheet="perhaps"/>', '<extra><row r="9"/></extra>', "<",
    "</sheetData>", "<sheetData/>",
)  # fmt: skip
"""What follows the rows: three ordinary things, then odd ones."""
HEADS = (
    "", '<dimension ref="A1:B2"/>', '<cols><col min="1" max="3" width="9"/></cols>', '<dimension ref="1A"/>', "<!-- <sheetData> -->",
    "<extra><row/></extra>", "<oops>", '<cols><col min="x"/></cols>', "<sheetData/>",
)  # fmt: skip
"""What comes before the rows: three ordinary things, then odd ones."""
TEXTS = (
    "<si><t>one</t></si>", '<si><t xml:space="preserve"> two x005F_ &amp; </t></si>', "<si><r><t>ri</t></r><r><t>ch</t></r></si>",
    "<si><t/></si>", "<si><t>five</t><rPh sb=\"0\" eb=\"1\"><t>furi</t></rPh></si>",
)  # fmt: skip


def _base() -> dict[str, bytes]:
    """The parts of a workbook whose styles are: 1 a date, 2 a time of day."""
    book = Workbook()
    page: Any = book.active
    page.append([date(2027, 1, 4), time(12)])
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    texts = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
    types = parts["[Content_Types].xml"]
    return parts | {"[Content_Types].xml": types if b"sharedStrings" in types else types.replace(b"</Types>", texts)}


BASE = _base()


def workbook(path: Path, sheet: str, texts: str | None = None) -> Path:
    """A workbook whose only sheet, and whose shared texts, have this XML."""
    strings = texts if texts is not None else f"<sst {NAMES}>{''.join(TEXTS)}</sst>"
    changed = {
        "xl/worksheets/sheet1.xml": sheet.encode(errors="surrogatepass"),
        "xl/sharedStrings.xml": strings.encode(),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (BASE | changed).items():
            archive.writestr(name, content)
    return path


def both(path: Path) -> tuple[Any, Any]:
    """What the fast reader alone makes of a workbook (None: it leaves it to the library), and what the library makes."""
    found: list[Any] = []
    for plain in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(xlsx_module, "_read_any" if plain else "_read_plain", lambda book, page: None)
            if not plain:
                patch.setattr(xlsx_module, "plain_texts", _refuse)
            try:
                found.append([_facts(sheet) for sheet in read_workbook(path)])
            except Exception as error:
                found.append(type(error))
    return found[0], found[1]


def _refuse(stream: Any) -> Any:
    raise plain_parts_module.NotPlainError


def _facts(sheet: WorkbookSheet | None) -> Any:
    if sheet is None:
        return None
    # Numbers keep their type: 7 and 7.0 are not read alike. Blank cells at the end of a row are no fact.
    rows = [(n, [(type(c), c) for c in cells]) for n, cells in sheet.rows]
    for _, cells in rows:
        while cells and cells[-1][1] is None:
            cells.pop()
    formulas = [
        {c: sorted(rows) for c, rows in kind.items()} for kind in (sheet.formulas.computed, sheet.formulas.uncomputed)
    ]
    return sheet.name, rows, sheet.hidden, sheet.merged, formulas, sheet.after_gaps, sheet.marks


def with_prefix(xml: str) -> str:
    """The same elements, each with a prefix."""
    return re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=")


def sheet(rows: str, head: str = "", tail: str = "", start: str = "") -> str:
    return f"{start}<worksheet {NAMES}>{head}<sheetData>{rows}</sheetData>{tail}</worksheet>"


def row(number: int, cells: str, facts: str = "") -> str:
    return f'<row r="{number}"{facts}>{cells}</row>'


PLAIN = row(1, '<c r="A1" t="s"><v>0</v></c>') + row(2, '<c r="A2"><v>2</v></c><c r="C2"><v>3</v></c>')
ODD_ROWS = (
    *(PLAIN + row(3, f'<c r="A3"{body}') for body in ODD),
    *(PLAIN + row(3, f'<c r="A3"{body}<c r="B3"><f>1</f><v>1</v></c>') for body in ODD),
    *(PLAIN + row(3, '<c r="A3"><v>1</v></c>', facts) for facts in (' r="3"', ' x15:a="1"', " ht='15'", ' ht="1" ht="1"', ' ht="a&b"', "/")),
    *(PLAIN + row(3, f'<c{at}><v>1</v></c><c r="D3"><v>2</v></c>') for at in ("", ' r="3"', ' r="a3"', ' r="AAAA3"', ' r="B31"', ' r="B7"', ' r="D3"', ' r="E3"')),
    *(PLAIN + row(3, f'<c{at}><f>1</f><v>1</v></c><c r="D3"><v>2</v></c>') for at in ("", ' r="B7"', ' r="D3"', ' r="E3"')),
    *(PLAIN + row(3, f'{odd}<c r="A3"><v>1</v></c>{odd}<c r="B3"><v>1</v></c>') for odd in ("x", "<!-- c -->", '<!-- <c r="Z3"><v>1</v></c> -->', "<d/>", "</c>")),
    *(PLAIN + odd + row(3, '<c r="A3"><v>1</v></c>') + odd for odd in ("x", "<!-- r -->", "<d/>", "</row>", '<c r="B3"><v>1</v></c>', row(2, ""), row(1, ""), "<row/>", '<row r="x"/>')),
)  # fmt: skip
ODD_SHEETS = (
    *(sheet(rows) for rows in ODD_ROWS),
    *(sheet(PLAIN, head=head) for head in HEADS[3:]),
    *(sheet(PLAIN, tail=tail) for tail in TAILS[3:]),
    *(
        sheet(PLAIN, start=start)
        for start in ("<!-- a sheet -->", "<!DOCTYPE worksheet>", '<?xml version="1.0" encoding="latin-1"?>', "x")
    ),
    *(sheet(PLAIN) + end for end in ("<!-- end -->", "<", "<oops", "</worksheet>", "x")),
    *(sheet(PLAIN)[:end] for end in (0, 60, -1, -9, -30, -80)),
    sheet(PLAIN).replace("2006/main", "2006/other"),
    sheet(PLAIN).replace("<row", "<x14:row").replace("</row", "</x14:row"),
    with_prefix(sheet(PLAIN)).replace("</x:sheetData>", row(9, '<c r="A9"><v>9</v></c>') + "</x:sheetData>"),
)


@st.composite
def plain_sheet(draw: st.DrawFn) -> str:
    rows, number = "", 0
    for _ in range(draw(st.integers(0, 4))):
        number += draw(st.sampled_from((1, 1, 3)))
        column, cells = -1, ""
        for body in draw(st.lists(st.sampled_from(GOOD), max_size=4)):
            column += draw(st.sampled_from((1, 1, 2)))
            cells += f'<c r="{chr(65 + column)}{number}"{body}'
        facts = draw(st.sampled_from(("", ' spans="1:4" x14:dyDescent="0.25"', ' ht="15.75" customHeight="1"')))
        space = draw(st.sampled_from(("", "\n  ")))
        rows += space + (
            row(number, cells + space, facts) if cells or draw(st.booleans()) else f'<row r="{number}"{facts}/>'
        )
    head, tail = draw(st.sampled_from(HEADS[:3])), draw(st.sampled_from(TAILS[:3]))
    start = draw(st.sampled_from(('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n', "", "\ufeff")))
    xml = sheet(rows, head, tail, start)
    return with_prefix(xml) if draw(st.integers(0, 3)) == 0 else xml


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(plain_sheet())
def test_a_plain_sheet_is_read_as_the_library_reads_it(tmp_path: Path, xml: str) -> None:
    fast, library = both(workbook(tmp_path / "plain.xlsx", xml))
    assert isinstance(library, list)
    rich = "is><r>" in xml or "is><x:r>" in xml
    assert fast == library or (rich and fast == [None])


@pytest.mark.parametrize("prefix", [False, True], ids=["", "with prefix"])
@pytest.mark.parametrize("xml", ODD_SHEETS, ids=range(len(ODD_SHEETS)))
def test_an_odd_sheet_is_left_to_the_library_or_read_alike(tmp_path: Path, xml: str, prefix: bool) -> None:
    fast, library = both(workbook(tmp_path / "odd.xlsx", with_prefix(xml) if prefix else xml))
    assert fast in ([None], library)


def test_shared_texts_may_have_a_prefix_too(tmp_path: Path) -> None:
    xml = f'<worksheet {NAMES}><sheetData><row r="1"><c r="A1" t="s"><v>1</v></c></row></sheetData></worksheet>'
    texts = with_prefix(f"<sst {NAMES}>{''.join(TEXTS)}</sst>")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ExcelReader, "read_strings", _refuse)  # the library's
        fast, _ = both(workbook(tmp_path / "texts.xlsx", with_prefix(xml), texts))
    assert fast[0][1] == [(1, [(str, " two  & ")])]


@pytest.mark.parametrize(
    "odd",
    ["<si><t>a</t></si><si><t>&odd;</t></si>", "<si/>", "<si><t>a</t>", "<t>a</t>", "<!-- </si> --><si><t>a</t></si>"],
)
def test_odd_shared_texts_are_left_to_the_library(tmp_path: Path, odd: str) -> None:
    xml = f'<worksheet {NAMES}><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>'
    path = workbook(tmp_path / "texts.xlsx", xml, f"<sst {NAMES}>{odd}</sst>")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlsx_module, "plain_texts", _refuse)
        _, library = both(path)
    try:
        fast: Any = [_facts(sheet) for sheet in read_workbook(path)]
    except Exception as error:
        fast = type(error)
    assert fast == library


def test_rows_are_the_same_wherever_the_blocks_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>1</v></c><c r="B{n}"><v>{n}</v></c></row><row r="{n + 1}"/>'
        for n in range(1, 9, 2)
    )
    xml = f"<worksheet {NAMES}><sheetData>{rows}</sheetData>{TAILS[1]}</worksheet>"
    path = workbook(tmp_path / "blocks.xlsx", xml)
    _, library = both(path)
    for text in (xml, with_prefix(xml)):
        first = text.index("sheetData>") + len("sheetData>")
        workbook(path, text)
        for block in (*range(first, first + 40), len(text) - 5, len(text)):
            monkeypatch.setattr(plain_parts_module, "BLOCK", block)
            assert both(path)[0] == library


def test_ordinary_workbooks_are_read_fast(tmp_path: Path) -> None:
    write_rows(tmp_path / "input.xlsx", sheets())
    fast, library = both(tmp_path / "input.xlsx")
    assert fast == library
    assert len(fast) == len(sheets())


def test_a_row_without_end_is_left_to_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_parts_module, "BLOCK", 300)
    monkeypatch.setattr(plain_parts_module, "LONGEST", 400)
    cells = "".join(f'<c r="{letter}1"><v>1</v></c>' for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    path = workbook(
        tmp_path / "long.xlsx", f'<worksheet {NAMES}><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    )
    fast, library = both(path)
    assert fast == [None]
    assert len(library[0][1][0][1]) == 26
