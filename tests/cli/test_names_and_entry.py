"""The file of names as Excel on Windows writes it, and Ctrl-C before anything was begun."""

import signal
from pathlib import Path

import pytest

from allocator import __main__ as entry
from allocator.commands import app
from allocator.reading.names import names_of, read_names
from models.errors import UsageError


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
