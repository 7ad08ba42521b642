"""Pages of blocks as a projector shows them: nothing of students that an agency may not see."""

from collections.abc import Iterable

from allocator.views.blocks import Block, Grid, Heading, Text
from allocator.views.table import CellValue
from api.pages.meeting_view import HIDDEN, shared_text


def in_meeting(blocks: Iterable[Block]) -> list[Block]:
    """Blocks without what an agency may not see.

    Left out are parts and columns whose heading is about nothing else, rows whose first cell is, and parts that say
    that they are for the team.

    Parameters
    ----------
    blocks
        Of a page for the team.
    """
    found: list[Block] = []
    is_shown = True
    for block in blocks:
        if isinstance(block, Heading):
            is_shown = bool(shared_text(block.text)) and not block.text.endswith("for the team")
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
    return not heading or (heading not in HIDDEN and bool(shared_text(heading)))


def _cell(value: CellValue) -> CellValue:
    return shared_text(value) if isinstance(value, str) else value
