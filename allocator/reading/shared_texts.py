"""The shared texts of a workbook, read fast where their XML is as plain as spreadsheet programs write it."""

import re
from typing import IO

from openpyxl.cell.text import Text

from allocator.reading.marks import is_struck
from allocator.reading.plain_parts import LONGEST, NotPlainError, PlainPart, plain_text

_STRING = re.compile(rb"\s*<si><t(?: xml:space=\"preserve\")?>([^<>]+)</t>")


def plain_texts(stream: IO[bytes]) -> tuple[list[str], frozenset[int]]:
    """The shared texts of a workbook, and which of them are struck through in part.

    Parameters
    ----------
    stream
        The part, unpacked.

    Returns
    -------
    tuple
        The texts, and the numbers of those that are struck, as cells count them.

    Raises
    ------
    NotPlainError
        The part is not in the plain form; other errors mean the same, as for :class:`PlainSheet`.
    """
    part = PlainPart(stream, "sst")
    data, texts, struck = part.head[part.begins :], list[str](), set[int]()
    while True:
        *pieces, data = data.split(b"</si>")
        for piece in pieces:
            found = _STRING.fullmatch(piece)
            text = plain_text(found[1]) if found else None
            if text is None:
                element = part.element(piece + b"</si>")
                text = Text.from_tree(element).content  # type: ignore[arg-type, union-attr]
                if b"strike" in piece and is_struck(element):
                    struck.add(len(texts))
            texts.append(text.replace("x005F_", ""))  # as the library does
        block = part.more()
        if not block:
            break
        data += block
        if len(data) > LONGEST:
            raise NotPlainError
    if data.strip() != b"</sst>":
        raise NotPlainError
    return texts, frozenset(struck)
