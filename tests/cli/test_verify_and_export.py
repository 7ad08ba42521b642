"""``placements verify`` judges any plan; ``placements export`` writes the reference model."""

from pathlib import Path

import pytest

from tests.cli import inputs
from tests.cli.inputs import placements


def by_hand(folder: Path, *rows: str) -> Path:
    path = folder / "by-hand.csv"
    path.write_text("\n".join(("student,stage,offer,pe", *rows)) + "\n", encoding="utf-8")
    return path


def test_a_plan_of_the_engine_passes(tmp_path: Path) -> None:
    book = inputs.workbook(tmp_path)
    placements("allocate", book, "--out", tmp_path / "out")
    code, shown, _ = placements("verify", book, tmp_path / "out" / "plan.json")
    assert code == 0
    assert "2 matches judged. No rule is broken." in shown
    assert "made from another input" not in shown


def test_a_sheet_made_by_hand_passes(tmp_path: Path) -> None:
    plan = by_hand(tmp_path, "S1,first,O2,PE2", "S2,first,O1,PE1")
    code, shown, _ = placements("verify", inputs.workbook(tmp_path), plan)
    assert (code, "2 matches judged. No rule is broken." in shown) == (0, True)


def test_a_violation_exits_4_and_names_the_rule_with_its_amount(tmp_path: Path) -> None:
    # two students in the one place of O1, with its one PE who may have one
    code, shown, _ = placements(
        "verify", inputs.workbook(tmp_path), by_hand(tmp_path, "S1,first,O1,PE1", "S2,first,O1,PE1")
    )
    assert code == 4
    assert "2 matches judged. 2 violations." in shown
    for word in ("L02", "L03", "S1/first", "S2/first", "2, where 1 is the limit"):
        assert word in shown


def test_rows_that_name_nothing_known_are_said(tmp_path: Path) -> None:
    code, shown, _ = placements(
        "verify", inputs.workbook(tmp_path), by_hand(tmp_path, "S1,first,O1,PE1", "S9,first,O2,PE2")
    )
    assert code == 3
    assert "S9" in shown
    assert "1 match judged." in shown


def test_a_plan_of_another_input_is_judged_and_said(tmp_path: Path) -> None:
    book = inputs.workbook(tmp_path)
    placements("allocate", book, "--out", tmp_path / "out")
    code, shown, _ = placements("verify", book, tmp_path / "out" / "plan.json", "--set", "travel_limit=85")
    assert (code, "V704" in shown) == (0, True)


def test_a_plan_is_judged_as_of_its_own_day(tmp_path: Path) -> None:
    # The workbook names no day; a day later the plan is still the same plan of the same input.
    book = inputs.workbook(tmp_path, inputs.sheets(Policy=[{"setting": "travel_limit", "value": 90}]))
    placements("allocate", book, "--out", tmp_path / "out", "--set", "as_of=2026-11-01")
    code, shown, _ = placements("verify", book, tmp_path / "out" / "plan.json")
    assert (code, "V704" in shown) == (0, False)


@pytest.mark.parametrize(("suffix", "line"), [(".lp", "Maximize"), (".mps", "OBJSENSE")])
def test_export_writes_both_forms(suffix: str, line: str, tmp_path: Path) -> None:
    model = tmp_path / f"model{suffix}"
    code, shown, _ = placements("export", inputs.workbook(tmp_path), model)
    assert (code, shown) == (0, f"Wrote {model}.\n")
    assert line in model.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["model.txt", "model", "no/such/folder/model.lp"])
def test_export_elsewhere_exits_2(name: str, tmp_path: Path) -> None:
    code, _, errors = placements("export", inputs.workbook(tmp_path), tmp_path / name)
    assert code == 2
    assert "cannot export" in errors


def test_a_row_that_cannot_be_read_is_no_pass(tmp_path: Path) -> None:
    by_hand = tmp_path / "by-hand.csv"
    by_hand.write_text("student,stage,offer,pe\nNobody,first,O1,TBC\n", encoding="utf-8")
    code, shown, _ = placements("verify", inputs.workbook(tmp_path), by_hand)
    assert code == 3
    assert "1 of the plan's rows could not be read" in shown


def test_settings_that_differ_from_the_plan_are_named(tmp_path: Path) -> None:
    book, out = inputs.workbook(tmp_path), tmp_path / "out"
    placements("allocate", book, "--out", out, "--set", "travel_target=50")
    _, shown, _ = placements("verify", book, out / "plan.json")
    assert "another setting: travel_target = 50 (here 60)" in " ".join(shown.split())
