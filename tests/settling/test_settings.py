"""The policy: keys, sheet, TOML and settings for one run."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from allocator.intake import read_sheets
from allocator.settling import PolicyKey, policy_keys, read_policy_toml
from models.catalogue import ALWAYS_ON, RULE_IDS
from models.errors import PolicyError, UsageError
from models.policy import DEFAULT_TIERS, Policy
from tests.reading.sheets import TODAY, of_code, sheets


def policy(rows: dict[str, Any], settings: dict[str, str] | None = None) -> Policy:
    given = sheets(Policy=[{"setting": k, "value": v} for k, v in rows.items()])
    return read_sheets(given, settings or {}, TODAY).policy


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("as_of", "2026-12-01", date(2026, 12, 1)),
        ("as_of", "1/12/2026", date(2026, 12, 1)),
        ("seed", 7.0, 7),
        ("Travel_Limit", "75", 75),
        ("placed_total", True, True),
        ("placed_total", "no", False),
        ("preference_order", "Greedy", "greedy"),
        ("max_changes", "none", None),
        ("max_changes", 2, 2),
        ("tiers", "placed; complete", ("placed", "complete")),
        ("points_area", "50; 30", (50, 30)),
        ("band_points", "90;70;50;30", (90, 70, 50, 30)),
        ("independent_counts", "independent", ("independent",)),
        ("statutory_test", "DfE", "dfe"),
        ("statutory_test", "partnership", "dfe"),  # its name in earlier files
        ("programmes_left_out", "step up", ("Step Up",)),
        ("programmes_left_out", "none", ()),
        ("days_a_week", "BA=3;MSW=4", {"BA": 3, "MSW": 4}),
        ("days_a_week.BA", 3, {"BA": 3}),
        ("days_a_week", "BA=2.50", {"BA": Decimal("2.5")}),
        ("statutory_least", "BA=0; MSW=2", {"BA": 0, "MSW": 2}),
        ("statutory_least.MSW", 2, {"MSW": 2}),
        ("contrast", "Directorate", "directorate"),
        ("two_statutory_for", "MSW; BA Final", ("MSW", "BA final")),
        ("intern_pair", "agency", "agency"),
        ("year_starts", "08-01", "08-01"),
        ("university", "none", "none"),
        ("independent_cap_percent", "10%", 10),
        ("independent_cap_percent", "10 %", 10),
        ("agency_part_percent", "BA=50%; MSW=40 %", {"BA": 50, "MSW": 40}),
    ],
)
def test_values(key: str, raw: Any, value: Any) -> None:
    field = key.lower().split(".")[0]
    assert getattr(policy({key: raw}), field) == value
    assert getattr(policy({}, {key: str(raw)}), field) == value  # the same text on the command line


def test_switches_and_who_wins() -> None:
    assert policy({"rule.E04": "off", "rule.L04": False}).rules_off == ("E04", "L04")
    assert policy({"rule.E04": "off"}, {"rule.E04": "on"}).rules_off == ()
    assert policy({"travel_limit": 80}, {"travel_limit": "100"}).travel_limit == 100
    # Off by default, and to be switched on like any other.
    assert policy({"rule.E20": "off"}) == policy({})
    assert policy({"rule.E20": "on"}).rules_on == ("E20",)
    assert policy({"rule.E20": "on"}, {"rule.E20": "off"}) == policy({})


def test_settings_are_judged_together_not_one_by_one() -> None:
    # 50 is below the default target of 60, but not below the target that is set beside it.
    found = policy({"travel_limit": 50, "travel_target": 40})
    assert (found.travel_limit, found.travel_target) == (50, 40)


def test_as_of_is_filled_with_today() -> None:
    assert policy({}).as_of == TODAY


@pytest.mark.parametrize(
    ("key", "raw", "words"),
    [
        ("travel_limt", "80", "did you mean 'travel_limit'"),
        ("travel_limit", "0", "a whole number from 1 to 600"),
        ("travel_limit", "50", "travel_target may not exceed travel_limit"),
        ("placed_total", "perhaps", "yes, no"),
        ("contrast", "directorates", "did you mean 'directorate'"),
        ("preference_order", "best", "generous, greedy, sum"),
        ("year_starts", "13-40", "MM-DD"),
        ("as_of", "soon", "a date"),
        ("days_a_week", "BA=9", "a list such as BA=3"),
        ("days_a_week", "BA=3; ba=4", "a list such as BA=3"),
        ("days_a_week", "=3", "a list such as BA=3"),  # of no programme
        ("agency_part_percent", "=50", "a list such as Northfield=50; BA=60"),
        ("statutory_least", "=2", "a list such as MSW=2; BA=1"),
        ("days_a_week.BA", "9", "a number from 1 to 5"),
        ("statutory_least", "BA=3", "a list such as MSW=2; BA=1, each 0, 1 or 2"),
        ("statutory_least", "2", "a list such as MSW=2; BA=1, each 0, 1 or 2"),
        ("statutory_least.BA", "both", "0, 1 or 2"),
        ("intern_pair", "team", "authority, agency"),
        ("two_statutory_for", "BA; BA final", "'BA final' has nobody: a group before it has them all"),
        ("two_statutory_for", "MSW; others", "'others' is who is in no group"),
        ("agency_part_percent", "Northfield=101", "a list such as Northfield=50; BA=60"),
        ("agency_part_percent.Northfield", "half", "a whole number from 0 to 100"),
        ("band_points", "1;2", "four whole numbers"),
        ("band_points", "20;40;60;80", "greatest first"),
        ("year_starts", "02-29", "MM-DD"),
        ("rule.E04", "maybe", "on, off"),
        ("rule.E20", "maybe", "on, off"),
        ("rule.L01", "off", "cannot be switched"),
        ("tiers", "firm; placed", "'placed' must come before it"),
    ],
)
def test_settings_of_a_run_must_be_right(key: str, raw: str, words: str) -> None:
    with pytest.raises(PolicyError) as caught:
        policy({}, {key: raw})
    assert words.casefold() in str(caught.value).casefold()


def test_a_bad_row_of_the_sheet_leaves_the_others() -> None:
    found = policy({"travel_limit": 80, "seed": "x", "colour": "red"})
    assert (found.travel_limit, found.seed) == (80, 1)


def test_every_setting_and_every_switch_is_a_key() -> None:
    keys = {k.key: k for k in policy_keys()}
    switches = {f"rule.{r}" for r in RULE_IDS if r not in ALWAYS_ON}
    assert keys.keys() == (Policy.model_fields.keys() - {"rules_off", "rules_on"}) | switches
    assert all(k.meaning and k.unit and k.range and k.default for k in keys.values())
    assert (keys["travel_limit"].default, keys["travel_limit"].range) == ("90", "a whole number from 1 to 600")
    assert keys["max_changes"].range == "a whole number, 0 or more, or none"
    assert (keys["travel_limit"].unit, keys["travel_limit"].rule) == ("minutes one way", "E04")
    # No unit where it would only repeat the range.
    assert {keys[k].unit for k in ("as_of", "seed", "tiers", "placed_total", "rule.E04")} == {"-"}
    assert keys["tiers"].default == "; ".join(DEFAULT_TIERS)
    # A default, typed as it is shown, is a setting that changes nothing.
    texts = {k.key: k.default for k in keys.values() if k.key != "as_of"}
    assert policy({}, texts) == policy({})


def test_toml(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(
        'travel_limit = 75\nas_of = 2026-12-01\ntiers = ["placed", "complete"]\nplaced_total = true\n[rule]\nE04 = "off"\n[days_a_week]\nBA = 3\n'
    )
    settings = read_policy_toml(path)
    found = policy({}, settings)
    assert (found.travel_limit, found.as_of, found.tiers) == (75, date(2026, 12, 1), ("placed", "complete"))
    assert (found.placed_total, found.rules_off, found.days_a_week) == (True, ("E04",), {"BA": Decimal(3)})


def other_value(key: PolicyKey) -> tuple[str, str]:
    """A value that is not the default, as it is typed in a sheet, and as TOML has it."""
    by_hand = {
        "as_of": ("1/12/2026", "2026-12-01"), "university": ("Another", '"Another"'), "year_starts": ("08-01", '"08-01"'),
        "tiers": ("placed; travel", '["placed", "travel"]'), "independent_counts": ("independent", '["independent"]'),
        "programmes_left_out": ("BA", '["BA"]'), "days_a_week": ("BA=3; MSW=4", "{BA = 3, MSW = 4}"),
        "agency_part_percent": ("Northfield=50", "{Northfield = 50}"), "statutory_least": ("MSW=2", "{MSW = 2}"),
        "two_statutory_for": ("MSW; BA final", '["MSW", "BA final"]'),
        "points_area": ("50; 30", "[50, 30]"), "points_agency": ("5", "[5]"), "band_points": ("90; 70; 50; 30", "[90, 70, 50, 30]"),
        "priority_weights": ("5; 5; 2; 1", "[5, 5, 2, 1]"), "own_educator_weights": ("4; 4; 2; 1", "[4, 4, 2, 1]"),
    }  # fmt: skip
    if key.key in by_hand:
        return by_hand[key.key]
    words = key.range.split(", ")
    if key.key.startswith("rule.") or words == ["yes", "no"]:
        other = {"on": "off", "off": "on", "no": "yes", "yes": "no"}[key.default]
        return other, "true" if other in ("on", "yes") else "false"
    if key.default in words:
        return words[-1], f'"{words[-1]}"'
    return str(int(key.default) + 1), str(int(key.default) + 1)


@pytest.mark.parametrize("key", policy_keys(), ids=lambda k: k.key)
def test_sheet_toml_and_set_take_the_same_keys(key: PolicyKey, tmp_path: Path) -> None:
    typed, toml = other_value(key)
    changed = policy({}, {key.key: typed})
    assert changed != Policy(as_of=TODAY)
    assert policy({key.key: typed}) == changed
    assert policy({}, {key.key.upper(): typed}) == changed
    path = tmp_path / "policy.toml"
    for name in (key.key, f'"{key.key}"', key.key.upper()):
        path.write_text(f"{name} = {toml}\n")
        assert policy({}, read_policy_toml(path)) == changed, name


@pytest.mark.parametrize(
    ("text", "words"), [("travel_limt = 3", "did you mean 'travel_limit'"), ("= 3", "is not TOML")]
)
def test_toml_that_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text)
    with pytest.raises(PolicyError, match=words):
        read_policy_toml(path)


def test_toml_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be opened"):
        read_policy_toml(tmp_path / "nothing.toml")


def test_days_a_week_of_one_programme_in_two_spellings_are_two_rows_that_differ() -> None:
    rows = [{"setting": "days_a_week.BA", "value": 3}, {"setting": "Days_a_week.ba", "value": 4}]
    for given in (rows, rows[::-1]):
        found = read_sheets(sheets(Policy=given), today=TODAY)
        assert found.policy.days_a_week == {}
        assert [i.code for i in found.issues] == ["V301"]


def test_a_misspelt_programme_of_a_setting_that_binds_is_read_as_the_one_that_it_is_like() -> None:
    # The guarantee of two is not lost by a slip; of two numbers that turn out to be of one programme the stricter holds.
    for typed in ("Aprenticeship=2", "Aprenticeship=2; Apprenticeship=1"):
        rows = sheets(Policy=[{"setting": "statutory_least", "value": typed}])
        found = read_sheets(rows, {}, TODAY)
        assert found.policy.statutory_least == {"Apprenticeship": 2}
        assert [i.code for i in found.issues if i.sheet == "Policy"] == ["V320"]
    rows = sheets(Policy=[{"setting": "days_a_week", "value": "Aprenticeship=3; Apprenticeship=4"}])
    assert read_sheets(rows, {}, TODAY).policy.days_a_week == {"Apprenticeship": 3}


def test_a_short_name_is_alike_too() -> None:
    # The rule about one slip wants six letters; MSWW is no programme of any sheet, so the number can only be MSW's.
    found = read_sheets(sheets(Policy=[{"setting": "statutory_least", "value": "MSWW=2"}]), {}, TODAY)
    assert found.policy.statutory_least == {"MSW": 2}
    assert of_code(found.issues, "V320").message.startswith("Is 'MSWW' the same as 'MSW'?")


def test_no_number_is_loosened_by_a_guess() -> None:
    # Read as MSW=0 the slip would switch the guarantee off: the default of 1 stays, and it is asked.
    found = read_sheets(sheets(Policy=[{"setting": "statutory_least", "value": "MSWW=0"}]), {}, TODAY)
    assert found.policy.least_statutory("MSW") == 1
    assert "Did you mean 'MSW'?" in of_code(found.issues, "V203").message


@pytest.mark.parametrize(
    ("key", "typed", "stays", "lost"),
    [
        ("statutory_least", "MSW=2; BA=x", {"MSW": 2}, ["BA=x"]),
        ("statutory_least", "BA=x, MSW=2", {"MSW": 2}, ["BA=x"]),
        ("statutory_least", "MSW=2; BA=1; ba=0", {"MSW": 2}, ["BA=1", "ba=0"]),
        ("days_a_week", "MSW=3; BA=9; =2", {"MSW": 3}, ["=2", "BA=9"]),
        ("agency_part_percent", "MSW=30; BA=half", {"MSW": 30}, ["BA=half"]),
    ],
)
def test_one_bad_part_of_a_list_loses_only_itself(key: str, typed: str, stays: dict[str, int], lost: list[str]) -> None:
    found = read_sheets(sheets(Policy=[{"setting": key, "value": typed}]), {}, TODAY)
    assert getattr(found.policy, key) == stays
    told = [i for i in found.issues if i.sheet == "Policy"]
    assert {i.code for i in told} == {"V602"}
    assert [part for part in lost if any(f"'{part}' is no value" in i.message for i in told)] == lost
    # What is given for one run must all be right.
    with pytest.raises(PolicyError, match=key):
        read_sheets(sheets(), {key: typed}, TODAY)


def test_of_groups_that_are_refused_the_reason_is_said() -> None:
    typed = {"setting": "two_statutory_for", "value": "BA; BA final"}
    found = read_sheets(sheets(Policy=[typed]), {}, TODAY)
    assert found.policy.two_statutory_for == ()
    assert "'BA final' has nobody: a group before it has them all" in of_code(found.issues, "V603").message
    with pytest.raises(PolicyError, match="has nobody: a group before it has them all"):
        read_sheets(sheets(), {"two_statutory_for": "BA; BA final"}, TODAY)


@pytest.mark.parametrize(
    ("typed", "says"), [("MSW finals", "'MSW final'"), ("BA frist", "'BA first'"), ("Step Upp", "'Step Up'")]
)
def test_of_a_group_that_nobody_is_of_it_is_asked_which_is_meant(typed: str, says: str) -> None:
    found = read_sheets(sheets(Policy=[{"setting": "two_statutory_for", "value": typed}]), {}, TODAY)
    [issue] = [i for i in found.issues if i.sheet == "Policy"]
    assert (issue.code, f"Did you mean {says}?" in issue.message) == ("V203", True)
