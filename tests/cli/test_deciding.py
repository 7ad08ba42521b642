"""``placements decide | undo | mark | log``: the effect, the next version, refusals, exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest

from allocator.intake import read
from tests.cli import inputs
from tests.cli.inputs import placements
from tests.reading.test_write_back import bytes_of

PUBLISHED = [{"request": "S1/first", "offer": "O1", "pe": "PE1", "status": "proposed"}]
BAR: tuple[str, ...] = ("do_not_match", "--request", "S1/first", "--offer", "O1", "--by", "LM")


def plain(text: str) -> str:
    return " ".join(text.split())


def test_a_decision_is_shown_and_written_into_the_next_version(tmp_path: Path) -> None:
    source = inputs.workbook(tmp_path, inputs.sheets(Published=PUBLISHED))
    before = bytes_of(source)
    code, shown, errors = placements("decide", source, "withdraw", "--offer", "O1", "--by", "LM", "--why", "it merges")
    assert (code, errors) == (0, "")
    words = plain(shown)
    # Two places, one of which is withdrawn.
    assert words.startswith("D1 (withdraw O1), by LM.")
    assert "Placed: 2 before, 1 after." in words
    assert f"Wrote {tmp_path / 'partnership-2.xlsx'}. Go on from there" in words
    assert bytes_of(source) == before
    [decision] = read(tmp_path / "partnership-2.xlsx").dataset.decisions
    assert (decision.id, decision.by, decision.why) == ("D1 (withdraw O1)", "LM", "it merges")
    assert str(decision.on) == "2026-11-21"  # as_of of the sheet Policy


def test_asking_writes_nothing(tmp_path: Path) -> None:
    source = inputs.workbook(tmp_path)
    code, shown, _ = placements("decide", source, *BAR, "--ask")
    assert code == 0
    assert shown.endswith("Nothing was written.\n")
    assert [p.name for p in tmp_path.iterdir()] == [source.name]


@pytest.mark.parametrize("form", [inputs.csv_folder, inputs.json_file])
def test_folders_and_json_have_next_versions_too(form: Any, tmp_path: Path) -> None:
    source = form(tmp_path, inputs.sheets())
    code, shown, _ = placements("decide", source, *BAR, "--json")
    found = json.loads(shown)
    assert code == 0
    assert found["file"] == str(source.with_name(f"{source.stem}-2{source.suffix}"))
    assert (found["decision"]["id"], found["decision"]["state"]) == ("D1", "in_force")
    assert found["effect"]["comparison"]["placed_after"] == 2
    assert (found["remarks"], found["prices"], found["not_carried_over"]) == ([], [], [])
    assert len(read(Path(found["file"])).dataset.decisions) == 1


def test_of_two_from_one_version_the_second_is_told(tmp_path: Path) -> None:
    source = inputs.workbook(tmp_path)
    placements("decide", source, *BAR)
    first = bytes_of(tmp_path / "partnership-2.xlsx")
    code, _, errors = placements("decide", source, "withdraw", "--pe", "PE1", "--by", "XY")
    assert code == 2
    assert "somebody has taken a step from partnership.xlsx before. Start from partnership-2.xlsx" in plain(errors)
    assert bytes_of(tmp_path / "partnership-2.xlsx") == first
    other = tmp_path / "other.xlsx"
    assert placements("decide", source, "withdraw", "--pe", "PE1", "--by", "XY", "--out", other)[0] == 0
    assert len(read(other).dataset.decisions) == 1


def test_a_refusal_says_what_to_undo_first_and_undo_makes_way(tmp_path: Path) -> None:
    source = inputs.workbook(tmp_path, inputs.sheets(Decisions=[{"decision": "do_not_match", "request": "S1/first", "offer": "O1", "by": "AB"}]))  # fmt: skip
    fix = ("fix", "--request", "S1/first", "--offer", "O1", "--by", "LM")
    code, shown, errors = placements("decide", source, *fix, "--json")
    assert code == 2
    found = json.loads(shown)
    assert (found["code"], found["exit_code"], found["undo_first"]) == ("refused", 2, ["row 2"])
    assert [issue["code"] for issue in found["issues"]] == ["V508"]
    assert "Undo first: row 2." in errors
    assert f'placements undo {source} "row 2" --by ...' in plain(errors)
    assert [p.name for p in tmp_path.iterdir()] == [source.name]
    code, shown, _ = placements("undo", source, "row 2", "--by", "LM")
    assert code == 0
    assert "D2 (undo D1), by LM. Note: D1 was undone by D2, so it does not count." in plain(shown)
    assert placements("decide", tmp_path / "partnership-2.xlsx", *fix)[0] == 0
    _, shown, _ = placements("log", tmp_path / "partnership-3.xlsx", "--json")
    log = json.loads(shown)["decisions"]
    assert [(e["id"], e["kind"], e["by"], e["state"], e["reason"]) for e in log] == [
        ("D1", "do_not_match", "AB", "undone", "D2"), ("D2", "undo", "LM", "in_force", ""), ("D3", "fix", "LM", "in_force", ""),
    ]  # fmt: skip
    assert "3 in the log, 2 in force." in placements("log", tmp_path / "partnership-3.xlsx")[1]


def test_a_clash_is_shown_with_its_decisions_and_written(tmp_path: Path) -> None:
    content = inputs.fixed_twice()
    content["Decisions"] = content["Decisions"][:1]
    source = inputs.workbook(tmp_path, content)
    code, shown, _ = placements("decide", source, "fix", "--request", "S2/first", "--offer", "O1", "--by", "LM")
    assert code == 4
    assert "S2/first is fixed to O1 (decision D1 (fix S2/first O1), by LM)." in plain(shown.replace("│", " "))
    assert (tmp_path / "partnership-2.xlsx").exists()
    # From a clash back: there is nothing to compare with, and the plan is there again.
    code, shown, _ = placements("undo", tmp_path / "partnership-2.xlsx", "D1", "--by", "LM", "--ask")
    assert code == 0
    assert "The first result has no plan: rules clash." in plain(shown)


def test_a_fix_that_cannot_be_is_said(tmp_path: Path) -> None:
    tranches = [*inputs.sheets()["Tranches"], {"tranche": "SEP27", "first_day": "2027-09-06", "status": "later"}]
    tranches[0]["status"] = "deciding"
    fix = {"decision": "fix", "request": "S1/first", "offer": "O1", "by": "AB"}
    source = inputs.workbook(tmp_path, inputs.sheets(Tranches=tranches, Decisions=[fix]))
    _, shown, _ = placements(
        "decide", source, "defer", "--request", "S1/first", "--value", "SEP27", "--by", "LM", "--ask"
    )
    assert "The fix of S1/first cannot be with it, so S1/first is not placed: undo the fix first." in plain(shown)


def test_who_is_asked_for_has_a_price(tmp_path: Path) -> None:
    source = inputs.workbook(tmp_path)
    _, shown, _ = placements(
        "decide", source, "requested", "--request", "S1/first", "--offer", "O1", "--by", "LM", "--ask"
    )
    words = plain(shown)
    assert "Yes: S1/first at O1" in words
    assert "No: S1/first not at O1" in words


def test_a_plan_at_hand_is_the_base_if_it_is_of_these_data(tmp_path: Path) -> None:
    source, out = inputs.workbook(tmp_path), tmp_path / "results"
    placements("allocate", source, "--out", out)
    code, shown, errors = placements("decide", source, *BAR, "--results", out, "--json")
    assert (code, errors) == (0, "")
    assert json.loads(shown)["effect"]["comparison"]["placed_before"] == 2
    code, shown, errors = placements("decide", tmp_path / "partnership-2.xlsx", "withdraw", "--pe", "PE2", "--by", "LM", "--results", out, "--json")  # fmt: skip
    assert code == 0
    assert "was made from other data or settings, or is not proved: the plan is solved for first." in plain(errors)
    assert json.loads(shown)["effect"]["comparison"]["placed_before"] == 2


def test_settings_of_a_run_hold_for_the_effect_too(tmp_path: Path) -> None:
    # Everybody lives 20 minutes away: with a limit of 10 nobody is placed.
    limit = ("--set", "travel_limit=10", "--set", "travel_target=5")
    _, shown, _ = placements("decide", inputs.workbook(tmp_path), *BAR, "--ask", "--json", *limit)
    assert json.loads(shown)["effect"]["comparison"]["placed_before"] == 0


def test_matches_are_marked_and_illegal_steps_refused(tmp_path: Path) -> None:
    source = inputs.workbook(tmp_path, inputs.sheets(Published=PUBLISHED))
    code, shown, _ = placements("mark", source, "S1/first", "sent_to_agency")
    assert code == 0
    assert plain(shown).startswith("S1/first: proposed -> sent_to_agency. Wrote")
    second = tmp_path / "partnership-2.xlsx"
    code, shown, _ = placements("mark", second, "s1/first;", "meeting", "--on", "3/12/2026", "--json")
    assert json.loads(shown)["done"] == ["S1/first: meeting on 2026-12-03"]
    third = tmp_path / "partnership-3.xlsx"
    assert [str(p.meeting_on) for p in read(third).dataset.published] == ["2026-12-03"]
    code, _, errors = placements("mark", third, "S1/first", "started")
    assert code == 2
    assert "Legal from there: meeting_booked, meeting_failed, declined, withdrawn." in plain(errors)
    code, _, errors = placements("mark", third, "S1/first", "told", "--on", "soon")
    assert (code, "--on soon: that is no date. Dates are typed as 2027-01-31" in plain(errors)) == (2, True)


def test_a_row_that_is_refused_is_not_said_to_cost_what_it_would_on_the_sheet(tmp_path: Path) -> None:
    words = ("withdraw", "--about", "ofer", "--request", "S1", "--by", "LM")
    code, _, errors = placements("decide", inputs.workbook(tmp_path), *words)
    assert (code, "'ofer' is no student" in errors) == (2, True)
    assert "in this run" not in errors


def test_a_day_whose_year_cannot_be_meant_is_said_so(tmp_path: Path) -> None:
    source = inputs.workbook(tmp_path, inputs.sheets(Published=PUBLISHED))
    code, _, errors = placements("mark", source, "S1/first", "meeting", "--on", "2199-01-01")
    assert (code, "The year 2199 cannot be meant." in errors) == (2, True)


def test_a_log_without_decisions(tmp_path: Path) -> None:
    assert placements("log", inputs.workbook(tmp_path))[1] == "Nothing was decided yet.\n"


def test_what_is_not_carried_over_is_said(tmp_path: Path) -> None:
    source = inputs.csv_folder(tmp_path, inputs.sheets())
    (source / "minutes.docx").write_bytes(b"x")
    _, shown, _ = placements("decide", source, *BAR)
    assert "Not carried over: files: minutes.docx." in plain(shown)


def test_long_effects_are_shown_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allocator.commands.deciding.SHOWN", 1)
    _, shown, _ = placements("decide", inputs.workbook(tmp_path), "withdraw", "--offer", "O1", "--by", "LM", "--ask")
    # An offer that changes and a row of Decisions: two inputs, of which one is shown.
    assert "... and 1 more inputs: --json has them all." in plain(shown)


def test_a_name_is_asked_for_another_word(tmp_path: Path) -> None:
    code, _, errors = placements("decide", inputs.workbook(tmp_path), *BAR[:-1], "Mary Smith")
    assert (code, "Type initials or a role." in plain(errors)) == (2, True)


def test_an_input_that_cannot_be_used_is_said_before_anything_is_decided(tmp_path: Path) -> None:
    source = inputs.workbook(tmp_path, inputs.sheets(Offers=[]))
    for words in (("decide", source, *BAR), ("undo", source, "D1", "--by", "LM"), ("mark", source, "S1/first", "told"), ("log", source)):  # fmt: skip
        code, _, errors = placements(*words)
        assert (code, "The input cannot be used" in errors) == (3, True)
    code, _, errors = placements("decide", tmp_path / "nowhere.xlsx", *BAR)
    assert (code, "nowhere.xlsx" in errors) == (2, True)
    assert [p.name for p in tmp_path.iterdir()] == [source.name]
