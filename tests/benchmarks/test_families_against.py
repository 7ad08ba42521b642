"""A family on which the engine has become slower is named: small numbers worked out here."""

from pathlib import Path

import pytest

from allocator.eligibility import Eligibility
from benchmarks.families import FAMILIES, against, reading
from benchmarks.families.__main__ import main
from benchmarks.families.against import Measured, compared, keep, kept
from benchmarks.families.baseline import Baseline


def measured(ratio: float, proved: bool = True, family: str = "rural") -> Measured:
    return Measured(family, 100, ratio, ratio / 10, 0.1, proved)


@pytest.mark.parametrize(
    ("ratio", "proved", "regression", "word"),
    [
        (15.0, True, False, "ok"),  # 1.5 times 10 is allowed
        (15.1, True, True, "SLOWER"),
        (9.0, False, True, "not all tiers proved"),
        (6.0, True, False, "faster: keep it anew"),
    ],
)
def test_more_than_one_and_a_half_times_is_a_regression(
    ratio: float, proved: bool, regression: bool, word: str
) -> None:
    found = list(compared(["rural"], {"rural": measured(10)}, lambda family, students: measured(ratio, proved)))
    assert [worse for _, worse in found] == [regression]
    assert found[0][0].endswith(word)


def test_a_family_of_which_nothing_is_kept_is_one_too() -> None:
    ((line, worse),) = compared(["rural"], {}, lambda family, students: measured(1))
    assert worse
    assert "--keep rural" in line


def test_it_is_measured_on_as_many_students_as_before() -> None:
    asked: list[tuple[str, int]] = []

    def noted(family: str, students: int) -> Measured:
        asked.append((family, students))
        return measured(10)

    list(compared(["rural"], {"rural": measured(10)}, noted))
    assert asked == [("rural", 100)]


def test_what_was_not_measured_stays_as_it_was_kept(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    keep([measured(10), measured(20, family="cap")], file)
    keep([measured(5)], file)
    assert kept(file) == {"cap": measured(20, family="cap"), "rural": measured(5)}


def test_something_is_kept_of_every_family() -> None:
    found = kept()
    assert found.keys() == FAMILIES.keys()
    assert all(row.proved for row in found.values())


def test_the_command_exits_with_1_on_a_regression(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.families.__main__.kept", lambda: {"rural": measured(0.001)})
    monkeypatch.setattr(against, "SEEDS", (1,))
    monkeypatch.setattr("benchmarks.families.baseline.LEAST_SECONDS", 0.001)
    monkeypatch.setattr("benchmarks.families.__main__.compared", lambda names, before: compared(names, before, small))
    assert main(["--against", "rural"]) == 1


def small(family: str, students: int) -> Measured:
    return against.measure(family, 12, (1,))


def test_the_baseline_places_as_many_as_there_is_room_for() -> None:
    # 12 students alike, 11 offers of one place, all in one district: 11 are placed
    read = reading("all_equal", 12)
    eligibility = Eligibility(read.dataset, read.policy)
    minutes = {
        eligibility.minutes(r, pair.offer.offer).minutes for r, found in eligibility.pairs.items() for pair in found
    }
    (each,) = minutes
    assert Baseline(eligibility).solve() == (11, 11 * (each or 0))
