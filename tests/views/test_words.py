"""Words of the meeting."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import allocator
from allocator.views.words import place_words, rule_words, waiting_words
from models.errors import Issue
from models.plan import ProvisionalCode, Waiting
from models.policy import Policy

_SETTING = re.compile(r"\b(" + "|".join(name for name in Policy.model_fields if "_" in name) + r")\b")
_WHERE_IT_IS_TYPED = re.compile(r"\(Policy: [^)]*\)|\bon the sheet Policy\b|\(\w+ = \w+ on the sheet Policy\)")


@pytest.mark.parametrize(
    ("row", "rows", "words"),
    [
        (None, (), "Offers, agency"),
        (7, (), "Offers row 7, agency"),
        (5, (5, 9, 10, 11, 12), "Offers rows 5, 9-12, agency"),
        # 20 rows, each a run of its own: twelve are named.
        (2, tuple(range(2, 42, 2)), "Offers rows 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24 and 8 more, agency"),
    ],
)
def test_where_a_problem_stands(row: int | None, rows: tuple[int, ...], words: str) -> None:
    issue = Issue(level="warning", code="V136", message="m", sheet="Offers", row=row, rows=rows, column="agency")
    assert place_words(issue) == words


def sentences(folder: str) -> Iterator[tuple[str, str]]:
    """Every text with a space in it that a part of the library is made of, without what describes its code."""
    for path in sorted((Path(allocator.__file__).parent / folder).rglob("*.py")):
        tree = ast.parse(path.read_text())
        described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                yield path.name, ast.unparse(node)
            elif isinstance(node, ast.Constant) and id(node) not in described | inside:
                yield path.name, str(node.value)


@pytest.mark.parametrize("folder", ["views", "reasons", "report", "checker", "solving", "comparison", "engine"])
def test_a_sentence_names_a_setting_only_where_it_is_typed(folder: str) -> None:
    raw = [
        (name, text)
        for name, text in sentences(folder)
        if " " in text.strip("f'\"") and _SETTING.search(re.sub(r"\{[^}]*\}", "", text))
        if not _WHERE_IT_IS_TYPED.search(text)
    ]
    assert raw == []


def test_a_limit_whose_id_is_the_name_of_a_setting_goes_by_its_title() -> None:
    assert rule_words("max_changes") == "Published matches that may move"
    assert rule_words("L02").endswith(" (L02)")


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("home, limit_minutes", "home, limit minutes"), ("PE_1: current_until", "PE_1: current until"),
        ("maximum_at_once of Alder", "maximum at once of Alder"),
    ],
)  # fmt: skip
def test_columns_that_nobody_has_filled_in_are_words(detail: str, words: str) -> None:
    waiting = Waiting(code=ProvisionalCode.NOT_KNOWN, detail=detail, who="university")
    assert waiting_words(waiting) == f"something not known: {words} (university)"
