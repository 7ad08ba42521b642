"""Words of the meeting."""

import pytest

from allocator.views.words import place_words
from models.errors import Issue


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
