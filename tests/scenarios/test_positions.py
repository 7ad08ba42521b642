"""The line of every part of a TOML text."""

import tomllib
from typing import Any

import pytest

from scenarios.positions import lines_of
from scenarios.wording import Place

TEXT = '''# remark = 1
name = "a"  # [not.a.table]
long = """
key = 1
[table]
\\""" x """
'quoted key' = 1
"escaped \\u0041" = 2
dotted . key = 3
list = [
  1, # one
  [2,
   3],
  { a = 1, b = { c = [1,
     2] } },
]
day = 2027-01-01
literal = 'a \\'
lines = \'\'\'
]]] '' x
\'\'\'

[one.two]
x = 1
[[many]]
x = 1
[many.under]
y = 2
[[many]]
x = 1
[[many.more]]
z = { "p.q" = 1 }
[[many.more]]
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("name",), 2), (("long",), 3), (("quoted key",), 7), (("escaped A",), 8), (("dotted", "key"), 9), (("list",), 10),
        (("list", 0), 11), (("list", 1), 12), (("list", 1, 1), 13), (("list", 2), 14), (("list", 2, "a"), 14),
        (("list", 2, "b", "c", 1), 15), (("day",), 17), (("literal",), 18), (("lines",), 19), (("one",), 23),
        (("one", "two", "x"), 24), (("many", 0), 25), (("many", 0, "under", "y"), 28), (("many", 1), 29),
        (("many", 1, "x"), 30), (("many", 1, "more", 0, "z", "p.q"), 32), (("many", 1, "more", 1), 33),
    ],
)  # fmt: skip
def test_where_a_part_stands(place: Place, line: int) -> None:
    assert lines_of(TEXT)[place] == line


def places(value: Any, at: Place = ()) -> set[Place]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {at, *(place for name, one in inner for place in places(one, (*at, name)))} - {()}


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT, ""])
def test_every_part_has_a_line_and_nothing_else_has_one(text: str) -> None:
    assert set(lines_of(text)) == places(tomllib.loads(text.removeprefix("\ufeff")))
    assert list(lines_of(text).values()) == sorted(lines_of(text).values())
