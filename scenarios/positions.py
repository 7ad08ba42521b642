"""Where each table, key and entry of a TOML text stands: its line, by its path. The text has been read before."""

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SIMPLE = re.compile(r"[^,\]}\n#]*")
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def lines_of(text: str) -> Mapping[Path, int]:
    """The line of every table, key, and entry of a list.

    Parameters
    ----------
    text
        TOML that has been read without an error.

    Returns
    -------
    Mapping
        Path (names, and numbers of entries from 0) to line from 1; of several the first.
    """
    return _Scan(text).found


class _Scan:
    """One pass over a text: ``at`` is where it is."""

    def __init__(self, text: str) -> None:
        self.text = text.removeprefix("\ufeff")
        self.at = 0
        self.found: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        table: Path = ()
        while self._skip() < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _skip(self) -> int:
        """Pass over spaces, ends of lines and comments."""
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at
        return self.at

    def _mark(self, path: Path) -> None:
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], self.text.count("\n", 0, self.at) + 1)

    def _header(self) -> Path:
        begins = self.at
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        names = self._key("]")
        self.at += 2 if many else 1
        ends, self.at = self.at, begins
        path: Path = ()
        for depth, name in enumerate(names, 1):
            path = (*path, name)
            if many and depth == len(names):
                self._counts[path] = self._counts.get(path, -1) + 1
            self._mark(path)
            if path in self._counts:  # of tables in a list the last is meant
                path = (*path, self._counts[path])
                self._mark(path)
        self.at = ends
        return path

    def _pair(self, table: Path) -> None:
        begins = self.at
        names = self._key("=")
        path = (*table, *names)
        behind, self.at = self.at + 1, begins
        self._mark(path)
        self.at = behind
        self._value(path)

    def _key(self, end: str) -> list[str]:
        """The names of a dotted key, up to what ends it."""
        names = []
        while self._skip() < len(self.text) and self.text[self.at] != end:
            if self.text[self.at] in "\"'":
                names.append(self._string())
            elif bare := _BARE.match(self.text, self.at):
                names.append(bare[0])
                self.at = bare.end()
            else:
                self.at += 1  # the point between two names
        return names

    def _value(self, path: Path) -> None:
        self._skip()
        first = self.text[self.at : self.at + 1]
        if first in ("'", '"'):
            self._string()
        elif first == "[":
            self.at += 1
            number = 0
            while self._skip() < len(self.text) and self.text[self.at] != "]":
                if self.text[self.at] == ",":
                    self.at += 1
                    continue
                self._mark((*path, number))
                self._value((*path, number))
                number += 1
            self.at += 1
        elif first == "{":
            self.at += 1
            while self._skip() < len(self.text) and self.text[self.at] != "}":
                if self.text[self.at] == ",":
                    self.at += 1
                else:
                    self._pair(path)
            self.at += 1
        else:
            simple = _SIMPLE.match(self.text, self.at)
            self.at = max(simple.end() if simple else 0, self.at + (not simple or simple.end() == self.at))

    def _string(self) -> str:
        """Pass over a text in quotation marks, of one line or of several, and give it."""
        mark = self.text[self.at]
        long = self.text.startswith(mark * 3, self.at)
        end = mark * 3 if long else mark
        begins = self.at + len(end)
        at = begins
        while at < len(self.text) and not self.text.startswith(end, at):
            at += 2 if mark == '"' and self.text[at] == "\\" else 1
        while long and self.text.startswith(mark, at + len(end)):  # quotation marks may stand before the end
            at += 1
        self.at = at + len(end)
        said = self.text[begins:at]
        return _ESCAPED.sub(_meant, said) if mark == '"' else said


def _meant(escaped: re.Match[str]) -> str:
    if escaped[3] is not None:
        return _SHORT.get(escaped[3], escaped[3])
    return chr(int(escaped[1] or escaped[2], 16))
