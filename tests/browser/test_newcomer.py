"""What the estimate of somebody new's time adds up; the walk itself is a script of its own."""

import pytest

from tests.browser.newcomer import Stay, Walk, told


def test_a_stay_is_reading_hands_and_waiting() -> None:
    # 119 words are half a minute; a click is M + P + K, a field M + P + K + 2 H, a letter K
    stay = Stay("page", words=119, skimmed=0, clicks=1, fields=1, typed=10, waited=2.0)
    assert stay.hands() == pytest.approx(1.35 + 1.1 + 0.28 + 1.35 + 1.1 + 0.28 + 0.8 + 2.8)
    assert stay.seconds(stay.words) == pytest.approx(30 + stay.hands() + 2)
    assert stay.seconds(stay.skimmed) == pytest.approx(stay.hands() + 2)


def test_lines_that_were_read_are_not_read_again() -> None:
    read: set[str] = set()
    assert Walk._new(["two words", "one", "two words"], read) == 3
    assert Walk._new(["two words", "three more words"], read) == 3


def test_the_sums_are_those_of_the_pages() -> None:
    lines = list(told([Stay("a", words=2380, skimmed=238), Stay("b", waited=30.0)]))
    assert lines[-2] == "Somebody who reads every word: 10.5 minutes, over the goal of 10."
    assert lines[-1] == "Somebody who reads headings, notices and labels: 1.5 minutes, within the goal of 10."
