"""Writes a page of several small tables on one sheet."""

from collections.abc import Iterable, Sequence

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from allocator.report.cells import put
from allocator.report.layout import (
    BODY,
    BOLD,
    BOX,
    FONT,
    HEADER_FILL,
    HEADER_FONT,
    INK,
    PALE_INK,
    TITLE_INK,
    cell_at,
    fill,
    height_of,
    print_set_up,
)
from allocator.views.blocks import GRID, Banner, Block, Fields, Grid, Heading, NewPage, Text, Title
from allocator.views.table import CellValue, Tone

GRID_WIDTH = 5.6
SHEET_HEIGHT = 1120
"""Points of rows that go on a sheet of A4 where the columns fill its width (763 points of paper, at 68%)."""
BROKEN_AT = 1060
"""Points after which a page that takes several sheets is broken: a little before the paper is."""
TOGETHER = 2
"""Rows of a table that stay with its headings."""
SMALLER = 1.3
"""So much more than a sheet is still printed on one: letters of 5 points."""


def write_page(sheet: Worksheet, blocks: Iterable[Block]) -> None:
    """Fill a sheet from the top, block by block.

    Parameters
    ----------
    sheet
        An empty sheet.
    blocks
        What to write.
    """
    page = _Page(sheet)
    for block in blocks:
        match block:
            case Title():
                page.title(block)
            case Heading():
                page.heading(block)
            case Text():
                page.text(block)
            case Banner():
                page.banner(block)
            case Fields():
                page.fields(block)
            case NewPage():
                page.new_page()
            case Grid():
                page.grid(block)
    page.on_paper()


class _Page:
    """The sheet, and the row that is next."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._row = 1
        self._whole: dict[int, int] = {}  # first row to last row of what is not torn apart
        self._heading: int | None = None
        for column in range(1, GRID + 1):
            sheet.column_dimensions[get_column_letter(column)].width = GRID_WIDTH
        print_set_up(sheet, paper="A4", landscape=False)

    def on_paper(self) -> None:
        """Print on one sheet of paper, where it can be read so: a little smaller, if it has to be; else on several."""
        height = sum(d.height or 15 for d in self._sheet.row_dimensions.values())
        if not self._sheet.row_breaks.brk and height <= SHEET_HEIGHT * SMALLER:
            self._sheet.page_setup.fitToHeight = 1
            return
        new = {b.id + 1 for b in self._sheet.row_breaks.brk}
        filled, covered = 0.0, 0
        for row in range(1, self._row):
            if row in new:
                filled, covered = 0.0, row - 1
            if row > covered:
                # A heading stays with what follows it: the rows that are not torn apart count as one.
                covered = self._whole.get(row, row)
                rows = self._height(row, covered)
                if filled and filled + rows > BROKEN_AT:
                    self._sheet.row_breaks.append(Break(id=row - 1))
                    filled = 0.0
                filled += rows

    def _height(self, first: int, last: int) -> float:
        return sum(self._sheet.row_dimensions[row].height or 15 for row in range(first, last + 1))

    def _keep(self, first: int, last: int) -> None:
        """Print rows on one sheet of paper, with the heading above them if there is one."""
        self._whole[first if self._heading is None else self._heading] = last
        self._heading = None

    def title(self, block: Title) -> None:
        self._line(block.text, Font(name=FONT, size=20, bold=True, color=TITLE_INK), 30)
        self._line(block.below, Font(name=FONT, size=11, color=PALE_INK), 18)

    def heading(self, block: Heading) -> None:
        self._heading = self._heading or self._row
        self._sheet.row_dimensions[self._row].height = 8
        self._row += 1
        self._line(block.text, Font(name=FONT, size=13, bold=True, color=TITLE_INK), 20)

    def text(self, block: Text) -> None:
        font = Font(name=FONT, size=10, color=PALE_INK)
        self._keep(self._row, self._row)
        self._line(block.text, font, height_of(block.text, GRID * GRID_WIDTH))

    def banner(self, block: Banner) -> None:
        self._sheet.row_dimensions[self._row].height = height_of(block.text, GRID * GRID_WIDTH * 0.95, 12) + 6
        self._keep(self._row, self._row)
        self._span(1, GRID, block.text, Font(name=FONT, size=12, bold=True, color=INK), block.tone)
        self._row += 1

    def new_page(self) -> None:
        self._heading = None
        self._sheet.row_breaks.append(Break(id=self._row - 1))

    def grid(self, block: Grid) -> None:
        self._keep(self._row, self._row + min(len(block.rows), TOGETHER))
        self._headings(block.headings)
        for number, row in enumerate(block.rows):
            bold = block.total and number == len(block.rows) - 1
            height, start = 15.0, 1
            for (_, width), value in zip(block.headings, row, strict=True):
                tone: Tone = "quiet" if bold else block.tones[number] if number < len(block.tones) else "plain"
                self._span(start, start + width - 1, value, BOLD if bold else BODY, tone)
                if isinstance(value, str):
                    height = max(height, height_of(value, width * GRID_WIDTH))
                start += width
            self._sheet.row_dimensions[self._row].height = height
            self._row += 1

    def fields(self, block: Fields) -> None:
        self._keep(self._row, self._row)
        width = GRID // len(block.labels)
        for number, label in enumerate(block.labels):
            self._span(1 + number * width, width * (number + 1), f"{label}:", BODY, "plain")
        self._sheet.row_dimensions[self._row].height = 24
        self._row += 1

    def _headings(self, headings: Sequence[tuple[str, int]]) -> None:
        start, height = 1, 16.0
        for text, width in headings:
            self._span(start, start + width - 1, text, HEADER_FONT, "plain")
            for column in range(start, start + width):
                cell = self._sheet.cell(row=self._row, column=column)
                cell.fill = PatternFill("solid", start_color=HEADER_FILL, end_color=HEADER_FILL)
            height = max(height, height_of(text, width * GRID_WIDTH * 0.9))
            start += width
        self._sheet.row_dimensions[self._row].height = height
        self._row += 1

    def _span(self, first: int, last: int, value: CellValue, font: Font, tone: Tone) -> None:
        cell = cell_at(self._sheet, self._row, first)
        put(cell, value)
        if last > first:
            self._sheet.merge_cells(start_row=self._row, end_row=self._row, start_column=first, end_column=last)
        numeric = isinstance(value, int | float)
        cell.alignment = Alignment(vertical="center", horizontal="center" if numeric else "left", wrap_text=True)
        cell.font = font
        for column in range(first, last + 1):
            part = self._sheet.cell(row=self._row, column=column)
            part.border = BOX
            if tone != "plain":
                part.fill = fill(tone)

    def _line(self, text: str, font: Font, height: float) -> None:
        cell = cell_at(self._sheet, self._row, 1)
        put(cell, text)
        cell.font = font
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        self._sheet.merge_cells(start_row=self._row, end_row=self._row, start_column=1, end_column=GRID)
        self._sheet.row_dimensions[self._row].height = height
        self._row += 1
