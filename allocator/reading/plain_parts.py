"""Sheets of a workbook, read fast where their XML is as plain as spreadsheet programs write it.

The workbook library makes a tree of elements of every cell, which takes minutes for a sheet of three million. But
cells with the same XML hold the same value, and most texts stand in many cells. So here the XML is cut into rows and
cells by patterns that match nothing but the plain form, and the value of each text is worked out once: of texts and
numbers here, of everything else (dates, booleans, rich text) by the library. A part that does not have the plain form
raises :class:`NotPlainError`; then the library reads all of it, and what the library says counts.
"""

import re
from array import array
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import IO, Any
from xml.etree.ElementTree import Element, fromstring
from xml.sax.saxutils import unescape

from openpyxl.utils import column_index_from_string
from openpyxl.worksheet._reader import CELL_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

from allocator.reading.marks import as_shown, is_hidden, is_struck, style_of

BLOCK = 1 << 20
"""Bytes that are unpacked at a time."""
LONGEST = 1 << 26
"""Bytes without the end of a row (or a text) beyond which a part is not plain."""
_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]*\?>\s*)?(<([a-zA-Z]\w*:)?[a-zA-Z]+[^<>]*[^<>/]>)")
_WITHOUT_PREFIX = re.compile(rb"</?[a-zA-Z]\w*[^\w:]")
_OTHER_ENCODING = re.compile(rb"encoding=[\"'](?!utf-8[\"'])", re.IGNORECASE)
_DATA = re.compile(rb"<sheetData\s*(/?)>")
_DATA_ENDS = b"</sheetData>"
_ROW = re.compile(rb"\s*<row r=\"([0-9]{1,9})\"([^<>]*)>")
_BLANK_ROW = re.compile(rb"\s*<row r=\"([0-9]{1,9})\"([^<>]*)/>")
_VALUE = rb"<v>[^<>]*</v>|<is><t(?: xml:space=\"preserve\")?>[^<>]*</t></is>"
_ODD = rb"(\s*\S[\s\S]*)"  # the rest of a row where it is not plain
_CELL = b'<c r="'
_FORMULA_CELL = re.compile(
    rb"\s*(<c r=\"([A-Z]{1,3})([0-9]+)\"([^<>/]*)"
    rb"(?:/>|>((?:<f([^<>/]*)(?:/>|>([^<>]*)</f>))?)(" + _VALUE + rb")?</c>))|" + _ODD
)  # fmt: skip
_SIMPLE = re.compile(
    rb"(?: s=\"([0-9]+)\")?(?: t=\"(s|str|e|n|inlineStr)\")?(?: s=\"([0-9]+)\")?>"
    rb"(?:<v>([^<>]+)</v>|<is><t(?: xml:space=\"preserve\")?>([^<>]+)</t></is>)</c>\s*"
)  # fmt: skip
# Entities other than the five of XML; what no XML may hold, or what reading it changes (line ends).
_NOT_SIMPLE = re.compile("&(?!amp;|lt;|gt;|quot;|apos;)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SHARED = re.compile(rb"[^>]*\bt=\"s\"[^>]*>.*?<v>([0-9]+)</v>", re.DOTALL)
_VALUES = (b"<v>", b"<is>")
_ENTITIES = {"&quot;": '"', "&apos;": "'"}


class Formulas:
    """Where formulas stand: rows by column (from 0), of those with a computed value and of those without."""

    def __init__(self) -> None:
        self.computed: defaultdict[int, array[int]] = defaultdict(lambda: array("l"))
        self.uncomputed: defaultdict[int, array[int]] = defaultdict(lambda: array("l"))

    def add(self, row: int, column: int, computed: bool) -> None:
        """Note a cell.

        Parameters
        ----------
        row, column
            The row from 1, the column from 0.
        computed
            Whether it holds a computed value.
        """
        (self.computed if computed else self.uncomputed)[column].append(row)


class NotPlainError(Exception):
    """A part is not in the plain form; the library has to read it."""


def plain_text(raw: bytes) -> str | None:
    """The text of an element's contents.

    Parameters
    ----------
    raw
        As it stands in the XML.

    Returns
    -------
    str or None
        None where that takes a parser of XML.
    """
    text = raw.decode()
    if _NOT_SIMPLE.search(text):
        return None
    return unescape(text, _ENTITIES) if "&" in text else text


class PlainPart:
    """A part of the package, unpacked block by block; pieces of its XML are parsed under the names of its root."""

    def __init__(self, stream: IO[bytes], root: str) -> None:
        self._stream = stream
        self._held, self._prefix = b"", b""
        head = stream.read(BLOCK)
        found = _START.match(head)
        if not found or _OTHER_ENCODING.search(head, 0, found.start(1)):
            raise NotPlainError
        self._opening, self._closing = found[1], f"</{root}>".encode()
        if found[2]:
            # Some writers give every element a prefix (x:row); without it the part is as any other.
            self._prefix = found[2]
            self._opening = found[1].replace(self._prefix, b"", 1).replace(b"xmlns:" + found[2][:-1], b"xmlns", 1)
        if fromstring(self._opening + self._closing).tag != f"{{{SHEET_MAIN_NS}}}{root}":
            raise NotPlainError
        self.head = self._opening + self._without_prefix(head[found.end() :])
        self.begins = len(self._opening)

    def more(self) -> bytes:
        """The next block, empty at the end."""
        block = self._stream.read(BLOCK)
        if self._held and not block:
            raise NotPlainError
        return self._without_prefix(block)

    def _without_prefix(self, block: bytes) -> bytes:
        """A block without the prefix of the root; a tag that goes on in the next block is held back until then."""
        if not self._prefix:
            return block
        block = self._held + block
        end = block.rfind(b"<") if block.rfind(b"<") > block.rfind(b">") else len(block)
        block, self._held = block[:end], block[end:]
        if _WITHOUT_PREFIX.search(block):
            raise NotPlainError
        return block.replace(b"<" + self._prefix, b"<").replace(b"</" + self._prefix, b"</")

    def element(self, xml: bytes) -> Element:
        """The only element of a piece of XML."""
        (element,) = fromstring(self._opening + xml + self._closing)
        return element


class _Values(dict[bytes, Any]):
    """What cells hold, by all of their XML that follows the coordinate; ``struck``: of text struck through."""

    def __init__(
        self, part: PlainPart, cells: WorkSheetParser, styles: frozenset[int], texts: frozenset[int],
        shown: Mapping[int, tuple[str, int]],
    ) -> None:  # fmt: skip
        super().__init__()
        self._part, self._cells = part, cells
        self._styles, self._texts, self._shown = styles, texts, shown
        self.struck: set[bytes] = set()
        if part.element(b"<c/>").tag != CELL_TAG:
            raise NotPlainError

    def __missing__(self, xml: bytes) -> Any:
        value = self[xml] = as_shown(self._read(xml), self._shown.get(style_of(xml)) if self._shown else None)
        if value is not None and self._is_struck(xml):
            self.struck.add(xml)
        return value

    def _is_struck(self, xml: bytes) -> bool:
        if b"strike" in xml and b"<is>" in xml:
            return is_struck(self._part.element(_CELL + b'A1"' + xml)[0])
        shared = _SHARED.match(xml) if self._texts else None
        return style_of(xml) in self._styles or (shared is not None and int(shared[1]) in self._texts)

    def _read(self, xml: bytes) -> Any:
        found = _SIMPLE.fullmatch(xml)
        if found and not (found[1] and found[3]):
            style, kind, value, inline = found[1] or found[3], found[2], found[4], found[5]
            if kind == b"s" and value and value.isdigit():
                return self._cells.shared_strings[int(value)]
            if (kind == b"inlineStr" and inline) or (kind in {b"str", b"e"} and value):
                text = plain_text(inline or value)
                if text is not None:
                    return text
            if kind in {None, b"n"} and value and int(style or 0) not in self._cells.date_formats:
                number = value.decode()
                return float(number) if set(number) & {".", "E", "e"} else int(number)
        return self._cells.parse_cell(self._part.element(_CELL + b'A1"' + xml))["value"]


class _Columns(dict[bytes, int]):
    """Numbers of columns, from 1, by their letters."""

    def __missing__(self, letters: bytes) -> int:
        number = self[letters] = column_index_from_string(letters.decode())
        return number


class PlainSheet:
    """A worksheet in the plain form.

    Parameters
    ----------
    stream
        The part, unpacked.
    cells
        The library's reader of cells, which knows the shared texts and the formats of dates.
    is_computed
        Whether the XML of a cell with a formula holds a computed value.
    styles, texts
        Cell styles and shared texts that are struck through.
    shown
        Cell styles that show numbers with zeros or letters before them.

    Attributes
    ----------
    formulas, hidden, struck
        Where formulas stand, hidden rows and rows with struck-through text, among what was read so far.
    has_more
        Whether values stand in what :meth:`around` skipped.

    Raises
    ------
    NotPlainError
        The part is not in the plain form. What a damaged part raises is not told apart: here as in the methods, any
        error means that the library has to read it.
    """

    def __init__(
        self, stream: IO[bytes], cells: WorkSheetParser, is_computed: Callable[[bytes], bool],
        styles: frozenset[int] = frozenset(), texts: frozenset[int] = frozenset(),
        shown: Mapping[int, tuple[str, int]] | None = None,
    ) -> None:  # fmt: skip
        self._part = part = PlainPart(stream, "worksheet")
        found = _DATA.search(part.head)
        if not found:
            raise NotPlainError
        self._head, self._buffer = part.head[: found.start()], part.head[found.end() :]
        self._searched, self._ended = 0, bool(found[1])
        self._left: deque[bytes] = deque()
        self._rest = b""
        self._values, self._columns = _Values(part, cells, styles, texts, shown or {}), _Columns()
        self._attributes: set[tuple[bytes, bytes]] = set()
        self._is_computed = is_computed
        self._last = 0
        self.formulas = Formulas()
        self.hidden: set[int] = set()
        self.struck: set[int] = set()
        self.has_more = False
        _judge(self._head + b"<sheetData/></worksheet>")

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """The rows that the part has, less blank cells at their ends.

        Yields
        ------
        tuple
            Number and cells; numbers rise.
        """
        while not self._ended:
            *closed, self._rest = self._next().split(b"</row>")
            self._left.extend(closed)
            while self._left:
                piece = self._left.popleft()
                blank, start = self._blank_rows(piece)
                yield from blank
                row = _ROW.match(piece, start)
                if not row:
                    raise NotPlainError
                yield self._number(row), self._cells(piece, row.end())
            blank, start = self._blank_rows(self._rest)
            yield from blank
            rest, self._rest = self._rest[start:], b""
            if not self._ended:
                self._keep(rest)
            elif rest.strip():
                raise NotPlainError

    def around(self, judged: bool) -> bytes:
        """Unpack what is left of the part.

        Parameters
        ----------
        judged
            Whether the library is to look at what follows the rows, as it does once it has read them all.

        Returns
        -------
        bytes
            The part's XML without its rows.
        """
        self.has_more = any(value in piece for piece in (*self._left, self._rest) for value in _VALUES)
        if self._left and not self._ended:
            self._keep(self._rest)
        while not self._ended:
            skipped = self._next()
            self.has_more = self.has_more or any(value in skipped for value in _VALUES)
            if not self._ended:
                self._keep(skipped[-len(_DATA_ENDS) :])
        blocks = [self._head, b"<sheetData/>", self._buffer]
        while block := self._part.more():
            blocks.append(block)
        xml = b"".join(blocks)
        if judged:
            _judge(xml)
        return xml

    def _next(self) -> bytes:
        """The next block behind what is left of the last, up to the end of the rows; what follows them is left."""
        block = self._part.more()
        data = self._buffer + block
        end = data.find(_DATA_ENDS, self._searched)
        if end < 0 and (not block or len(data) > LONGEST):
            raise NotPlainError
        self._ended = end >= 0
        if self._ended:
            self._buffer = data[end + len(_DATA_ENDS) :]
        return data[:end] if self._ended else data

    def _keep(self, rest: bytes) -> None:
        """Put what is left of a block, in which the rows do not end, before the next one."""
        self._buffer = rest
        self._searched = max(0, len(rest) - len(_DATA_ENDS) + 1)

    def _blank_rows(self, piece: bytes) -> tuple[list[tuple[int, list[Any]]], int]:
        """The rows without cells with which a piece begins, and where the last of them ends."""
        rows: list[tuple[int, list[Any]]] = []
        end = 0
        while row := _BLANK_ROW.match(piece, end):
            rows.append((self._number(row), []))
            end = row.end()
        return rows, end

    def _number(self, row: re.Match[bytes]) -> int:
        self._well_formed(b'row r="1"', row[2])
        number = int(row[1])
        if number <= self._last:
            raise NotPlainError
        self._last = number
        if is_hidden(row[2]):
            self.hidden.add(number)
        return number

    def _well_formed(self, start: bytes, attributes: bytes) -> None:
        if (start, attributes) not in self._attributes:
            self._part.element(b"<" + start + attributes + b"/>")
            self._attributes.add((start, attributes))

    def _cells(self, piece: bytes, start: int) -> list[Any]:
        if piece.find(b"<f", start) >= 0:
            return self._cells_with_formulas(piece, start)
        columns, values, digits = self._columns, self._values, -len(str(self._last))
        before, *texts = piece[start:].split(_CELL)
        if before.strip():
            raise NotPlainError
        cells: list[Any] = []
        last = 0
        for text in texts:
            coordinate, _, xml = text.partition(b'"')
            column = columns[coordinate[:digits]]
            if column <= last:
                raise NotPlainError
            last = column
            value = values[xml]
            if value is not None:
                if values.struck and xml in values.struck:
                    self.struck.add(self._last)
                if column - 1 > len(cells):
                    cells.extend([None] * (column - 1 - len(cells)))
                cells.append(value)
        return cells

    def _cells_with_formulas(self, piece: bytes, start: int) -> list[Any]:
        cells: list[Any] = []
        last = 0
        for found in _FORMULA_CELL.findall(piece, start):
            xml, letters, row, attributes, has_formula, of_formula, formula, value, odd = found
            if odd or int(row) != self._last:
                raise NotPlainError
            column = self._columns[letters]
            if column <= last:
                raise NotPlainError
            last = column
            if has_formula:
                self._well_formed(b"f", of_formula)
                if plain_text(formula) is None:
                    self._part.element(b"<f>" + formula + b"</f>")
                self.formulas.add(self._last, column - 1, self._is_computed(xml))
            key = attributes + b">" + value + b"</c>"
            content = self._values[key]
            if content is not None:
                if key in self._values.struck:
                    self.struck.add(self._last)
                cells.extend([None] * (column - 1 - len(cells)))
                cells.append(content)
        return cells


def _judge(xml: bytes) -> None:
    """Let the library look at what stands around the rows: what it refuses there it is to refuse."""
    WorkSheetParser(BytesIO(xml), []).parse_dimensions()
    for _ in WorkSheetParser(BytesIO(xml), []).parse():
        raise NotPlainError  # a row where none should be
