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


def test_a_dataset_that_shares_tables_is_the_same_dataset() -> None:
    """Of two that differ in offers alone every other table is one; digests are those of the facts, made or not yet."""
    for known in (False, True):
        one, other = b.dataset(), b.dataset().model_copy(update={"offers": (b.offer("O2"),)})
        if known:
            _ = one.digest
        shared = other.sharing(one)
        assert shared == other
        assert shared.requests is one.requests
        assert shared.offers is other.offers
        assert (shared.digest, shared.sharing(one).digest) == (other.digest, other.digest)
        assert one.digest == b.dataset().digest
