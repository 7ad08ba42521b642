"""From lines of a study to the page: small lines whose numbers are worked out here."""

import copy
from pathlib import Path
from typing import Any

import pytest

from benchmarks.compare import decides
from benchmarks.reporting import BEGIN, END, write_page
from benchmarks.reporting.analysis import (
    by_method,
    exponent,
    first_plan,
    growth,
    own_memory,
    placed_gap,
    seconds_to_placed,
    seconds_to_proved_placed,
    seconds_to_same,
    worst_tier,
)
from benchmarks.reporting.goals import goals
from benchmarks.reporting.tables import losses, number, side_by_side, spread
from models.errors import UsageError

Line = dict[str, Any]


def tier(name: str, value: int, bound: int | None, sense: str = "max", proved: bool | None = None) -> Line:
    return {
        "tier": name,
        "sense": sense,
        "value": value,
        "bound": bound,
        "proved": value == bound if proved is None else proved,
    }


def line(method: str = "engine", size: str = "tp", number: int = 1, **changes: Any) -> Line:
    """A run that placed 3 of at most 4, 10 minutes of travel, in 2 of 5 seconds."""
    return copy.deepcopy({
        "size": size, "method": method, "seed": 1, "round": number, "limit": 60.0, "rule": "given", "kind": "partnership",
        "status": "complete", "counts": {"students": 4, "requests": 5}, "live": 5, "pairs": 20,
        "phases": {"start": 0.5, "tier placed.total": 1.5}, "seconds": {"total": 5.0, "solving": 2.0},
        "memory": {"after_import": 100.0, "after_reading": 110.0, "peak": 150.0, "with_children": 140.0},
        "check": {"passed": True, "violations": 0},
        "tiers": [tier("placed.total", 3, 4), tier("complete", 2, 2), tier("travel", 10, 10, "min"), tier("lottery", 5, 9)],
        "placed": {"total": 3, "matches": 3}, "worst_band": 2, "statutory_finals": 1, "figures": {},
        "quality": [
            {"seconds": 0.5, "placed": 2, "tier": "placed.total", "value": 2},
            {"seconds": 1.0, "placed": 3, "tier": "complete", "value": 2},
            {"seconds": 2.0, "placed": 3, "values": {"placed.total": 3, "complete": 2, "travel": 10, "lottery": 5}},
        ],
        "machine": {"system": "Linux", "processor": "any", "cores": 2, "memory_gib": 24.0}, "commit": "a" * 40,
        "versions": {"python": "3.11"}, "busy_elsewhere": 0.1, "started": "2026-11-22T00:00:00+00:00",
    } | changes)  # fmt: skip


def values(line: Line, **changes: int) -> Line:
    """The line with another plan: tiers changed, in the tiers and in the last sample."""
    changed = copy.deepcopy(line)
    for found in changed["tiers"]:
        found["value"] = changes.get(found["tier"].replace(".", "_"), found["value"])
    changed["quality"][-1]["values"] = {found["tier"]: found["value"] for found in changed["tiers"]}
    return changed


def test_which_plan_is_better() -> None:
    engine = {"tiers": [tier("placed.total", 3, None), tier("travel", 10, None, "min"), tier("lottery", 5, None)]}

    def found(placed: int, travel: int) -> tuple[str, int | None, str | None] | None:
        peer = {"tiers": [tier("placed.total", placed, None), tier("travel", travel, None, "min")]}
        change = decides(peer, engine)
        return None if change is None else (change.tier, change.difference, change.verdict)

    assert found(3, 12) == ("travel", 2, "worse")
    assert found(4, 99) == ("placed.total", 1, "better")
    assert found(3, 10) is None


def test_when_a_peer_had_the_same_tiers() -> None:
    engine = line()
    assert seconds_to_same(line("peer"), engine) == 2.0
    # the draw does not count, a minute more does, and so does one placed more
    assert seconds_to_same(values(line("peer"), lottery=0), engine) == 2.0
    assert seconds_to_same(values(line("peer"), travel=11), engine) is None
    assert seconds_to_same(values(line("peer"), placed_total=4, travel=99), engine) == 2.0
    assert seconds_to_same(line("peer", check={"passed": False, "violations": 1}), engine) is None
    assert seconds_to_same(line("peer", check=None), engine) is None


def test_gaps_and_moments() -> None:
    found = line()
    assert placed_gap(found) == 25.0  # 3 of 4
    assert seconds_to_placed(found, 25) == 1.0  # 3 at 1.0 s
    assert seconds_to_placed(found, 50) == 0.5  # 2 at 0.5 s
    assert seconds_to_placed(found, 1) is None
    assert first_plan(found) == 0.5
    phases = {"pairs": 0.1, "build": 0.2, "first_plan": 0.3, "tiers": 9.0, "check": 0.4}
    assert first_plan(line(figures={"run_seconds": phases})) == 1.0  # without the tiers
    assert own_memory(found) == 50.0
    assert placed_gap(line(tiers=[tier("placed.total", 3, None)])) is None
    assert placed_gap(line(tiers=None)) is None


def test_placed_is_proved_when_the_next_tier_begins() -> None:
    assert seconds_to_proved_placed(line()) is None  # 3 of at most 4
    proved = line(tiers=[tier("placed.total", 3, 3), tier("complete", 2, 2)])
    assert seconds_to_proved_placed(proved) == 1.0
    assert seconds_to_proved_placed(line(tiers=[tier("placed.total", 3, 3)], quality=[])) == 2.0


def test_the_worst_of_tiers_2_to_13() -> None:
    # 5 requests: complete counts up to 2 each, so a gap of 1 is 10%; firm up to 1, so 1 is 20%; preferences are no such tier
    tiers = [tier("complete", 2, 3), tier("firm", 3, 2, "min"), tier("preferences.band5", 4, 0, "min")]
    assert worst_tier(line(tiers=tiers)) == ("firm", 20.0)
    assert worst_tier(line(tiers=[tier("complete", 2, None)])) == ("complete", 100.0)
    assert worst_tier(line(tiers=[])) is None


def test_exponents() -> None:
    assert exponent([(1, 3), (10, 300)]) == pytest.approx(2)
    assert exponent([(1, 1), (10, 10), (100, 100)]) == pytest.approx(1)
    assert exponent([(1, 1), (1, 2)]) is None
    assert exponent([(1, 0), (2, 1)]) is None
    lines = [line(size="students-1000", pairs=10), line(size="england", pairs=40), line("greedy", "england"), line()]
    assert growth(lines, own_memory) == [(10.0, 50.0), (40.0, 50.0)]


def test_numbers_in_words() -> None:
    assert (number(None), number(1234.5, 0), number(0.25, 1, " %")) == ("-", "1,234", "0.2 %")
    assert (spread([]), spread([0.5]), spread([1.0, 3.0, 2.0]), spread([12.34])) == (
        "-",
        "0.50",
        "2.00 (1.00-3.00)",
        "12.3",
    )


def rows(text: list[str]) -> dict[str, list[str]]:
    """Cells by the cell before them, of the rows of a table."""
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in text if row.startswith("| ")]
    return {of[0]: of[1:] for of in cells}


def test_side_by_side() -> None:
    peer = values(line("pulp_cbc", rule="10x", status="limit"), travel=12)
    slow = line("pulp_cbc", number=2, rule="10x", status="limit", seconds={"total": None, "solving": 20.0})
    slow = values(slow, travel=12)
    absent = line("timefold", status="not here", problem="no java", tiers=None, check=None)
    found = rows(side_by_side([line(), line(number=2), peer, slow, absent], "tp"))
    assert found["engine"][:5] == ["3", "25.00 %", "1", "2", "2 of 4"]
    # travel 12 is 2 minutes worse; 2 and 20 seconds beside 2 and 2 are once and ten times
    assert found["pulp_cbc"][5:9] == [
        "travel: 2 worse", "not in ten times", "11.0 (2.0-20.0)", "5.50 (1.00-10.00)",
    ]  # fmt: skip
    assert found["timefold"][-1] == "no java"


def test_the_same_tiers_in_most_rounds() -> None:
    lines = [line(number=n) for n in (1, 2, 3)] + [line("peer", number=n, rule="10x") for n in (1, 2)]
    lines.append(values(line("peer", number=3, rule="10x"), travel=99))
    assert rows(side_by_side(lines, "tp"))["peer"][6] == "after 2.00 (2.00-2.00) s"


def test_the_middle_round_is_the_median_of_the_plans() -> None:
    rounds = [values(line("peer", number=n), travel=minutes) for n, minutes in ((1, 12), (2, 30), (3, 11))]
    assert by_method(rounds, "tp")["peer"].middle["round"] == 1


def test_losses_are_said() -> None:
    # The peer places one fewer, and is faster and smaller; its worst band is as good.
    peer = values(line("greedy", seconds={"total": 1.0, "solving": 0.5}, worst_band=2), placed_total=2)
    peer["memory"] = {"after_import": 50.0, "after_reading": 60.0, "peak": 75.0, "with_children": None}
    found = rows(losses([line(), peer]))["tp"]
    assert found == [
        "greedy",
        "solving seconds (0.50, 2); seconds from process start to checked plan (1, 5); MiB of memory (75, 150)",
        "statutory finals; worst band; tiers proved",
    ]
    same = rows(losses([line(), line("pulp_highs")]))["tp"]
    assert same[2].startswith("all tiers through travel; placed;")
    worse = line("slow", seconds={"total": 9.0, "solving": 8.0}, worst_band=3, statutory_finals=0)
    worse["memory"]["peak"] = 999.0
    worse["tiers"] = [tier("placed.total", 2, None), tier("complete", 2, None), tier("travel", 10, None, "min")]
    assert losses([line(), worse])[-2] == "Nowhere in these runs."


def test_instances_are_compared_too() -> None:
    figures = {"agree": 10, "legal": 4, "seconds": 3.0, "instances": 1, "runs": 4, "differ": 0}
    judged: dict[str, Any] = {"kind": "instances", "tiers": None, "worst_band": None, "statutory_finals": None}
    engine = line("instances_engine", "instances", figures=figures, **judged)
    peer = line("instances_peer", "instances", figures=figures | {"seconds": 2.0, "legal": 3}, **judged)
    found = rows(losses([engine, peer]))["instances"]
    assert found[1:] == ["seconds of all instances (2, 3)", "known optima met; MiB of memory"]


def goal_of(lines: list[Line], size: str, what: str) -> list[str]:
    text = [row for row in goals(lines) if row.startswith(f"| {size} | {what}")]
    return [cell.strip() for cell in text[0].strip("|").split("|")][2:]


def test_goals() -> None:
    proved = line(tiers=[tier("placed.total", 3, 3)])
    assert goal_of([proved], "tp", "process start") == ["15 s", "5 s", "5.0 s", "yes, and the target"]
    slow = line(tiers=[tier("placed.total", 3, 3)], seconds={"total": 30.0, "solving": 29.0})
    assert goal_of([slow], "tp", "process start")[2:] == ["30.0 s", "no: 2.0 times"]
    # a tier that is not proved: the goal asks for all
    assert goal_of([line()], "tp", "process start")[2:] == ["not measured", "-"]
    phases = {"pairs": 1.0, "build": 2.0, "first_plan": 3.5, "check": 0.5}
    region = line(size="region", figures={"run_seconds": phases})
    assert goal_of([region], "region", "first checked plan") == ["10 s", "5 s", "7.0 s", "yes, not the target"]
    assert goal_of([region], "region", "tiers 2 to 13")[2:] == ["0.00 %", "yes, and the target"]
    assert goal_of([region], "region", "placed within 0.5%")[2:] == ["not measured", "-"]
    england = line(size="england", memory={"after_import": 1.0, "peak": 7 * 1024.0, "with_children": None})
    assert goal_of([england], "england", "memory")[2:] == ["7.00 GiB", "no: 1.2 times"]


def test_repairs_that_are_not_proved_do_not_count() -> None:
    figures = {"max_changes": "0", "median": 0.5, "worst": 4.0, "count": 20, "proved": 19, "clashes": 1, "illegal": 0}
    found = line("repair_0", "tp-decisions", kind="decisions", tiers=None, figures=figures)
    assert goal_of([found], "tp", "one decision, max_changes 0: median")[2:] == ["0.50 s", "yes"]
    assert goal_of([found], "tp", "one decision, max_changes 0: worst")[2:] == ["4.00 s", "no: 1.3 times"]
    found["figures"]["proved"] = 18
    assert goal_of([found], "tp", "one decision, max_changes 0: median")[2:] == ["not measured", "-"]


def test_the_page(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"# Before\n{BEGIN}\nold\n{END}\nbehind\n")
    lines = [
        line(), line("greedy"), *(line(size=size, pairs=pairs) for size, pairs in (("students-1000", 10), ("england", 40))),
        line("read", "sheet-Travel-5", kind="sheet", tiers=None, quality=[]),
    ]  # fmt: skip
    assert [path.name for path in write_page(lines, page)] == ["README.md", "quality.svg", "growth.svg"]
    text = page.read_text()
    assert text.startswith(f"# Before\n{BEGIN}\n")
    assert text.endswith(f"{END}\nbehind\n")
    assert "old" not in text
    assert "### tp" in text
    assert "### students-1000" not in text  # growth has a table of its own
    assert "| sheet-Travel-5 | 2.00 |" in text
    # equal studies give equal files
    before = [path.read_bytes() for path in write_page(lines, page)]
    assert before == [path.read_bytes() for path in write_page(lines, page)]


def test_a_page_without_marks(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("# Nothing\n")
    with pytest.raises(UsageError, match="has no place for the tables"):
        write_page([line()], page)


def test_our_own_page_has_the_marks() -> None:
    from benchmarks.reporting import PAGE

    text = PAGE.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
