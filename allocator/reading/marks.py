"""What a person sees of a sheet that its values do not say: hidden rows and columns, text struck through."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

_HIDDEN = re.compile(rb"\s(?:hidden=[\"'](?:1|true|on)|(?:ht|width)=[\"']0+(?:\.0*)?)[\"']")
"""Hidden by name, or of no height or width."""
_MAY_HIDE = (b"hidden", b'ht="0', b"ht='0", b'width="0', b"width='0")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]*)>")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^<>]*[^<>/])>")
_SPAN = re.compile(rb"\b(min|max)=[\"'](\d+)[\"']")
_NUMBER = re.compile(rb"\sr=[\"'](\d+)[\"']")
_COORDINATE = re.compile(rb"\sr=[\"'][A-Z]+(\d+)[\"']")
_STYLE = re.compile(rb"\ss=[\"'](\d+)[\"']")
_ZEROS = re.compile(r"(?:\"([^\"]*)\"|\\(.))?(0+)")
OWN_FORMATS = 164
"""The number of the first format that is a workbook's own."""
_WIDEST = 1 << 14
"""Columns of a sheet."""


class ShownNumber(int):
    """A whole number whose format shows it with zeros or letters before it; ``shown`` is what a person sees."""

    shown: str

    def __eq__(self, other: object) -> bool:
        return int(self) == other and getattr(other, "shown", self.shown) == self.shown

    def __hash__(self) -> int:
        return int.__hash__(self)


@dataclass(frozen=True, slots=True)
class Marks:
    """Rows as a person counts them, columns from 0.

    Filtered rows, and those of no height, are hidden ones; rows are struck where a cell is.
    """

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck_rows: frozenset[int] = frozenset()


def is_hidden(attributes: bytes) -> bool:
    """Whether the attributes of a row or a column hide it.

    Parameters
    ----------
    attributes
        As they stand in the XML.

    Returns
    -------
    bool
        True where they do.
    """
    return _may_hide(attributes) and _HIDDEN.search(b" " + attributes) is not None


def _may_hide(xml: bytes) -> bool:
    return any(word in xml for word in _MAY_HIDE)


def hidden_columns(xml: bytes) -> frozenset[int]:
    """The hidden columns of a sheet.

    Parameters
    ----------
    xml
        The sheet's part, or what stands before its rows.

    Returns
    -------
    frozenset of int
        From 0.
    """
    found: set[int] = set()
    for attributes in _COLUMN.findall(xml) if _may_hide(xml) else ():
        span = {name: int(number) for name, number in _SPAN.findall(attributes)}
        if is_hidden(attributes) and span:
            first = span.get(b"min", 1)
            found.update(range(first - 1, min(span.get(b"max", first), _WIDEST)))
    return frozenset(found)


def marked_rows(xml: bytes, struck: frozenset[int]) -> tuple[frozenset[int], frozenset[int]]:
    """The hidden rows of a sheet, and those with a cell whose style strikes its text through.

    Parameters
    ----------
    xml
        The sheet's part.
    struck
        Styles that do.

    Returns
    -------
    tuple of frozenset of int
        Hidden rows, struck rows.
    """
    hidden: set[int] = set()
    through: set[int] = set()
    for attributes in _ROW.findall(xml) if _may_hide(xml) else ():
        number = _NUMBER.search(b" " + attributes)
        if number and is_hidden(attributes):
            hidden.add(int(number[1]))
    for attributes in _CELL.findall(xml) if struck else ():
        style, place = style_of(attributes), _COORDINATE.search(attributes)
        if place and style in struck:
            through.add(int(place[1]))
    return frozenset(hidden), frozenset(through)


def style_of(attributes: bytes) -> int:
    """The style of a cell.

    Parameters
    ----------
    attributes
        As they stand in the XML; what follows the cell's tag does no harm.

    Returns
    -------
    int
        0 where none is stated.
    """
    found = _STYLE.search(b" " + attributes.partition(b">")[0])
    return int(found[1]) if found else 0


def struck_styles(fonts: Iterable[Any], styles: Iterable[Any]) -> frozenset[int]:
    """The cell styles whose font is struck through.

    Parameters
    ----------
    fonts, styles
        Of a workbook, as the library holds them.

    Returns
    -------
    frozenset of int
        By their place among the styles.
    """
    through = {n for n, font in enumerate(fonts) if font.strike}
    return frozenset(n for n, style in enumerate(styles) if style.fontId in through) if through else frozenset()


def shown_formats(formats: Sequence[str], styles: Iterable[Any]) -> dict[int, tuple[str, int]]:
    """The cell styles that show whole numbers with zeros or letters before them, such as ``000`` or ``"S"000``.

    Parameters
    ----------
    formats, styles
        A workbook's own number formats and its styles, as the library holds them.

    Returns
    -------
    dict
        Place among the styles to the letters before and the number of digits.
    """
    found: dict[int, tuple[str, int]] = {}
    for place, style in enumerate(styles):
        number = style.numFmtId - OWN_FORMATS
        code = _ZEROS.fullmatch(formats[number].split(";")[0]) if 0 <= number < len(formats) else None
        if code and (len(code[3]) > 1 or code[1] or code[2]):
            found[place] = (code[1] or code[2] or "", len(code[3]))
    return found


def as_shown(value: Any, shown: tuple[str, int] | None) -> Any:
    """A whole number with what a person sees of it; any other value as it is.

    Parameters
    ----------
    value
        Of a cell.
    shown
        What its style says, as in :func:`shown_formats`.

    Returns
    -------
    Any
        A :class:`ShownNumber`, or the value.
    """
    if shown is None or isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or value % 1:
        return value
    number = ShownNumber(value)
    number.shown = f"{shown[0]}{int(value):0{shown[1]}d}"
    return number


def is_struck(text: Element) -> bool:
    """Whether a part of a rich text is struck through.

    Parameters
    ----------
    text
        A shared text.

    Returns
    -------
    bool
        True where a run that is not blank is.
    """
    for run in text:
        pieces = {piece.tag.rpartition("}")[2]: piece for piece in run}
        words = "".join(pieces["t"].itertext()) if "t" in pieces else ""
        for fact in pieces.get("rPr", ()):
            if fact.tag.rpartition("}")[2] == "strike" and fact.get("val", "1") not in {"0", "false"} and words.strip():
                return True
    return False
