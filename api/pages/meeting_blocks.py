"""Pages of blocks as a projector shows them: nothing of students that an agency may not see."""

from collections.abc import Iterable

from allocator.views.blocks import Block, Grid, Heading, Text
from allocator.views.shared_tables import PRIVATE
from allocator.views.table import CellValue
from api.pages.meeting_view import shared_text

PARTS = (
    "BA, MSW and others", "Step Up, apart", "Apprentices, apart",
    "Measures of the partnership's own", "Independent PEs by definition", "Notice (M04)", "Placements of the year",
    "Front-line teams", "Not placed", "Provisional", "Later tranches", "Requests by programme", "Places offered",
    "PEs by stage", "Agencies not heard from", "Monitored figures", "Finals that rest on trainees",
    "Practice assessors with more at once", "Where former students work", "Newly qualified posts", "Internships",
    "Placements against the fair share", "Placements that begin", "Practice educators", "Posts and meetings",
    "Who qualifies when", "Who needs a student by when", "Who assesses whom", "What each tranche has",
)  # fmt: skip
"""Beginnings of headings of parts that agencies may see."""


def in_meeting(blocks: Iterable[Block]) -> list[Block]:
    """Blocks without what an agency may not see.

    Left out are parts that are not listed as open, and of the others columns whose heading is about nothing else, and
    rows whose first cell is.

    Parameters
    ----------
    blocks
        Of a page for the team.
    """
    found: list[Block] = []
    is_shown = True
    for block in blocks:
        if isinstance(block, Heading):
            is_shown = block.text.startswith(PARTS) and bool(shared_text(block.text))
        if is_shown and (shown := _shown(block)) is not None:
            found.append(shown)
    return found


def _shown(block: Block) -> Block | None:
    if isinstance(block, Text):
        text = shared_text(block.text)
        return Text(text) if text else None
    return _grid(block) if isinstance(block, Grid) else block


def _grid(grid: Grid) -> Grid | None:
    columns = [n for n, (heading, _) in enumerate(grid.headings) if _is_for_all(heading)]
    rows = [n for n, row in enumerate(grid.rows) if row[0] in ("", None) or _cell(row[0]) != ""]
    if not columns or not rows:
        return None
    return grid._replace(
        headings=[grid.headings[n] for n in columns],
        rows=[[_cell(grid.rows[n][c]) for c in columns] for n in rows],
        tones=tuple(grid.tones[n] for n in rows if n < len(grid.tones)),
    )


def _is_for_all(heading: str) -> bool:
    return not heading or (heading not in PRIVATE and bool(shared_text(heading)))


def _cell(value: CellValue) -> CellValue:
    return shared_text(value) if isinstance(value, str) else value
