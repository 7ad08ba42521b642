"""``placements letters | chase``: from a folder of results, on a plan that holds and nothing else."""

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from models.plan import Plan
from tests.cli import inputs
from tests.cli.inputs import placements


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a partnership in which S2's clearance is a week late, and B was asked and has said nothing."""
    folder = tmp_path_factory.mktemp("papers")
    content = inputs.sheets()
    content["Students"][1]["clearance"] = "pending"
    content["Agencies"].append(
        {"agency": "B", "kind": "trust", "membership": "primary", "asked_on": date(2026, 9, 1)}
    )  # fmt: skip
    content["Calendar"] = [
        {"tranche": "JAN27", "step": "clearance in", "date": date(2026, 11, 14)},
        {"tranche": "JAN27", "step": "offers due", "date": date(2026, 12, 1)},
    ]
    code, _, errors = placements("allocate", inputs.workbook(folder, content), "--out", folder / "out")
    assert code == 0, errors
    return folder / "out"


def test_the_chase_list_on_the_screen_and_as_data(made: Path) -> None:
    code, shown, _ = placements("chase", made)
    words = " ".join(shown.split())
    # Of 21 November: the clearance was due on the 14th.
    assert code == 0
    assert words.index("overdue by 7 days") < words.index("in 10 days")
    assert words.endswith("2 open, 1 overdue on 21 Nov 2026, the day of the plan.")
    _, shown, _ = placements("chase", made, "--json")
    found = json.loads(shown)
    assert found["as_of"] == "2026-11-21"
    assert [(o["what"], o["which"], o["owner"], o["due"], o["since"], o["days_overdue"]) for o in found["owed"]] == [
        ("clearance pending", "S2/first", "university", "2026-11-14", None, 7),
        ("say what it offers", "B", "B", "2026-12-01", "2026-09-01", None),
    ]


def test_nobody_owes_anything(tmp_path: Path) -> None:
    code, _, errors = placements("allocate", inputs.workbook(tmp_path), "--out", tmp_path / "out")
    assert code == 0, errors
    code, shown, _ = placements("chase", tmp_path / "out")
    assert (code, shown) == (0, "0 open, 0 overdue on 21 Nov 2026, the day of the plan.\n")


def test_letters_have_names_where_the_file_of_names_is_given(made: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("id,name\nS1,Ann Able\n", encoding="utf-8")
    code, shown, _ = placements("letters", made, "--names", names, "--out", tmp_path / "letters")
    assert code == 0
    assert "students (2), agencies (1), placements (2), educators (2)." in shown
    assert "names.csv: 1 of 2 students have no name in it: S2." in shown
    text = (tmp_path / "letters" / "students.csv").read_text(encoding="utf-8-sig")
    rows = {r["Student"]: r for r in csv.DictReader(text.splitlines())}
    assert [(s, r["Name"], r["Firm or provisional"]) for s, r in rows.items()] == [
        ("S1", "Ann Able", "firm"), ("S2", "", "provisional"),
    ]  # fmt: skip
    # Nothing of a name is left anywhere else.
    left = [p.name for p in made.rglob("*") if p.is_file() and b"Able" in p.read_bytes()]
    assert left == []
    code, _, errors = placements("letters", made, "--out", tmp_path / "letters")
    assert (code, "nothing is overwritten" in errors) == (2, True)


def test_letters_do_not_go_where_a_file_is(made: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    code, _, errors = placements("letters", made, "--out", tmp_path / "taken")
    assert (code, "is a file, not a folder: name another folder" in " ".join(errors.split())) == (2, True)


def test_nothing_goes_out_without_a_plan_that_holds(made: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(made / "plan.json", alone)
    broken = tmp_path / "broken"
    shutil.copytree(made, broken)
    plan = Plan.model_validate_json((made / "plan.json").read_bytes())
    both = tuple(m.model_copy(update={"offer": "O1", "pe": "PE1"}) for m in plan.matches)
    (broken / "plan.json").write_text(plan.model_copy(update={"matches": both}).model_dump_json(), encoding="utf-8")
    clash = tmp_path / "clash"
    placements("allocate", inputs.workbook(tmp_path, inputs.fixed_twice()), "--out", clash)
    for path, status, said in (
        (tmp_path / "nowhere", 2, "there is no"),
        (alone, 2, "data.json is missing"),
        (broken, 4, "does not pass the check: L02"),
        (clash / "clash.json", 4, "holds a clash of rules, and no plan"),
    ):
        for command in (("chase", path), ("letters", path, "--out", tmp_path / "letters")):
            code, _, errors = placements(*command)
            assert (code, said in " ".join(errors.split())) == (status, True), errors
    assert not (tmp_path / "letters").exists()
