"""What is settled beside the last: the same as settled by itself, whatever was decided before and besides."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from allocator.lifecycle.entering import Entered, enter
from allocator.reading.reader import register_of
from allocator.settling import settling
from allocator.settling.settling import Beginning, settle, settle_beside
from models.errors import InputUnusableError
from models.register import Register
from tests.generated.rows import rows_of
from tests.lifecycle.test_sequences import SEEDS, partnership, tried
from tests.strategies import generate

TODAY = date(2026, 1, 5)


def a_register(*decisions: dict[str, Any], **sheets: list[dict[str, Any]]) -> Register:
    """A generated partnership with rows of Decisions, or without that sheet where there are none."""
    data, _ = generate(3)
    return register_of(rows_of(data) | sheets | ({"Decisions": list(decisions)} if decisions else {}))


def of(one: Register, other: Register) -> Register:
    """One register with the Decisions of another, and its issues."""
    pages = {n: p for n, p in one.pages.items() if n != "Decisions"}
    pages |= {n: p for n, p in other.pages.items() if n == "Decisions"}
    return Register(pages, other.issues)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS)
def test_steps_of_every_kind_are_settled_as_by_themselves(seed: int) -> None:
    """One beginning serves all of a sequence: what is settled from it leaves nothing there."""
    sheets, today = partnership(seed)
    register = register_of(sheets)
    try:
        beginning = Beginning(register, {}, today)
    except InputUnusableError:
        with pytest.raises(InputUnusableError):
            settle(register, {}, today)
        return
    for step in tried(seed, sheets, register, today):
        found = step.found.register if isinstance(step.found, Entered) else step.register
        if beginning.is_of(found, {}, today):
            assert beginning.settle(found) == settle(found, {}, today, each=True)
        assert settle_beside(found, {}, today) == settle(found, {}, today, each=True)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"decision": "withdraw", "about": "offer", "offer": "O1", "by": "AB"}],
        [{"decision": "withdraw", "offer": "O1", "reason_code": "a word of our own"}, {"by": "AB"}],
        [{"decision": "no such thing", "request": "S1/first"}, {"decision": "undo", "value": "D1"}],
        [{"by": "AB", "why": "no column that says what"}],
        [{"decision": "hold", "offer": "O1", "places": "plenty", "until": "31/02/2026"}],
        [{"decision": "end_early", "request": "S1/first", "value": 20, "by": "AB"}],
    ],
)
def test_odd_rows_are_settled_as_by_themselves(rows: list[dict[str, Any]]) -> None:
    base = a_register()
    register = of(base, a_register(*rows))
    begun = [Beginning(base, {}, TODAY), Beginning(register, {}, TODAY)]
    begun = [b for b in begun if b.is_of(register, {}, TODAY)]  # what cannot be read is no beginning of what can
    assert begun
    for beginning in begun * 2:
        assert beginning.settle(register) == settle(register, {}, TODAY, each=True)


def test_rows_that_need_an_id_are_settled_with_all_words() -> None:
    """The offer without an id may not be called as one that a decision names."""
    nameless = [row | {"offer": None} for row in rows_of(generate(3)[0])["Offers"]]
    base = a_register(Offers=nameless)
    register = of(base, a_register({"decision": "withdraw", "about": "offer", "offer": "offer-1", "by": "AB"}))
    assert Beginning(base, {}, TODAY).settle(register) == settle(register, {}, TODAY, each=True)


def test_another_sheet_day_or_setting_begins_anew() -> None:
    base, other = a_register(), a_register()
    begun = Beginning(base, {}, TODAY)
    assert begun.is_of(base, {}, TODAY)
    assert not begun.is_of(other, {}, TODAY)  # equal rows, but who knows of what
    assert not begun.is_of(base, {}, date(2026, 1, 6))
    assert not begun.is_of(base, {"travel_limit": "50"}, TODAY)


def test_who_enters_beside_what_is_held_has_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two decisions about one register: the sheets but Decisions are read once."""
    kept: list[Beginning] = []
    monkeypatch.setattr(settling, "_KEPT", kept)
    base = a_register()
    held, offers = settle(base, {}, TODAY, each=True), [row["offer"] for row in rows_of(generate(3)[0])["Offers"]]
    begun = []
    for offer in offers[:2]:
        cells = {"decision": "withdraw", "about": "offer", "offer": offer, "by": "AB"}
        assert enter(base, cells, today=TODAY, held=held) == enter(base, cells, today=TODAY)
        begun += kept
    assert begun[0] is begun[1]
