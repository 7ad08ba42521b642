"""Every method once, on the smallest input of its kind, in this process and untimed."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks import batches, repairs
from benchmarks.registry import Method, find, names
from benchmarks.study import SPECS
from benchmarks.subjects import kind_of, prepare
from benchmarks.textbook import cache
from benchmarks.worker import measure
from models.errors import UsageError
from scenarios.batch.serial import Serial
from scenarios.batch.watch import Event, Watch
from scenarios.commands.choosing import library

"""Lines of the benchmarks are not counted, and those below them are counted by tests of their own."""
LIMIT = 2.0
"""Seconds for methods that take as long as they are given."""
ENOUGH = 600.0
"""Seconds for methods that end by themselves, far more than they need on a busy machine."""
INSTANCE = "2 2\n1: 1 2\n2: 1\n1: 0: 1:\n2: 0: 1:\n"
"""Both want project 1, and student 1 would take 2: two can be placed, at ranks 2 and 1."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made")


EXACT = ("engine", "cp_sat_tiers", "pulp_cbc", "pulp_highs")


def run(name: str, made: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    method = find(name)
    why = method.missing()
    if why:
        pytest.skip(why)
    monkeypatch.setattr(cache, "CACHE", made)
    monkeypatch.setattr(repairs, "COUNT", 3)
    monkeypatch.setattr(batches, "COUNT", 4)
    monkeypatch.setattr(batches, "DRAWS", 10)
    folder = made / "shared" / "spa"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1.txt").write_text(INSTANCE)
    monkeypatch.setenv("PLACEMENTS_SHARED_DATA", str(folder.parent))
    size = {
        "partnership": "tiny",
        "decisions": "tiny-decisions",
        "sheet": "sheet-Students-30",
        "scenarios": "tiny-scenarios",
    }.get(method.kind, "instances")
    said: list[Event] = []
    measure(prepare(size, cache=made), method, Watch(ENOUGH if name in EXACT else LIMIT, said.append))
    facts: dict[str, Any] = {}
    for event in said:
        facts |= event.get("facts", {})
    return facts | {"events": said}


PARTNERSHIP = [
    name
    for name in names()
    if name not in ("read",) and not name.startswith(("repair", "instances", "scenarios", "questions"))
]


@pytest.mark.parametrize("name", PARTNERSHIP)
def test_a_method_gives_a_plan_that_the_checker_passes(name: str, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(name, made, monkeypatch)
    assert found["check"] == {"passed": True, "violations": 0}
    assert found["claims_differ"] == []
    assert found["placed"]["matches"] > 0
    # The last sample is the checker's word on the plan.
    last = [event["sample"] for event in found["events"] if "sample" in event][-1]
    assert last["values"] == {tier["tier"]: tier["value"] for tier in found["tiers"]}
    if name in EXACT:
        assert found["status"] == "complete"
        assert all(tier["proved"] and tier["bound"] == tier["value"] for tier in found["tiers"])


def test_methods_that_prove_agree(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {name: run(name, made, monkeypatch)["tiers"] for name in EXACT}
    values = {name: [tier["value"] for tier in tiers] for name, tiers in found.items()}
    assert len({tuple(of) for of in values.values()}) == 1, values


@pytest.mark.parametrize("name", ["repair_0", "repair_none"])
def test_repairs(name: str, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = run(name, made, monkeypatch)["figures"]
    assert (figures["count"], figures["illegal"]) == (3, 0)
    assert figures["proved"] + figures["clashes"] == 3
    if name == "repair_0":
        # nobody moves but where the event itself forces it: where a PE goes, the one who is left may have no room
        assert all((row["changed_offers"] or 0) <= row["forced"] for row in figures["decisions"])


@pytest.mark.parametrize("name", [name for name in names() if name.startswith("instances")])
def test_instances(name: str, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = run(name, made, monkeypatch)["figures"]
    assert figures["instances"] == 1
    assert figures["legal"] == figures["runs"] == (1 if name == "instances_matching" else 4)
    assert (figures["failed"], figures["differ"]) == (0, 0)


def test_a_batch_on_a_cluster_has_the_rows_of_one_process(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = run("scenarios_dask", made, monkeypatch)["figures"]
    assert (figures["cases"], figures["failed"]) == (4, 0)
    path = prepare("tiny-scenarios", cache=made).path
    alone = batches.measure(path, Watch(ENOUGH, lambda event: None), Serial())
    assert alone.figures["rows"] == figures["rows"]


def test_questions_are_answered_and_counted(made: Path) -> None:
    path = prepare("tiny-scenarios", cache=made).path
    asked = [s for s in library("questions") if s.name in ("posts", "front-line")]
    figures = batches.answer([path], asked, Watch(ENOUGH, lambda event: None), Serial()).figures
    # posts: as it is; front-line: as it is, and with one final from each team
    assert (figures["cases"], figures["plans"], figures["proved"], figures["answers"]) == (3, 3, 3, 2)
    assert figures["failed"] == figures["clashing"] == 0


def test_draws(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = run("scenarios_draws", made, monkeypatch)["figures"]
    assert (figures["cases"], figures["failed"]) == (10, 0)
    assert figures["memory"].keys() == {"tenth", "end"}


def test_reading(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("read", made, monkeypatch)["figures"]["students"] == 30


def test_every_spec_is_of_a_method_that_takes_its_size() -> None:
    for spec in SPECS:
        assert find(spec.method).kind == kind_of(spec.size)
    # and every method is in the study
    assert {spec.method for spec in SPECS} == set(names())


def test_an_unknown_method_is_answered_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="engine, greedy"):
        find("magic")


def test_a_method_that_is_not_installed_says_why(made: Path) -> None:
    absent = Method(
        "absent", "partnership", lambda reading, watch: pytest.fail("it was run"), lambda: "no such package"
    )
    said: list[Event] = []
    measure(prepare("tiny", cache=made), absent, Watch(1, said.append))
    assert said[-1]["facts"] == {"status": "not here", "problem": "no such package"}


def test_a_method_takes_its_own_kind_only(made: Path) -> None:
    with pytest.raises(UsageError, match="takes sheet"):
        measure(prepare("tiny", cache=made), find("read"), Watch(1, lambda event: None))
