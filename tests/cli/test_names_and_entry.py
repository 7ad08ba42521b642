"""The file of names as Excel on Windows writes it, and Ctrl-C before anything was begun."""

import signal
from pathlib import Path

import pytest

from allocator import __main__ as entry
from allocator.commands import app
from allocator.reading.names import names_of, read_names, without_name
from models.errors import UsageError
from tests.cli.inputs import placements, workbook


def test_semicolons_and_windows_letters(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes("Id;Name;E-mail\nS1;Zoé;z@example.org\n".encode("cp1252"))
    assert read_names(path) == {"S1": "Zoé"}


def test_two_rows_for_one_id_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("id,name\nS1,A\nS1,B\n", encoding="utf-8")
    with pytest.raises(UsageError, match="more than one row for S1"):
        read_names(path)


def test_a_stray_comma_is_named_and_shows_nobody_as_another(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("id,name,e-mail\nS1,Jane Smith,j@example.org\nS2,Jones, Ann,a@example.org\n", encoding="utf-8")
    with pytest.raises(UsageError, match="row 3: more cells than headings"):
        read_names(path)


def test_names_of_nobody_are_no_names(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"its ids are K7 \.\.\., those of the input S1, S2 \.\.\."):
        names_of({"K7": "A"}, ["S1", "S2"], tmp_path / "names.csv")
    # Whoever is there is shown, however the id is spelt; the file may know more people.
    assert names_of({"s1": "A", "K7": "B"}, ["S1", "S2"], tmp_path) == {"S1": "A"}


def test_who_has_no_name_in_the_file_is_said(tmp_path: Path) -> None:
    ids = [f"S{n:03}" for n in range(1, 13)]
    some = {id: "N" for id in ids if id not in {"S002", "S003", "S004", "S009"}}
    assert without_name(some, ids, "students") == "4 of 12 students have no name in it: S002 to S004, S009"
    assert without_name(dict.fromkeys(ids, "N"), ids, "students") is None
    assert without_name({}, ids, "PEs") == "none of the 12 PEs has a name in it"
    odd = [f"S{n}" for n in range(1, 26, 2)]  # 13 that do not follow one another
    assert (without_name({"S26": "N"}, [*odd, "S26"], "students") or "").endswith("S17, S19 and 3 more")
    # The run says it: S2 is blank in the file, and the file knows no PEs.
    names = tmp_path / "names.csv"
    names.write_text("id,name\nS1,A\nS2,\n", encoding="utf-8")
    code, shown, _ = placements("allocate", workbook(tmp_path), "--out", tmp_path / "out", "--names", names)
    assert code == 0
    assert "names.csv: 1 of 2 students have no name in it: S2." in shown
    assert "names.csv: none of the 2 PEs has a name in it." in shown


def test_an_interrupt_while_loading_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    def left() -> None:
        raise SystemExit(130)

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(app, "main", interrupted)
    monkeypatch.setattr(entry, "leave", left)
    monkeypatch.setattr(entry, "_lasting", lambda stream: stream)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == 130
    assert signal.getsignal(signal.SIGINT) is before
