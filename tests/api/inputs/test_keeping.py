"""What a process keeps of inputs: asked again it gives the same, and whatever is other gives another answer."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from allocator.reading.editing import CellTyped
from allocator.settling.settling import settle
from api.inputs import keeping
from api.inputs.folding import Entry
from api.inputs.keeping import Inputs
from api.inputs.sending import Sent
from api.problems import UnusableError
from models.errors import InputUnusableError
from tests.api.inputs.test_folding import FIX, FORBID, ROWS, partnership

TODAY = date(2026, 1, 5)


def log(row: dict[str, Any], *cells: CellTyped) -> tuple[Entry, ...]:
    return (Entry(1, {"id": "D1", "on": "2026-01-05", **row}, None, cells),)


def test_what_was_asked_for_before_is_not_read_and_not_settled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = Inputs()
    first = inputs.held(partnership(), log(FIX), TODAY, ROWS)
    # Nothing of it is read or settled again, though workbook and log are others with the same content.
    for name in ("read_register", "settle_beside"):
        monkeypatch.delattr(keeping, name)
    assert inputs.held(partnership(), log(FIX), TODAY, ROWS) is first
    assert inputs.register(partnership()) is inputs.register(partnership())


@pytest.mark.parametrize(
    ("sent", "entries", "today"),
    [
        (partnership(capacity=2), log(FIX), TODAY),
        (partnership(), (), TODAY),
        (partnership(), log(FORBID), TODAY),
        (partnership(), log(FIX | {"by": "AB"}), TODAY),
        (partnership(), log(FIX, CellTyped("Offers", 2, "capacity", 2)), TODAY),
        (partnership(), log(FIX), TODAY + timedelta(1)),
    ],
    ids=["workbook", "no log", "other row", "by whom", "cell", "day"],
)  # fmt: skip
def test_whatever_is_other_is_read_and_settled_anew(sent: Sent, entries: tuple[Entry, ...], today: date) -> None:
    inputs = Inputs()
    before = inputs.held(partnership(), log(FIX), TODAY)
    found = inputs.held(sent, entries, today)
    alone = Inputs().held(sent, entries, today)
    assert found.reading == alone.reading
    digests = [(r.dataset.digest, r.policy.digest) for r in (before.reading, found.reading)]
    assert digests[0] != digests[1]
    assert found.reading == settle(found.register, {}, today, each=True)


def test_what_is_equal_in_python_and_not_on_a_sheet_is_told_apart() -> None:
    inputs = Inputs()
    # A capacity of 1 is a number; TRUE is none.
    one, true = (log(FIX, CellTyped("Offers", 2, "capacity", cell)) for cell in (1, True))
    found = [inputs.held(partnership(), entries, TODAY).reading for entries in (one, true)]
    assert found[0].issues != found[1].issues
    assert found[1] == Inputs().held(partnership(), true, TODAY).reading


def refused(ask: Callable[[], object], error: type[Exception]) -> None:
    for _ in range(2):
        with pytest.raises(error):
            ask()


def test_what_cannot_be_used_is_refused_each_time() -> None:
    inputs = Inputs()
    # One tranche, two students, two offers, and the row of the log: six rows, of which five may be.
    assert inputs.held(partnership(), log(FIX), TODAY, 6)
    refused(lambda: inputs.held(partnership(), log(FIX), TODAY, 5), UnusableError)
    refused(lambda: inputs.held(Sent(b"{}", "sheets.json"), (), TODAY), InputUnusableError)
