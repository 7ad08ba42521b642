"""``placements template | check | rules | policy``, ``--json`` and the help."""

import json
from pathlib import Path
from typing import Any

import pytest

from models.catalogue import RULES
from models.policy import Policy
from tests.cli import inputs
from tests.cli.inputs import placements


@pytest.mark.parametrize("kind", [(), ("--full",)])
def test_a_template_can_be_checked_and_allocated_as_it_stands(kind: tuple[str, ...], tmp_path: Path) -> None:
    book = tmp_path / "new.xlsx"
    assert placements("template", book, *kind)[0] == 0
    assert placements("check", book)[0] == 0
    code, shown, _ = placements("allocate", book, "--out", tmp_path / "out")
    assert (code, "Checked independently: no rule is broken." in shown) == (0, True)


def test_a_template_never_overwrites(tmp_path: Path) -> None:
    book = tmp_path / "new.xlsx"
    book.write_text("mine", encoding="utf-8")
    code, _, errors = placements("template", book)
    assert (code, "exists already" in errors) == (2, True)
    assert book.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["new.xls", "new"])
def test_a_template_is_a_workbook(name: str, tmp_path: Path) -> None:
    code, _, errors = placements("template", tmp_path / name)
    assert (code, "must end in .xlsx" in errors) == (2, True)


def test_check_counts_what_is_usable(tmp_path: Path) -> None:
    code, shown, _ = placements("check", inputs.workbook(tmp_path))
    assert code == 0
    assert "Usable: 2 students, 2 requests, 2 offers, 2 PEs." in shown


def test_check_names_all_problems_worst_first(tmp_path: Path) -> None:
    content = inputs.sheets(Surprise=[{"a": 1}])
    content["Students"][0]["clearance"] = "perhaps"
    content["Students"][1]["drives"] = "sometimes"
    code, shown, _ = placements("check", inputs.workbook(tmp_path, content))
    assert code == 0
    assert shown.index("set aside") < shown.index("Students row 2") < shown.index("Students row 3")
    assert "To do:" in shown


def test_check_exits_3_where_nothing_can_be_used(tmp_path: Path) -> None:
    book = inputs.workbook(tmp_path, {"Tranches": inputs.sheets()["Tranches"]})
    code, shown, errors = placements("check", book)
    assert (code, shown) == (3, "")
    assert "Students" in errors
    assert "Offers" in errors


def test_rules_are_those_of_the_catalogue() -> None:
    _, shown, _ = placements("rules")
    assert [r.id for r in RULES if f" {r.id} " not in shown] == []
    code, one, _ = placements("rules", "l04")
    assert code == 0
    assert "Statutory guarantee." in one
    assert "L05" not in one


def test_an_unknown_rule_and_contradicting_options_exit_2() -> None:
    code, _, errors = placements("rules", "E99")
    assert (code, "no rule E99" in errors) == (2, True)
    assert placements("rules", "--markdown", "--json")[0] == 2


def test_rules_as_a_page() -> None:
    code, page, _ = placements("rules", "--markdown")
    assert (code, page.splitlines()[0]) == (0, "# Rules")


def test_policy_prints_every_setting_unbroken() -> None:
    code, shown, _ = placements("policy")
    assert code == 0
    keys = [*(k for k in Policy.model_fields if k not in ("rules_off", "rules_on")), "rule.E04", "rule.E20"]
    assert [k for k in keys if f" {k} " not in shown] == []


def test_json_is_exactly_one_object_on_stdout(tmp_path: Path) -> None:
    book, out = inputs.workbook(tmp_path), tmp_path / "out"
    expected: tuple[tuple[tuple[Any, ...], set[str]], ...] = (
        (("template", tmp_path / "new.xlsx"), {"files"}),
        (("check", book), {"usable", "issues", "requests"}),
        (("allocate", book, "--out", out), {"plan", "run", "check", "files", "issues", "not_written", "nameless"}),
        (("verify", book, out / "plan.json"), {"passed", "check", "issues", "rows_not_judged", "settings_differ"}),
        (("export", book, tmp_path / "model.lp"), {"files"}),
        (("letters", out, "--out", tmp_path / "letters"), {"files", "nameless"}),
        (("chase", out), {"as_of", "version", "owed"}),
        (("rules",), {"rules"}),
        (("rules", "E04"), {"rules"}),
        (("policy",), {"settings"}),
    )
    for words, keys in expected:
        code, shown, errors = placements(*words, "--json")
        assert (code, errors) == (0, "")
        assert set(json.loads(shown)) == keys
        assert shown.count("\n") == 1


def test_json_of_an_error_is_one_object_too(tmp_path: Path) -> None:
    broken = inputs.workbook(tmp_path, {"Tranches": inputs.sheets()["Tranches"]})
    code, shown, errors = placements("check", broken, "--json")
    found = json.loads(shown)
    assert (code, found["exit_code"], found["usable"]) == (3, 3, False)
    assert {i["level"] for i in found["issues"]} >= {"stop"}
    assert "STOP" in errors
    code, shown, _ = placements("check", tmp_path / "missing.xlsx", "--json")
    assert (code, json.loads(shown)["exit_code"], "usable" in json.loads(shown)) == (2, 2, False)


def test_json_with_violations_or_a_clash_keeps_the_exit_code(tmp_path: Path) -> None:
    book = inputs.workbook(tmp_path, inputs.fixed_twice())
    code, shown, _ = placements("allocate", book, "--out", tmp_path / "out", "--json")
    clash = json.loads(shown)["plan"]["clash"]
    assert (code, clash["confirmed"]) == (4, True)
    hand = tmp_path / "hand.csv"
    hand.write_text("student,stage,offer,pe\nS1,first,O2,PE2\n", encoding="utf-8")
    code, shown, _ = placements("verify", book, hand, "--json")
    assert (code, json.loads(shown)["passed"]) == (4, False)


def test_without_words_the_help_is_shown() -> None:
    code, shown, errors = placements()
    assert (code, "Exit codes" in shown + errors) == (2, True)
