"""How a page of small tables breaks over sheets of paper."""

from itertools import pairwise

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from allocator.report.page import BROKEN_AT, SHEET_HEIGHT, SMALLER, write_page
from allocator.views.blocks import Block, Grid, Heading, NewPage, Text


def page(*blocks: Block) -> Worksheet:
    sheet = Workbook().active
    assert isinstance(sheet, Worksheet)
    write_page(sheet, blocks)
    return sheet


def table(rows: int) -> Grid:
    return Grid((("Number", 24),), [[n] for n in range(rows)])


def starts(sheet: Worksheet) -> list[int]:
    """The first rows of the sheets of paper but the first."""
    return sorted(b.id + 1 for b in sheet.row_breaks.brk)


# Rows of a table are 15 points, its headings 16, a heading 8 (the gap) and 20.
FULL = int((BROKEN_AT - 16) // 15)


@pytest.mark.parametrize("spare", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("below", [Text("One sentence."), table(40)])
def test_a_heading_stays_with_what_follows(spare: int, below: Block) -> None:
    # The first table leaves room for the heading, and (with 5 rows fewer) for some of what follows.
    sheet = page(table(FULL - spare), Heading("Notice"), below, table(60))
    for row in starts(sheet):
        last = sheet.cell(row=row - 1, column=1).value
        assert last not in {"Notice", "Number", None}


def test_a_table_s_headings_stay_with_two_rows() -> None:
    # 66 points are left: headings and two rows are 46, with the heading 74.
    sheet = page(table(FULL - 4), table(60))
    assert starts(sheet) == [1 + FULL - 4 + 1 + 1 + (BROKEN_AT - 16 - 15 * (FULL - 4) - 16) // 15]
    gap = 1 + FULL - 4 + 1
    assert starts(page(table(FULL - 4), Heading("Notice"), table(60)))[0] == gap


def test_no_sheet_of_paper_is_fuller_than_it_holds() -> None:
    sheet = page(*(block for n in range(30) for block in (Heading(f"Heading {n}"), table(n), Text("Words."))))
    edges = [1, *starts(sheet), sheet.max_row + 1]
    for first, end in pairwise(edges):
        assert sum(sheet.row_dimensions[row].height for row in range(first, end)) <= BROKEN_AT < SHEET_HEIGHT


def test_what_is_on_one_sheet_or_begins_a_new_one_stays_so() -> None:
    one = page(Heading("Notice"), table(int(SHEET_HEIGHT * SMALLER // 15) - 4))
    assert (starts(one), one.page_setup.fitToHeight) == ([], 1)
    assert starts(page(table(3), NewPage(), Heading("Next"), table(3))) == [5]
