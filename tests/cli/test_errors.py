"""What goes wrong is a message and an exit code, never a traceback; a fault of the program says that it is one."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from allocator.__main__ import main as start
from allocator.commands.app import main
from models.errors import PlanRejectedError
from tests.cli import inputs
from tests.cli.inputs import placements

Words = Callable[[Path], tuple[Any, ...]]


def file(folder: Path, name: str, content: str | bytes = "") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def allocate(folder: Path, *more: object) -> tuple[Any, ...]:
    return ("allocate", inputs.workbook(folder), "--out", folder / "out", *more)


def withdrawing(folder: Path) -> tuple[Any, ...]:
    return ("decide", inputs.workbook(folder), "withdraw", "--offer", "O1", "--by", "LM")


CASES: dict[str, tuple[Words, int, str]] = {
    "no workbook": (lambda f: ("check", f / "none.xlsx"), 2, "there is no file or folder"),
    "no workbook to allocate": (lambda f: ("allocate", f / "none.xlsx", "--out", f / "out"), 2, "there is no file"),
    "a file that is no workbook": (lambda f: ("check", file(f, "a.xlsx", "hello")), 3, "STOP"),
    "an empty file": (lambda f: ("check", file(f, "a.xlsx")), 3, "STOP"),
    "an empty folder": (lambda f: ("check", f), 3, "STOP"),
    "the folder of results is a file": (
        lambda f: ("allocate", inputs.workbook(f), "--out", file(f, "taken")), 2, "is no folder, or lies in a file"),
    "the folder of results lies in a file": (
        lambda f: ("allocate", inputs.workbook(f), "--out", file(f, "taken") / "out"), 2, "is no folder, or lies in a file"),
    "unknown setting": (
        lambda f: allocate(f, "--set", "travl_limit=75"), 3, "Did you mean 'travel_limit'?"),
    "a setting out of range": (lambda f: allocate(f, "--set", "travel_limit=-1"), 3, "travel_limit=-1"),
    "a setting without a value": (lambda f: allocate(f, "--set", "travel_limit"), 2, "write key=value"),
    "a rule that cannot be switched": (lambda f: allocate(f, "--set", "rule.L01=off"), 3, "cannot be switched"),
    "no policy file": (lambda f: allocate(f, "--policy", f / "none.toml"), 2, "none.toml"),
    "a policy file that is not TOML": (lambda f: allocate(f, "--policy", file(f, "p.toml", "a = = b")), 3, "is not TOML"),
    "a policy file with an unknown setting": (
        lambda f: allocate(f, "--policy", file(f, "p.toml", "travl_limit = 75")), 3, "did you mean 'travel_limit'?"),
    "no file of names": (lambda f: allocate(f, "--names", f / "none.csv"), 2, "none.csv"),
    "a file of names without its columns": (
        lambda f: allocate(f, "--names", file(f, "n.csv", "a,b\n1,2\n")), 2, "needs the columns id and name"),
    "an empty file of names": (lambda f: allocate(f, "--names", file(f, "n.csv")), 2, "cannot be read"),
    "a file of names that is no workbook": (
        lambda f: allocate(f, "--names", file(f, "n.xlsx", b"PK\x03\x04 cut off")), 2, "cannot be read"),
    "no plan": (lambda f: ("verify", inputs.workbook(f), f / "none.json"), 2, "there is no file or folder"),
    "a plan that is not JSON": (lambda f: ("verify", inputs.workbook(f), file(f, "p.json", "{")), 3, "STOP"),
    "a plan with another schema": (
        lambda f: ("verify", inputs.workbook(f), file(f, "p.json", '{"schema_version": 1, "matches": 3}')), 3, "STOP"),
    "a sheet that is no plan": (
        lambda f: ("verify", inputs.workbook(f), file(f, "p.csv", "colour,size\nred,3\n")), 3, "STOP"),
    "a template in a file": (lambda f: ("template", file(f, "taken") / "new.xlsx"), 2, "is a file, not a folder"),
    "a next version in a file": (
        lambda f: (*withdrawing(f), "--out", file(f, "taken") / "none" / "n.xlsx"), 2, "taken' is a file, not a folder"),
    "a model in a file": (
        lambda f: ("export", inputs.workbook(f), file(f, "taken") / "m.lp"), 2, "taken' is a file, not a folder"),
    "a limit below zero": (lambda f: allocate(f, "--time-limit", "-1"), 2, "--time-limit"),
    "an unknown option": (lambda f: allocate(f, "--fast"), 2, "--fast"),
    "an unknown command": (lambda _: ("alocate",), 2, "alocate"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_is_a_message_with_its_exit_code(name: str, tmp_path: Path) -> None:
    words, expected, message = CASES[name]
    code, shown, errors = placements(*words(tmp_path))
    assert (code, shown) == (expected, "")
    assert message in " ".join(errors.split())
    assert "Traceback" not in errors
    assert "[/]" not in errors


WRITTEN_BY = (
    "allocator.runs.allocate", "allocator.reading.write_template", "allocator.reference.export",
    "allocator.lifecycle.next_file.write_next", "scenarios.commands.beginning.files",
)  # fmt: skip
WRITING: dict[str, Callable[[Path, Path], tuple[Any, ...]]] = {
    "allocate": lambda f, new: ("allocate", inputs.workbook(f), "--out", new),
    "template": lambda _, new: ("template", new / "new.xlsx"),
    "export": lambda f, new: ("export", inputs.workbook(f), new / "model.lp"),
    "decide": lambda f, new: (*withdrawing(f), "--out", new / "next.xlsx"),
    "scenarios new": lambda _, new: ("scenarios", "new", new / "question.toml"),
}


@pytest.mark.parametrize("name", WRITING)
def test_a_folder_that_is_missing_is_made_and_goes_again_where_nothing_comes_into_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = WRITING[name](tmp_path, tmp_path / "new" / "below")
    before = set(tmp_path.iterdir())

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        for step in WRITTEN_BY:
            disk.setattr(step, full)
        code, _, errors = placements(*words)
    assert (code, "No space left on device" in errors, set(tmp_path.iterdir())) == (2, True, before)
    assert placements(*words)[0] == 0
    assert any((tmp_path / "new" / "below").iterdir())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything is writable for this user")
def test_a_folder_that_is_not_writable(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    code, _, errors = placements("allocate", inputs.workbook(tmp_path), "--out", closed)
    assert (code, "nothing can be written to the folder" in errors) == (2, True)


def test_a_folder_is_tried_before_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        pytest.fail("the run began")

    monkeypatch.setattr("allocator.runs.allocate", never)
    assert placements("allocate", inputs.workbook(tmp_path), "--out", file(tmp_path, "taken"))[0] == 2


def test_a_plan_that_its_check_refuses_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PlanRejectedError("the plan did not pass")

    monkeypatch.setattr("allocator.runs.allocate", refused)
    code, _, errors = placements(*allocate(tmp_path))
    assert code == 1
    assert "A fault of the program, not of your input: the plan did not pass" in errors


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(), OSError(errno.ENOMEM, "Cannot allocate memory"), RuntimeError("can't start new thread"),
        ImportError("ft2font.so: failed to map segment from shared object"),
    ],
)  # fmt: skip
def test_a_full_memory_is_no_fault_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def full(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("allocator.runs.allocate", full)
    code, _, errors = placements(*allocate(tmp_path))
    assert code == 2
    assert "fault" not in errors
    assert "memory of this computer was not enough" in errors


def test_a_full_memory_while_the_program_loads_is_told_without_any_library(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full() -> None:
        raise MemoryError

    monkeypatch.setattr("allocator.commands.app.app", full)
    monkeypatch.setattr("allocator.__main__._lasting", lambda stream: stream)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(SystemExit) as ending:
        start()
    assert ending.value.code == 2
    errors = capfd.readouterr().err
    assert "memory of this computer was not enough" in errors
    assert "Traceback" not in errors


def test_what_nobody_expected_is_a_fault_with_its_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("allocator.runs.allocate", broken)
    monkeypatch.setattr(sys, "argv", ["placements", *map(str, allocate(tmp_path))])
    with pytest.raises(SystemExit) as ending:
        main()
    assert ending.value.code == 1
    errors = capsys.readouterr().err
    assert "RuntimeError: boom" in errors
    assert "Traceback" in errors
    assert "A fault of the program, not of your input." in errors


def test_letters_that_a_terminal_does_not_know_are_no_fault(tmp_path: Path) -> None:
    content = inputs.sheets()
    content["Offers"][0]["agency"] = "\u0141\u00f3d\u017a"
    book = inputs.workbook(tmp_path, content)
    run = subprocess.run(
        [sys.executable, "-c", "from allocator.__main__ import main; main()", "check", str(book)],
        env=os.environ | {"PYTHONIOENCODING": "ascii"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    assert "\\u0141\\xf3d\\u017a" in run.stdout


def test_a_setting_given_twice_must_say_the_same(tmp_path: Path) -> None:
    book = inputs.workbook(tmp_path)
    code, _, errors = placements("check", book, "--set", "travel_limit=75", "--set", "Travel_limit=80")
    assert (code, "given twice with different values" in " ".join(errors.split())) == (2, True)
    assert placements("check", book, "--set", "travel_limit=75", "--set", "travel_limit=75")[0] == 0
