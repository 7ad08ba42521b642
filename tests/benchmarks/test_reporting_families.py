"""The families on the page: seconds by family and number of students, and the goals, worked out here."""

from pathlib import Path
from typing import Any

from benchmarks.reporting import measured
from benchmarks.reporting.families import PICTURE, families, families_plot, families_table
from benchmarks.reporting.goals import goals
from tests.benchmarks.test_reporting import line, tier

Line = dict[str, Any]


def run(
    family: str, students: int, seed: int, seconds: float | None, proved: bool = True, after: float = 0.0
) -> Line:  # fmt: skip
    """5 requests, 4 of them placed; a second before its end in naming; half of ``after`` in the check, half in reasons."""
    return line(
        size=f"{family}-{students}", number=seed, seed=seed, limit=600.0, live=5, placed={"matches": 4},
        seconds={"total": None if seconds is None else seconds + 1, "solving": seconds},
        phases={"start": 9.0, "pairs": 0.5, "tier travel": 0.25, "name": 1.0},
        figures={
            "processor": None if seconds is None else seconds / 2,
            "run_seconds": {"check": after / 2, "explain": after / 2, "tiers": 1.0},
        },
        tiers=[tier("travel", 3, 3 if proved else 2)],
    )  # fmt: skip


LINES = [
    run("rural", 200, 1, 2.0), run("rural", 200, 2, 4.0), run("rural", 200, 3, 9.0, after=1.0),
    run("windows", 200, 1, 6.0), run("windows", 200, 2, 3.0), run("windows", 150, 1, 1.0),
    line("greedy", size="windows-200"), line(),
]  # fmt: skip


def test_by_students_then_in_the_order_of_the_families() -> None:
    assert [(f.family, f.students, f.seconds) for f in families(LINES)] == [
        ("windows", 150, [1.0]), ("windows", 200, [3.0, 6.0]), ("rural", 200, [2.0, 4.0, 9.0]),
    ]  # fmt: skip


def test_the_table() -> None:
    rows = families_table(LINES, [PICTURE])
    # 1 of 5 is not placed: 20%
    assert (
        "| rural | 200 | 4.00 (2.00-8.00) | 4.00 (2.00-9.00) | 2.00 (1.00-4.50) | name, 1.0 | 3 of 3 | 20.0 (20.0-20.0) |"
    ) in rows
    assert rows[-2] == "![Seconds until every tier is proved, by family](families.svg)"
    assert families_table([line()], [PICTURE]) == []


def test_they_have_no_table_like_that_of_a_size() -> None:
    headings = [text for text in measured(LINES, []) if text.startswith("### ")]
    assert "### tp" in headings
    assert "### Families" in headings
    assert not [heading for heading in headings if "windows" in heading]


def test_goals_are_of_the_slowest_family_and_of_the_slowest_run() -> None:
    rows = [row for row in goals(LINES) if row.startswith("| families")]
    # medians: windows 1 at 150 and 4.5 at 200, rural 4; the slowest run takes 9, the last of them after the proof
    assert rows == [
        "| families, 150-200 students | every tier proved: median of the slowest (windows) | 5 s | - | 4.5 s | yes |",
        "| families, 150-200 students | every tier proved: the slowest run | 10 s | - | 8.0 s | yes |",
    ]


def test_a_run_that_is_not_proved_reaches_no_goal() -> None:
    rows = [row for row in goals([*LINES, run("cap", 300, 1, None, proved=False)]) if "300 students" in row]
    assert all(row.endswith("| not proved | no |") for row in rows)
    assert len(rows) == 2


def test_the_plot(tmp_path: Path) -> None:
    path = families_plot(LINES, tmp_path)
    assert path == tmp_path / PICTURE
    assert path.stat().st_size > 1000
    assert families_plot([line()], tmp_path) is None
