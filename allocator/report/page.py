"""Writes a page of several small tables on one sheet."""

from collections.abc import Iterable, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from allocator.report.cells import put
from allocator.report.layout import HEADER, TONES, FontName, Look, Looks, cell_at, height_of, print_set_up
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
        self._looks = Looks(sheet)
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
        self._line(block.text, "title", 30)
        self._line(block.below, "below", 18)

    def heading(self, block: Heading) -> None:
        self._heading = self._heading or self._row
        self._sheet.row_dimensions[self._row].height = 8
        self._row += 1
        self._line(block.text, "heading", 20)

    def text(self, block: Text) -> None:
        self._keep(self._row, self._row)
        self._line(block.text, "text", height_of(block.text, GRID * GRID_WIDTH))

    def banner(self, block: Banner) -> None:
        self._sheet.row_dimensions[self._row].height = height_of(block.text, GRID * GRID_WIDTH * 0.95, 12) + 6
        self._keep(self._row, self._row)
        self._span(1, GRID, block.text, _look("banner", block.text, block.tone))
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
                self._span(start, start + width - 1, value, _look("bold" if bold else "body", value, tone))
                if isinstance(value, str):
                    height = max(height, height_of(value, width * GRID_WIDTH))
                start += width
            self._sheet.row_dimensions[self._row].height = height
            self._row += 1

    def fields(self, block: Fields) -> None:
        self._keep(self._row, self._row)
        width = GRID // len(block.labels)
        for number, label in enumerate(block.labels):
            self._span(1 + number * width, width * (number + 1), f"{label}:", _look("body", label, "plain"))
        self._sheet.row_dimensions[self._row].height = 24
        self._row += 1

    def _headings(self, headings: Sequence[tuple[str, int]]) -> None:
        start, height = 1, 16.0
        for text, width in headings:
            self._span(start, start + width - 1, text, HEADER._replace(horizontal="left"))
            height = max(height, height_of(text, width * GRID_WIDTH * 0.9))
            start += width
        self._sheet.row_dimensions[self._row].height = height
        self._row += 1

    def _span(self, first: int, last: int, value: CellValue, look: Look) -> None:
        beside = Look(colour=look.colour)
        for column in range(first, last + 1):
            self._looks.give(cell_at(self._sheet, self._row, column), look if column == first else beside)
        put(cell_at(self._sheet, self._row, first), value)
        self._merge(first, last)

    def _line(self, text: str, font: FontName, height: float) -> None:
        cell = cell_at(self._sheet, self._row, 1)
        self._looks.give(cell, Look(font, boxed=False))
        put(cell, text)
        self._merge(1, GRID)
        self._sheet.row_dimensions[self._row].height = height
        self._row += 1

    def _merge(self, first: int, last: int) -> None:
        """Make cells of the row one; the library's own way compares it with all that were merged before."""
        if last > first:
            area = CellRange(min_row=self._row, max_row=self._row, min_col=first, max_col=last)
            self._sheet.merged_cells.ranges.add(area)


def _look(font: FontName, value: CellValue, tone: Tone) -> Look:
    """Numbers stand in the middle, text on the left."""
    colour = None if tone == "plain" else TONES[tone]
    return Look(font, "center" if isinstance(value, int | float) else "left", colour=colour)
