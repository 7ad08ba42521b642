"""A page of several small tables on one sheet, for the front page and for an agency's instructions."""

from collections.abc import Sequence

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from allocator.report.cells import put
from allocator.report.layout import (
    BODY,
    BOLD,
    BOX,
    FONT,
    HEADER_FILL,
    HEADER_FONT,
    PALE_INK,
    TITLE_INK,
    cell_at,
    fill,
    height_of,
    print_set_up,
)
from allocator.views.table import CellValue, Tone

GRID = 24
"""Columns of the page; a table's columns span several of them."""
GRID_WIDTH = 5.6


class Page:
    """A sheet that is filled from the top, block by block.

    Parameters
    ----------
    sheet
        An empty sheet.
    """

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._row = 1
        for column in range(1, GRID + 1):
            sheet.column_dimensions[get_column_letter(column)].width = GRID_WIDTH
        print_set_up(sheet, paper="A4", landscape=False, pages_wide=1)

    def title(self, text: str, below: str) -> None:
        """The page's title and a line below it."""
        self._line(text, Font(name=FONT, size=20, bold=True, color=TITLE_INK), 30)
        self._line(below, Font(name=FONT, size=11, color=PALE_INK), 18)

    def heading(self, text: str) -> None:
        """A heading, after a gap."""
        self._sheet.row_dimensions[self._row].height = 8
        self._row += 1
        self._line(text, Font(name=FONT, size=13, bold=True, color=TITLE_INK), 20)

    def text(self, text: str) -> None:
        """A paragraph over the page's width."""
        font = Font(name=FONT, size=10, color=PALE_INK)
        self._line(text, font, height_of(text, GRID * GRID_WIDTH))

    def banner(self, text: str, tone: Tone) -> None:
        """A sentence on a coloured ground; the words carry the meaning, the colour helps."""
        self._sheet.row_dimensions[self._row].height = height_of(text, GRID * GRID_WIDTH * 0.95, 12) + 6
        self._span(1, GRID, text, Font(name=FONT, size=12, bold=True, color="1F2933"), tone)
        self._row += 1

    def table(
        self,
        headings: Sequence[tuple[str, int]],
        rows: Sequence[Sequence[CellValue]],
        *,
        total: bool = False,
        tones: Sequence[Tone] = (),
    ) -> None:
        """A small table.

        Parameters
        ----------
        headings
            Heading and width of each column, in grid columns.
        rows
            As many values as headings in each.
        total
            Whether the last row is a total.
        tones
            A tone for each row; plain where it is left out.
        """
        self._headings(headings)
        for number, row in enumerate(rows):
            bold = total and number == len(rows) - 1
            height, start = 15.0, 1
            for (_, width), value in zip(headings, row, strict=True):
                tone: Tone = "quiet" if bold else tones[number] if number < len(tones) else "plain"
                self._span(start, start + width - 1, value, BOLD if bold else BODY, tone)
                if isinstance(value, str):
                    height = max(height, height_of(value, width * GRID_WIDTH))
                start += width
            self._sheet.row_dimensions[self._row].height = height
            self._row += 1

    def blank_fields(self, labels: Sequence[str]) -> None:
        """Labels with room to write by hand, side by side."""
        width = GRID // len(labels)
        for number, label in enumerate(labels):
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
