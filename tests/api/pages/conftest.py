"""A round with a small workbook, and one of its team before its pages; modules that need others have their own."""

from collections.abc import Iterator

import pytest

from api.store.opening import Store
from tests.api.pages.browsing import SHEETS, Visitor, a_round_with


@pytest.fixture
def round(store: Store) -> str:
    return a_round_with(store, SHEETS)


@pytest.fixture
def team(store: Store, round: str) -> Iterator[Visitor]:
    with Visitor(store, rounds=(round,)) as visitor:
        yield visitor
