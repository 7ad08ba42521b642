"""How the workbooks look: one style for every sheet, tables with frozen headings, pages that print."""

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any, Literal, NamedTuple

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from allocator.report.cells import put
from allocator.views.table import Column, Kind, Table, Tone

INK, PALE_INK, LINE = "1F2933", "5B6770", "C9D1D9"
HEADER_FILL, GROUP_FILL, TITLE_INK = "17405C", "D9E5EE", "17405C"
TONES: dict[Tone, str] = {"plain": "FFFFFF", "good": "E3F1E5", "warn": "FFF1CC", "bad": "F9DCD8", "quiet": "EEF1F4"}
FONT = "Calibri"
CHARACTERS_PER_UNIT = 1.18
"""Average characters at 10 points in a column's unit, a little less than measured."""
TITLE_ROW, NOTE_ROW, GROUP_ROW, HEADER_ROW = 1, 2, 3, 4
_THIN = Side(style="thin", color=LINE)
BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
FontName = Literal["body", "bold", "header", "title", "below", "heading", "text", "banner"]
FONTS: dict[FontName, Font] = {
    "body": Font(name=FONT, size=10, color=INK),
    "bold": Font(name=FONT, size=10, color=INK, bold=True),
    "header": Font(name=FONT, size=10, color="FFFFFF", bold=True),
    "title": Font(name=FONT, size=20, bold=True, color=TITLE_INK),
    "below": Font(name=FONT, size=11, color=PALE_INK),
    "heading": Font(name=FONT, size=13, bold=True, color=TITLE_INK),
    "text": Font(name=FONT, size=10, color=PALE_INK),
    "banner": Font(name=FONT, size=12, bold=True, color=INK),
}
FORMATS: dict[Kind, str] = {"date": "dd mmm yyyy", "whole": "0"}
_WRAP = Alignment(vertical="top", wrap_text=True)
_CENTRE = Alignment(vertical="top", horizontal="center", wrap_text=True)
_ALIGNMENTS: dict[Kind, Alignment] = {
    "text": _WRAP, "date": _CENTRE, "whole": _CENTRE, "centred": _CENTRE,
}  # fmt: skip


class Look(NamedTuple):
    """How a cell looks: font, where text stands, box, colour; a column's kind has all but the colour from its style."""

    font: FontName | None = None
    horizontal: Literal["left", "center"] | None = None
    boxed: bool = True
    colour: str | None = None
    kind: Kind | None = None


HEADER = Look("header", "center", colour=HEADER_FILL)


class Looks:
    """The looks of a sheet's cells, each put together once.

    The library compares every font, border and fill that a cell is given with all that the workbook has, which takes
    most of the time of writing a report; a look that is known is copied.
    """

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._known: dict[Look, StyleArray] = {}

    def give(self, cell: Cell, look: Look) -> None:
        """Let a cell look so; before it gets its value, which may add how a date is written."""
        known = self._known.get(look)
        if known is None:
            known = self._known[look] = self._made(look)
        styled: Any = cell  # the types of the library leave out where a cell keeps its look
        styled._style = copy(known)

    def _made(self, look: Look) -> StyleArray:
        cell = Cell(self._sheet, row=1, column=1)
        if look.kind:
            cell.style = _style_name(look.kind)
        elif look.boxed:
            cell.border = BOX
        if look.font:
            cell.font = FONTS[look.font]
            cell.alignment = Alignment(vertical="center", horizontal=look.horizontal, wrap_text=True)
        if look.colour:
            cell.fill = coloured(look.colour)
        styled: Any = cell
        made: StyleArray = styled._style
        return made


def coloured(colour: str) -> PatternFill:
    """The fill of a colour."""
    return PatternFill("solid", start_color=colour, end_color=colour)


def fill(tone: Tone) -> PatternFill:
    """The fill of a tone."""
    return coloured(TONES[tone])


def write_table(sheet: Worksheet, table: Table) -> int:
    """Write a table into a sheet: title, one sentence, headings (in groups), rows, filter, print set-up.

    Parameters
    ----------
    sheet
        An empty sheet.
    table
        What to write; every row has as many values as there are columns.

    Returns
    -------
    int
        Number of the last row that was written.
    """
    workbook = sheet.parent
    assert isinstance(workbook, Workbook)
    _register_styles(workbook)
    looks = Looks(sheet)
    _titles(sheet, table)
    _headings(sheet, table.columns, looks)
    last = HEADER_ROW + len(table.rows)
    # One style a kind, by name, so that somebody can change it for all.
    of_columns = [Look(kind=c.kind, colour=TONES["warn"] if c.reply else None) for c in table.columns]
    for number, row in enumerate(table.rows, start=HEADER_ROW + 1):
        for position, (look, value) in enumerate(zip(of_columns, row, strict=True), start=1):
            cell = cell_at(sheet, number, position)
            looks.give(cell, look)
            put(cell, value)
        # Spreadsheet programs do not all fit the height of wrapped text when they open a file.
        printed = zip(row[: table.printed], table.columns[: table.printed], strict=True)
        texts = ((v, c.width) for v, c in printed if isinstance(v, str))
        sheet.row_dimensions[number].height = max((height_of(v, w) for v, w in texts), default=height_of("", 1))
    if not table.rows:
        put(cell_at(sheet, HEADER_ROW + 1, 1), table.empty)
        cell_at(sheet, HEADER_ROW + 1, 1).font = Font(name=FONT, size=10, italic=True, color=PALE_INK)
    else:
        sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(table.columns))}{last}"
        _colour(sheet, table, last)
        _choices(sheet, table.columns, last)
    sheet.freeze_panes = f"{get_column_letter(table.keys + 1)}{HEADER_ROW + 1}"
    print_set_up(sheet, paper=table.paper, landscape=True)
    sheet.print_title_rows = f"{GROUP_ROW}:{HEADER_ROW}"
    if table.printed is not None:
        sheet.print_area = f"A1:{get_column_letter(table.printed)}{max(last, HEADER_ROW + 1)}"
    return last


def print_set_up(sheet: Worksheet, *, paper: Literal["A4", "A3"], landscape: bool) -> None:
    """Paper, margins, one page wide, page numbers."""
    setup = sheet.page_setup
    setup.paperSize = 8 if paper == "A3" else 9
    setup.orientation = "landscape" if landscape else "portrait"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.45, 0.65, 0.2, 0.3
    footer = sheet.oddFooter
    assert footer is not None
    assert footer.left is not None
    assert footer.right is not None
    footer.left.text, footer.right.text = "&A", "Page &P of &N"
    sheet.sheet_view.showGridLines = False


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """A cell that is no hidden part of a merged one."""
    cell = sheet.cell(row=row, column=column)
    assert isinstance(cell, Cell)
    return cell


def _titles(sheet: Worksheet, table: Table) -> None:
    put(cell_at(sheet, TITLE_ROW, 1), table.title)
    cell_at(sheet, TITLE_ROW, 1).font = Font(name=FONT, size=16, bold=True, color=TITLE_INK)
    put(cell_at(sheet, NOTE_ROW, 1), table.note)
    cell_at(sheet, NOTE_ROW, 1).font = Font(name=FONT, size=10, color=PALE_INK)
    sheet.row_dimensions[TITLE_ROW].height = 24
    sheet.row_dimensions[NOTE_ROW].height = 16


def _headings(sheet: Worksheet, columns: Sequence[Column], looks: Looks) -> None:
    for position, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = column.width
        cell = cell_at(sheet, HEADER_ROW, position)
        looks.give(cell, HEADER)
        put(cell, column.title)
    lines = max(lines_of(c.title, c.width) for c in columns)
    sheet.row_dimensions[HEADER_ROW].height = 6 + 14 * lines
    for first, last, title in _groups(columns):
        cell = cell_at(sheet, GROUP_ROW, first)
        put(cell, title)
        for position in range(first, last + 1):
            part = cell_at(sheet, GROUP_ROW, position)
            part.fill = coloured(GROUP_FILL)
            part.font = FONTS["bold"]
            part.border = Border(left=Side(style="medium", color="FFFFFF")) if position == first else Border()
        sheet.row_dimensions[GROUP_ROW].height = 16


def _groups(columns: Sequence[Column]) -> Iterable[tuple[int, int, str]]:
    start = 1
    for position, column in enumerate(columns, start=1):
        last = position == len(columns) or columns[position].group != column.group
        if last and column.group:
            yield start, position, column.group
        if last:
            start = position + 1


def _choices(sheet: Worksheet, columns: Sequence[Column], last: int) -> None:
    """Drop-downs; longer lists than a cell's rule holds (255 characters) are left to typing."""
    for position, column in enumerate(columns, start=1):
        quoted = ",".join(word.replace(",", " ").replace('"', "'") for word in column.choices)
        if quoted and len(quoted) <= 255:
            rule = DataValidation(type="list", formula1=f'"{quoted}"', allow_blank=True, showErrorMessage=True)
            rule.add(f"{get_column_letter(position)}{HEADER_ROW + 1}:{get_column_letter(position)}{last}")
            sheet.add_data_validation(rule)


def _style_name(kind: Kind) -> str:
    return f"Placements {kind}"


def _register_styles(workbook: Workbook) -> None:
    for kind, alignment in _ALIGNMENTS.items():
        if _style_name(kind) not in workbook.named_styles:
            style = NamedStyle(_style_name(kind), font=FONTS["body"], border=BOX, alignment=alignment)
            style.number_format = FORMATS.get(kind, "General")
            workbook.add_named_style(style)


def _colour(sheet: Worksheet, table: Table, last: int) -> None:
    """Colour keys and word by a rule on the word, so that sorting and typing over keep it right."""
    titles = [c.title for c in table.columns]
    for title, number in table.above:
        letter = get_column_letter(titles.index(title) + 1)
        dxf = DifferentialStyle(fill=fill("warn"))
        rule = Rule(type="cellIs", operator="greaterThan", formula=[str(number)], dxf=dxf)
        sheet.conditional_formatting.add(f"{letter}{HEADER_ROW + 1}:{letter}{last}", rule)
    if table.tone_column is None:
        return
    letter = get_column_letter(titles.index(table.tone_column) + 1)
    first = HEADER_ROW + 1
    area = f"A{first}:{get_column_letter(table.keys)}{last} {letter}{first}:{letter}{last}"
    for word, tone in table.tones:
        formula = f'LEFT(${letter}{first},{len(word)})="{word}"'
        sheet.conditional_formatting.add(
            area, Rule(type="expression", formula=[formula], dxf=DifferentialStyle(fill=fill(tone)), stopIfTrue=True)
        )


def height_of(text: str, width: float, size: float = 10) -> float:
    """Height in points of wrapped text in a column.

    Parameters
    ----------
    text
        The text; long words are broken.
    width
        Width of the column, in the spreadsheet's character units (at 11 points).
    size
        Size of the font in points.
    """
    return lines_of(text, width * CHARACTERS_PER_UNIT * 10 / size) * size * 1.3 + 3


def lines_of(text: str, width: float) -> int:
    """Lines that wrapped text takes in a width of so many characters, word by word."""
    lines = 0
    for part in text.split("\n"):
        used = 0.0
        lines += 1
        for word in part.split(" "):
            if used and used + 1 + len(word) > width:
                lines, used = lines + 1, 0.0
            used += len(word) + (1 if used else 0)
            while used > width:
                lines, used = lines + 1, used - width
    return lines
