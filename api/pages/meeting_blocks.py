"""Pages of blocks as a projector shows them: nothing of students that an agency may not see."""

from collections.abc import Iterable

from allocator.views.blocks import Block, Grid, Text
from allocator.views.table import CellValue
from api.pages.meeting_view import shared_text


def in_meeting(blocks: Iterable[Block]) -> list[Block]:
    """Blocks without what an agency may not see; a row whose first cell says nothing else is left out.

    Parameters
    ----------
    blocks
        Of a page for the team.
    """
    return [shown for block in blocks if (shown := _shown(block)) is not None]


def _shown(block: Block) -> Block | None:
    if isinstance(block, Text):
        text = shared_text(block.text)
        return Text(text) if text else None
    if not isinstance(block, Grid):
        return block
    kept = [(n, [_cell(value) for value in row]) for n, row in enumerate(block.rows)]
    kept = [(n, row) for n, row in kept if row[0] != "" or block.rows[n][0] in ("", None)]
    tones = [block.tones[n] for n, _ in kept if n < len(block.tones)]
    return block._replace(rows=[row for _, row in kept], tones=tones) if kept else None


def _cell(value: CellValue) -> CellValue:
    return shared_text(value) if isinstance(value, str) else value
