"""What pages keep while people look."""

from api.inputs.recent import Recent


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    made: list[str] = []
    kept: Recent[str] = Recent(2)

    def of(key: str) -> str:
        return kept.of(key, lambda: made.append(key) or key.upper())  # type: ignore[func-returns-value]

    # a and b are kept; a is asked for again, so c takes the place of b, which is made once more.
    assert [of(key) for key in "abacab"] == ["A", "B", "A", "C", "A", "B"]
    assert made == ["a", "b", "c", "b"]


def test_what_is_put_is_there_until_others_take_its_place() -> None:
    kept: Recent[int] = Recent(1)
    kept.put("a", 1)
    assert kept.get("a") == 1
    kept.put("b", 2)
    assert (kept.get("a"), kept.get("b")) == (None, 2)
