"""From the store into the queue, in portions."""

import pytest

from api.jobs import filling
from api.jobs.filling import Entry, accepted, tagged
from api.store.opening import Store
from tests.api.jobs.helping import accepted as accept


def test_what_somebody_waits_for_is_in_a_queue_of_its_own(store: Store) -> None:
    # Each costs 1, and no one's tag counts the other's.
    others = [accept(store, by="one") for _ in range(2)]
    looks = [accept(store, kind="effect", by="one") for _ in range(2)]
    with store.reading() as session:
        found = tagged(session, accepted(session), [])
        assert [run.quick for run in accepted(session)] == [False, False, True, True]
    assert found == {others[0]: 1, others[1]: 2, looks[0]: 1, looks[1]: 2}


def test_a_thousand_of_one_do_not_hold_up_one_of_another(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    # Three of one person cost 1 each, so their tags are 1, 2, 3; one of another comes beside the first of them.
    monkeypatch.setattr(filling, "AT_ONCE", 2)
    of_one = [accept(store, by="one") for _ in range(3)]
    with store.reading() as session:
        first = tagged(session, accepted(session), [])
    assert first == {of_one[0]: 1, of_one[1]: 2}
    other = accept(store, by="other")
    with store.reading() as session:
        entries = [Entry(run, tag, None) for run, tag in first.items()]
        assert tagged(session, accepted(session), entries) == {other: 1, of_one[2]: 3}
