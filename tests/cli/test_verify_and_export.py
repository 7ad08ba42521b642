"""``placements verify`` judges any plan; ``placements export`` writes the reference model."""

from pathlib import Path

import pytest

from tests.cli import inputs
from tests.cli.inputs import placements
from tests.report.looking import opened


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


@pytest.mark.parametrize("name", ["model.txt", "model", "no/such/folder/model.txt"])
def test_export_elsewhere_exits_2(name: str, tmp_path: Path) -> None:
    code, _, errors = placements("export", inputs.workbook(tmp_path), tmp_path / name)
    assert code == 2
    assert "cannot export" in errors
    assert [p.name for p in tmp_path.iterdir()] == ["partnership.xlsx"]


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


def test_rows_that_name_a_team_are_read_so_that_least_is_broken(tmp_path: Path) -> None:
    # T1 has both offers, of one place each. S1 may not go to O1: in order of id S1 would, and then both want O1 or O2.
    content = inputs.sheets(Decisions=[{"decision": "do_not_match", "request": "S1/first", "offer": "O1", "by": "AB"}])
    for offer in content["Offers"]:
        offer["team"] = "T1"
    path = tmp_path / "by-hand.csv"
    path.write_text("student,stage,agency,team\nS1,first,A,T1\nS2,first,A,T1\n", encoding="utf-8")
    code, shown, _ = placements("verify", inputs.workbook(tmp_path, content), path)
    assert (code, "2 matches judged. No rule is broken." in shown) == (0, True)
    assert "O2" in shown
    assert "for S1/first, O1 for S2/first." in shown
    # both at O1 where O1 is all there is: one place too many is said, and nothing crashes
    content["Offers"][1]["team"] = "T2"
    code, shown, _ = placements("verify", inputs.workbook(tmp_path, content), path)
    assert (code, "L02" in shown) == (4, True)


def test_rows_that_name_a_team_leave_a_held_place_alone(tmp_path: Path) -> None:
    # O1 has two places, one of which is held; with O2 there is one for each of the two.
    content = inputs.sheets(Decisions=[{"decision": "hold", "offer": "O1", "by": "AB"}])
    for offer in content["Offers"]:
        offer["team"] = "T1"
    content["Offers"][0]["capacity"] = 2
    path = tmp_path / "by-hand.csv"
    path.write_text("student,stage,agency,team\nS1,first,A,T1\nS2,first,A,T1\n", encoding="utf-8")
    code, shown, _ = placements("verify", inputs.workbook(tmp_path, content), path)
    assert (code, "2 matches judged. No rule is broken." in shown) == (0, True)


def test_agency_and_team_edited_in_our_own_report_are_no_pass(tmp_path: Path) -> None:
    content = inputs.sheets()
    content["Offers"][0]["educators"], content["Offers"][1]["educators"] = "TBC PEPS2", "own PEPS1"
    book, out = inputs.workbook(tmp_path, content), tmp_path / "out"
    placements("allocate", book, "--out", out)
    report = out / "report.xlsx"
    code, shown, _ = placements("verify", book, report)
    assert (code, "No rule is broken" in shown) == (0, True)
    assert "warning" not in shown  # neither its headings nor its words for PEs to be named are mistakes
    workbook = opened(report)
    workbook["Students"].cell(*inputs.cell_of(report, "S1/first", "Team"), "T9")
    workbook.save(report)
    code, shown, _ = placements("verify", book, report, "--json")
    assert (code, "V702" in shown, "the row says A, T9" in shown) == (3, True, True)


def test_what_is_not_judged_of_many_is_one_line(tmp_path: Path) -> None:
    content = inputs.sheets()
    content["Students"] += [content["Students"][0] | {"student": f"X{n}"} for n in range(8)]
    _, shown, _ = placements("verify", inputs.workbook(tmp_path, content), by_hand(tmp_path, "S1,first,O1,PE1"))
    # ten requests, one of them matched: nine, of which three are named
    lines = " ".join(shown.split())
    assert lines.count("without a place in this plan") == 1
    assert "and 6 more: without a place in this plan" in lines


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"Result": "not placed"}, "the result says not placed, and a place is named"),
        ({"Offer": None, "Agency": None, "Team": None}, "the result says firm, and no place is named"),
    ],
)
def test_a_result_that_contradicts_its_row_is_an_error(cells: dict[str, str | None], says: str, tmp_path: Path) -> None:
    book, out = inputs.workbook(tmp_path), tmp_path / "out"
    placements("allocate", book, "--out", out)
    report = out / "report.xlsx"
    workbook = opened(report)
    for column, value in cells.items():
        row, number = inputs.cell_of(report, "S1/first", column)
        workbook["Students"].cell(row, number).value = value
    workbook.save(report)
    code, shown, _ = placements("verify", book, report, "--json")
    assert (code, says in shown) == (3, True)
