"""``placements compare``: two folders, two plans, and what cannot be compared."""

import json
import shutil
from pathlib import Path

from allocator.comparison import open_result
from tests.cli import inputs
from tests.cli.inputs import placements
from tests.report.looking import rows_of


def results(tmp_path: Path, name: str, *options: str) -> Path:
    out = tmp_path / name
    code, _, errors = placements("allocate", inputs.workbook(tmp_path), "--out", out, *options)
    assert code == 0, errors
    return out


def test_two_folders_are_compared_in_full(tmp_path: Path) -> None:
    one, two = (
        results(tmp_path, "one"),
        results(tmp_path, "two", "--set", "travel_limit=10", "--set", "travel_target=5"),
    )
    code, shown, _ = placements("compare", one, two)
    words = " ".join(shown.split())
    # Everybody lives 20 minutes away: a limit of 10 places nobody.
    assert code == 0
    assert "Placed: 2 before, 0 after." in words
    assert "Requests: 2 no longer placed." in words
    assert "Students: 0 better off, 2 worse off." in words
    assert "The first tier that differs: Firsts placed, of the tranche being decided, 2 before, 0 after." in words
    assert "travel_limit" in words
    _, shown, _ = placements("compare", one, two, "--json")
    found = json.loads(shown)
    assert [c["kind"] for c in found["requests"]] == ["newly_unplaced", "newly_unplaced"]
    assert all(c["reason"] for c in found["requests"])
    assert found["gaps"] == []
    assert {f["field"] for f in found["inputs"]["settings"]} == {"travel_limit", "travel_target"}


def test_a_plan_alone_says_what_cannot_be_compared(tmp_path: Path) -> None:
    out = results(tmp_path, "one")
    alone = tmp_path / "alone.json"
    shutil.copy(out / "plan.json", alone)
    code, shown, _ = placements("compare", alone, out / "plan.json")
    assert code == 0
    assert "The data of the first result is not at hand" in " ".join(shown.split())
    assert "Nothing is different" not in shown
    _, shown, _ = placements("compare", out, out)
    assert "Nothing is different." in shown


def test_data_of_another_plan_are_not_taken(tmp_path: Path) -> None:
    out = results(tmp_path, "one")
    data = out / "data.json"
    data.write_text(
        data.read_text(encoding="utf-8").replace('{"dataset_digest":"', '{"dataset_digest":"0', 1), encoding="utf-8"
    )
    assert open_result(out).facts is None
    data.write_text("no data", encoding="utf-8")
    assert open_result(out).facts is None


def test_what_is_no_result_exits_2_and_says_what_to_name(tmp_path: Path) -> None:
    (tmp_path / "text.json").write_text("{}", encoding="utf-8")
    newer = json.loads((results(tmp_path, "one") / "plan.json").read_text(encoding="utf-8")) | {"schema_version": 2}
    (tmp_path / "newer.json").write_text(json.dumps(newer), encoding="utf-8")
    for path, said in (
        (tmp_path, "there is no"),
        (tmp_path / "text.json", "cannot be read as a plan"),
        (tmp_path / "newer.json", "cannot be read as a plan of this version"),
    ):
        code, _, errors = placements("compare", path, path)
        assert code == 2
        assert said in " ".join(errors.split())


def test_a_folder_keeps_the_facts_and_nothing_that_people_typed_for_themselves(tmp_path: Path) -> None:
    content = inputs.sheets()
    content["Students"][0]["note"] = "rather shy"
    content["Decisions"] = [
        {"decision": "do_not_match", "student": "S1", "offer": "O1", "by": "AB", "why": "knows somebody there"}
    ]
    out = tmp_path / "out"
    code, _, errors = placements("allocate", inputs.workbook(tmp_path, content), "--out", out)
    assert code == 0, errors
    kept = (out / "data.json").read_text(encoding="utf-8")
    assert '"do_not_match"' in kept
    assert "rather shy" not in kept
    assert "knows somebody there" not in kept
    # The digest is that of everything read, notes included: it is the plan's.
    assert open_result(out).facts is not None


def test_the_report_says_what_changed_since_the_run_before(tmp_path: Path) -> None:
    book, out = inputs.workbook(tmp_path), tmp_path / "out"
    placements("allocate", book, "--out", out)
    placements("allocate", book, "--out", out, "--set", "travel_limit=10", "--set", "travel_target=5")
    rows = rows_of(out / "report.xlsx", "Changes")
    assert [r["What changed"] for r in rows if r["What"] == "Request"] == ["no longer placed", "no longer placed"]
    assert {r["About"] for r in rows if r["What"] == "Setting"} == {
        "longest travel (Policy: travel_limit)", "travel that is good enough (Policy: travel_target)",
    }  # fmt: skip
