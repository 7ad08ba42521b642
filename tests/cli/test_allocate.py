"""``placements allocate``: exit codes, files, Ctrl-C, notes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from allocator.folder import folder_of_results
from benchmarks.demonstration import write as write_demonstration
from models.plan import Plan
from tests.cli import inputs
from tests.cli.inputs import Sheets, placements
from tests.report.looking import opened

WAIT = 0.05
"""Seconds between two looks at a folder."""


def plan_in(folder: Path) -> Plan:
    return Plan.model_validate_json((folder / "plan.json").read_bytes())


@pytest.mark.parametrize("write", [inputs.workbook, inputs.csv_folder, inputs.json_file])
def test_every_form_of_input_gives_the_same_plan(write: Callable[[Path, Sheets], Path], tmp_path: Path) -> None:
    code, shown, _ = placements("allocate", write(tmp_path, inputs.sheets()), "--out", tmp_path / "out")
    assert code == 0
    assert "2 of 2 requests placed: 2 firm, 0 provisional." in shown
    # one place each, one PE in the team of each
    matches = plan_in(tmp_path / "out").matches
    assert {(m.offer, m.pe) for m in matches} == {("O1", "PE1"), ("O2", "PE2")}
    assert {m.request for m in matches} == {"S1/first", "S2/first"}


def test_writes_every_result_file(tmp_path: Path) -> None:
    _, shown, _ = placements("allocate", inputs.workbook(tmp_path), "--out", tmp_path / "deep" / "out")
    assert (
        "report.xlsx (for the meeting), summary.html (one page), agencies (a form each), plan.json, check.json, run.json, "
        "data.json, return.json." in shown
    )
    out = tmp_path / "deep" / "out"
    written = {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()}
    assert written == {
        "plan.json",
        "check.json",
        "run.json",
        "data.json",
        "report.xlsx",
        "summary.html",
        "return.json",
        str(Path("agencies") / "A.xlsx"),
    }


def test_the_same_input_gives_the_same_plan_file(tmp_path: Path) -> None:
    book = inputs.workbook(tmp_path)
    for folder in ("a", "b"):
        placements("allocate", book, "--out", tmp_path / folder)
    assert (tmp_path / "a" / "plan.json").read_bytes() == (tmp_path / "b" / "plan.json").read_bytes()


def test_clash_exits_4_and_names_the_rows(tmp_path: Path) -> None:
    code, shown, _ = placements("allocate", inputs.workbook(tmp_path, inputs.fixed_twice()), "--out", tmp_path / "out")
    assert code == 4
    assert "rules and rows cannot hold together" in " ".join(shown.split())
    for word in ("L02", "S1/first", "S2/first"):
        assert word in shown
    assert f"Written to {tmp_path / 'out'}: clash.json, clash.txt." in shown
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"clash.json", "clash.txt"}
    clash = Plan.model_validate_json((tmp_path / "out" / "clash.json").read_bytes()).clash
    assert clash is not None
    page = (tmp_path / "out" / "clash.txt").read_text(encoding="utf-8").splitlines()
    # one sentence first, then a line for each member
    assert page[0].startswith(f"No plan: these {len(clash.members)} rules and rows cannot hold together")
    assert len(page) == 1 + 1 + len(clash.members) + 1 + 1


def test_a_clash_leaves_the_last_good_results_alone_and_goes_when_it_is_settled(tmp_path: Path) -> None:
    out = tmp_path / "out"
    placements("allocate", inputs.workbook(tmp_path), "--out", out)
    good = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    code, shown, _ = placements("allocate", inputs.workbook(tmp_path, inputs.fixed_twice()), "--out", out)
    assert code == 4
    assert "those of the run before, and were left alone" in shown
    assert {p: p.read_bytes() for p in good} == good
    assert {p.name for p in out.iterdir()} - {p.relative_to(out).parts[0] for p in good} == {"clash.json", "clash.txt"}
    assert placements("allocate", inputs.workbook(tmp_path), "--out", out)[0] == 0
    assert {p for p in out.rglob("*") if p.is_file()} == set(good)


def test_one_run_at_a_time_writes_to_a_folder(tmp_path: Path) -> None:
    book, out = inputs.workbook(tmp_path), tmp_path / "out"
    with folder_of_results(out):
        code, _, errors = placements("allocate", book, "--out", out)
        assert (code, "another run is writing to the folder" in errors) == (2, True)
        assert [p.name for p in out.iterdir()] == [".lock"]
    assert placements("allocate", book, "--out", out)[0] == 0
    assert not (out / ".lock").exists()


def test_a_lock_that_a_killed_run_left_keeps_nobody_out(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / ".lock").touch()
    assert placements("allocate", inputs.workbook(tmp_path), "--out", out)[0] == 0


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book, out = inputs.workbook(tmp_path), tmp_path / "out"
    placements("allocate", book, "--out", out)
    good = (out / "plan.json").read_bytes()

    def full(path: Path, text: str, encoding: str) -> int:
        path.write_bytes(text[:10].encode(encoding))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    code, _, errors = placements("allocate", book, "--out", out)
    assert (code, "No space left on device" in errors) == (2, True)
    assert not list(out.rglob("*.part"))
    assert (out / "plan.json").read_bytes() == good


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of 48 requests: too many to be decided before the first look at a limit."""
    path = tmp_path_factory.mktemp("demonstration") / "demonstration.xlsx"
    write_demonstration(path, scale=0.1)
    return path


def test_work_limit_exits_5_and_says_so(tmp_path: Path, demonstration: Path) -> None:
    code, shown, _ = placements("allocate", demonstration, "--out", tmp_path / "out", "--work-limit", 0)
    assert code == 5
    assert "Stopped by the work limit" in shown
    assert plan_in(tmp_path / "out").stopped == "work limit"


def test_time_limit_exits_5(tmp_path: Path, demonstration: Path) -> None:
    code, shown, _ = placements("allocate", demonstration, "--out", tmp_path / "out", "--time-limit", 0)
    assert (code, plan_in(tmp_path / "out").stopped) == (5, "time limit")
    assert "Stopped by the time limit" in shown


def test_a_limit_that_is_not_reached_is_no_stop(tmp_path: Path) -> None:
    book = inputs.workbook(tmp_path)
    placements("allocate", book, "--out", tmp_path / "free")
    work = json.loads((tmp_path / "free" / "run.json").read_text(encoding="utf-8"))["work"]
    code, _, _ = placements("allocate", book, "--out", tmp_path / "out", "--work-limit", 2 * work + 100)
    found = plan_in(tmp_path / "out")
    assert (code, found.stopped) == (0, None)
    assert all(t.proved for t in found.tiers)


def test_unusable_input_exits_3_and_writes_no_plan(tmp_path: Path) -> None:
    content = inputs.sheets()
    del content["Offers"]
    code, shown, errors = placements("allocate", inputs.workbook(tmp_path, content), "--out", tmp_path / "out")
    assert (code, shown) == (3, "")
    assert "STOP" in errors
    assert "Offers" in errors
    assert not (tmp_path / "out" / "plan.json").exists()


def test_a_row_set_aside_is_shown_and_the_rest_runs(tmp_path: Path) -> None:
    content = inputs.sheets()
    content["Students"][1]["clearance"] = "perhaps"
    code, shown, _ = placements("allocate", inputs.workbook(tmp_path, content), "--out", tmp_path / "out")
    assert code == 0
    assert "set aside" in shown
    assert "Students row 3" in shown
    assert [m.request for m in plan_in(tmp_path / "out").matches] == ["S1/first"]
    cells = [list(row) for row in opened(tmp_path / "out" / "report.xlsx")["Input"].iter_rows(values_only=True)]
    assert any(row[2:5] == ["Students", 3, "clearance"] for row in cells)


def test_a_tranche_that_nobody_has_is_shown_where_it_stands_with_those_that_there_are(tmp_path: Path) -> None:
    content = inputs.sheets(Requests=[{"student": "S1", "stage": "first", "tranche": "T99"}])
    code, shown, _ = placements("allocate", inputs.workbook(tmp_path, content), "--out", tmp_path / "out")
    words = " ".join(shown.split())
    assert code == 0
    assert "Requests row 2" in words
    assert "'T99' is not on Tranches" in words
    assert "Allowed: JAN27." in words
    # The cell and the request that it costs are two problems of one row.
    assert "1 set aside." in words


def test_a_warning_by_which_something_is_not_used_is_shown_and_the_rest_counted(tmp_path: Path) -> None:
    content = inputs.sheets(Ofers=[{"offer": "O3"}])
    code, shown, _ = placements("allocate", inputs.workbook(tmp_path, content), "--out", tmp_path / "out")
    words = " ".join(shown.split())
    assert code == 0
    assert "The sheet 'Ofers' is not one of ours and was not read." in words
    assert "And 1 warning about the input: see 'placements check'." in words  # no sheet Places
    cells = [cell for row in opened(tmp_path / "out" / "report.xlsx")["Front page"].values for cell in row]
    assert any("The sheet 'Ofers'" in str(cell) for cell in cells)


@pytest.mark.parametrize("twin", ["s1", "S 1"])
def test_ids_that_differ_by_case_or_spacing_alone_are_named_by_the_run_and_on_the_front_page(
    twin: str, tmp_path: Path
) -> None:
    content = inputs.sheets()
    content["Students"].append(content["Students"][0] | {"student": twin})
    code, shown, _ = placements("allocate", inputs.workbook(tmp_path, content), "--out", tmp_path / "out")
    words = " ".join(shown.split())
    assert code == 0
    assert "Students row 2" in words
    assert "Students row 4" in words
    said = f"'S1' and '{twin}' look like one thing; they were read as two."
    assert set(said.split()) <= set(shown.split())  # its lines stand beside those of another column
    cells = [cell for row in opened(tmp_path / "out" / "report.xlsx")["Front page"].values for cell in row]
    assert any(str(cell).startswith(f"'{twin}' and 'S1' look like one thing") for cell in cells)


def test_of_many_rows_set_aside_ten_are_shown(tmp_path: Path) -> None:
    content = inputs.sheets()
    # Equal problems are one line, so these are of twelve columns: in each an offer says nothing that can be read.
    limiting: tuple[str, ...]
    limiting = ("capacity", "stage", "earliest_start", "latest_start", "latest_end", "days_a_week", "driver_essential")
    content["Offers"] += [content["Offers"][0] | {"offer": f"X{n}", c: "perhaps"} for n, c in enumerate(limiting)]
    limiting = ("load", "available_from", "leaves_on", "absent_from", "absent_to")
    content["Educators"] += [content["Educators"][0] | {"pe": f"X{n}", c: "perhaps"} for n, c in enumerate(limiting)]
    code, shown, _ = placements("allocate", inputs.workbook(tmp_path, content), "--out", tmp_path / "out")
    assert (code, shown.count("set aside   ")) == (0, 10)
    # Seven rows of Offers and five of Educators, each with one problem.
    assert "12 set aside. Shown are the first 10 problems; all: 'placements check', and the sheet Input of" in " ".join(
        shown.split()
    )


def test_settings_win_over_the_policy_file_and_that_over_the_sheet(tmp_path: Path) -> None:
    # Everybody is 20 minutes away: under 25 both are placed, under 19 nobody.
    book = inputs.workbook(tmp_path, inputs.sheets(Policy=[{"setting": "travel_limit", "value": 25}]))
    toml = tmp_path / "policy.toml"
    toml.write_text("travel_limit = 19\ntravel_target = 10\ntravel_amber = 15\n", encoding="utf-8")
    small = ("--set", "travel_target=10", "--set", "travel_amber=15")
    for words, placed in (
        (small, 2),
        (("--policy", toml), 0),
        (("--policy", toml, "--set", "travel_limit=20"), 2),
    ):
        code, _, _ = placements("allocate", book, "--out", tmp_path / "out", *words)
        assert (code, len(plan_in(tmp_path / "out").matches)) == (0, placed)


def test_names_are_in_the_teams_workbook_and_nowhere_else(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("id,name\nS1,Somebody Longname\n", encoding="utf-8")
    out = tmp_path / "out"
    assert placements("allocate", inputs.workbook(tmp_path), "--out", out, "--names", names)[0] == 0
    holding = {
        path.name
        for path in out.rglob("*")
        if path.is_file()
        and "Somebody Longname" in (path.read_text(encoding="utf-8") if path.suffix != ".xlsx" else _texts(path))
    }
    assert holding == {"report.xlsx"}


def _texts(path: Path) -> str:
    book = opened(path)
    return "\n".join(str(v) for sheet in book for row in sheet.iter_rows(values_only=True) for v in row)


def test_notes_are_kept_from_run_to_run(tmp_path: Path) -> None:
    book, report = inputs.workbook(tmp_path), tmp_path / "out" / "report.xlsx"
    placements("allocate", book, "--out", tmp_path / "out")
    row, column = inputs.cell_of(report, "S2/first", "Notes")
    workbook = opened(report)
    workbook["Students"].cell(row, column, "told on Monday")
    workbook.save(report)
    assert placements("allocate", book, "--out", tmp_path / "out")[0] == 0
    assert opened(report)["Students"].cell(*inputs.cell_of(report, "S2/first", "Notes")).value == "told on Monday"


def test_an_earlier_report_that_cannot_be_read_is_left_alone_and_said(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.xlsx").write_text("hello", encoding="utf-8")
    code, shown, _ = placements("allocate", inputs.workbook(tmp_path), "--out", tmp_path / "out")
    assert (code, (tmp_path / "out" / "report.xlsx").read_text(encoding="utf-8")) == (0, "hello")
    new = next(p.name for p in (tmp_path / "out").glob("report*.xlsx") if p.name != "report.xlsx")
    assert f"report.xlsx there is open or damaged and was left alone; the new one is '{new}'." in shown


def test_an_earlier_plan_that_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "plan.json").write_text("{", encoding="utf-8")
    assert placements("allocate", inputs.workbook(tmp_path), "--out", tmp_path / "out")[0] == 0
    assert len(plan_in(tmp_path / "out").matches) == 2


def test_demo_allocates_the_demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The whole demonstration is the README's; here a stand-in of its workbook says that the command reads it.
    monkeypatch.setattr("allocator.demonstrations.files", lambda _: tmp_path)
    (tmp_path / "demonstration").mkdir()
    inputs.workbook(tmp_path).rename(tmp_path / "demonstration" / "developing-together.xlsx")
    assert placements("demo", "--out", tmp_path / "out")[0] == 0
    assert len(plan_in(tmp_path / "out").matches) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a process of Windows cannot be sent Ctrl-C alone")
def test_ctrl_c_leaves_a_checked_plan(tmp_path: Path) -> None:
    out = tmp_path / "out"
    call = [sys.executable, "-c", "from allocator.__main__ import main; main()"]
    process = subprocess.Popen(
        [*call, "allocate", str(inputs.DEMONSTRATION), "--out", str(out)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not (out / "plan.json").exists():  # the first plan on the way
        assert process.poll() is None
        time.sleep(WAIT)
    process.send_signal(signal.SIGINT)
    shown, errors = process.communicate()
    assert process.returncode == 5, errors
    assert "Stopping: the best plan so far" in errors
    assert "Stopped by Ctrl-C" in shown
    plan = plan_in(out)
    assert plan.stopped == "interrupted"
    assert {p.name for p in out.iterdir()} == {
        "plan.json",
        "check.json",
        "run.json",
        "data.json",
        "report.xlsx",
        "summary.html",
        "return.json",
        "agencies",
    }
    assert json.loads((out / "run.json").read_bytes())["check_passed"] is True
    assert placements("verify", inputs.DEMONSTRATION, out / "plan.json")[0] == 0


def test_rows_without_an_id_are_numbered_and_a_copy_has_the_ids(tmp_path: Path) -> None:
    content = inputs.sheets()
    content["Offers"][1]["offer"] = None
    book, out = inputs.workbook(tmp_path, content), tmp_path / "out"
    before = book.read_bytes()
    code, shown, _ = placements("allocate", book, "--out", out)
    assert code == 0
    assert "go on with 'partnership-with-ids.xlsx' there" in shown
    assert book.read_bytes() == before
    # O1 is there, so the other one is O2, in the plan and in the copy.
    assert {m.offer for m in plan_in(out).matches} == {"O1", "O2"}
    copy = out / "partnership-with-ids.xlsx"
    assert [row[0] for row in load_workbook(copy)["Offers"].iter_rows(values_only=True)] == ["offer", "O1", "O2"]
    code, shown, _ = placements("allocate", copy, "--out", out, "--json")
    assert (code, [Path(f).name for f in json.loads(shown)["files"] if "with-ids" in f]) == (0, [])


def test_the_plan_is_written_though_a_form_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    replace = os.replace

    def locked(source: Path, target: Path) -> None:
        if target.name == "A.xlsx":
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr("allocator.files.os.replace", locked)
    code, shown, errors = placements("allocate", inputs.workbook(tmp_path), "--out", out)
    assert code == 2
    assert f"Not written, and still as before: {Path('agencies') / 'A.xlsx'} (Permission denied)" in errors
    assert "2 of 2 requests placed" in shown
    assert (
        "report.xlsx (for the meeting), summary.html (one page), plan.json, check.json, run.json, data.json, return.json."
        in shown
    )
    assert len(plan_in(out).matches) == 2


def test_a_better_plan_that_was_there_is_said(tmp_path: Path) -> None:
    book, out = inputs.workbook(tmp_path), tmp_path / "out"
    placements("allocate", book, "--out", out)
    check = json.loads((out / "check.json").read_bytes())
    first = check["tiers"][1]
    assert (first["tier"], first["value"], first["sense"]) == ("placed.firsts", 2, "max")
    # The same plan again is no news; were there 3 firsts before and 2 now, the one that is gone was better.
    assert "was better" not in placements("allocate", book, "--out", out)[1]
    first["value"] = 3
    (out / "check.json").write_text(json.dumps(check), encoding="utf-8")
    _, shown, _ = placements("allocate", book, "--out", out)
    assert "was better (Firsts placed, of the tranche being decided: 3, now 2) and was replaced" in " ".join(
        shown.split()
    )
    # Of another input nothing can be said.
    first["value"] = 3
    (out / "check.json").write_text(json.dumps(check), encoding="utf-8")
    assert "was better" not in placements("allocate", book, "--out", out, "--set", "travel_limit=50")[1]


@pytest.mark.parametrize("heading", ["Notes", "Request"])
def test_notes_under_a_renamed_heading_are_said_to_be_in_the_kept_report_alone(heading: str, tmp_path: Path) -> None:
    book, out = inputs.workbook(tmp_path), tmp_path / "out"
    placements("allocate", book, "--out", out)
    report = out / "report.xlsx"
    workbook = opened(report)
    students = workbook["Students"]
    named = next(c for row in students.iter_rows() for c in row if c.value == heading)
    students.cell(*inputs.cell_of(report, "S1/first", "Notes"), "rang the agency")
    workbook.save(report)
    assert "Its notes are in the new one" in placements("allocate", book, "--out", out)[1]
    workbook["Students"].cell(named.row, named.column, "My heading")
    workbook.save(report)
    _, shown, _ = placements("allocate", book, "--out", out)
    assert "has the headings Request and Notes, so that its notes are in the kept one alone" in " ".join(shown.split())
