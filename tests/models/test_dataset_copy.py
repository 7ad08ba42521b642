"""A copy of a dataset answers for its own facts."""

from tests import builders as b


def test_a_copy_looks_up_its_own_facts() -> None:
    original = b.dataset()
    assert set(original.offer_by_id) == {"O1"}
    before = original.digest
    copy = original.model_copy(update={"offers": (b.offer("O2"),)})
    assert set(copy.offer_by_id) == {"O2"}
    assert copy.digest != before
    # The original keeps its own.
    assert (set(original.offer_by_id), original.digest) == ({"O1"}, before)


def test_a_copy_without_changes_is_equal() -> None:
    original = b.dataset()
    _ = original.digest
    assert original.model_copy() == original
    assert original.model_copy(deep=True).digest == original.digest
