"""What large inputs must not change: digests, the order of rows, the collector of the interpreter."""

import gc
import hashlib
import json

import pytest

from allocator.intake import read_sheets
from models import dataset as dataset_module
from tests.reading.sheets import TODAY, reading, sheets


@pytest.mark.parametrize("rows", [1, 2, 3, 1000])
def test_the_digest_is_that_of_the_whole_json(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(dataset_module, "ROWS_AT_A_TIME", rows)
    dataset = reading(Agencies={"social_workers_fte": 12.5, "name": "Caf\xe9"}, Places={"latitude": 51.5}).dataset
    assert dataset.issues == ()
    for one in (dataset, reading(Students={"home": "nowhere"}).dataset, dataset_module.Dataset()):
        text = json.dumps(one.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        assert one.digest == hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@pytest.mark.parametrize("on", [True, False])
def test_the_search_for_cycles_goes_on_as_before(on: bool) -> None:
    before = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        read_sheets(sheets(), today=TODAY)
        assert gc.isenabled() is on
    finally:
        (gc.enable if before else gc.disable)()


def test_entities_that_share_the_note_of_their_fields_stay_apart() -> None:
    dataset = reading().dataset
    one, other = dataset.students[:2]
    changed = one.model_copy(update={"note": "changed"})
    assert (changed.note, one.note, other.note) == ("changed", None, None)
    assert one != other
    assert one == type(one).model_validate(one.model_dump())
