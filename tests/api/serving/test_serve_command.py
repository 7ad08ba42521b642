import importlib.util
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allocator.commands.app import app
from api.commands.serving import _left
from api.store.opening import Store
from tests.api.store.making import kept_run

USAGE = 2
HERE = ("serve", "--workers", "0")


def said(*words: str, cwd: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.chdir(cwd)
    result = CliRunner().invoke(app, [*HERE, *words])
    return result.exit_code, " ".join((result.output or "").split())


def test_a_port_that_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, words = said("--port", str(taken.getsockname()[1]), cwd=tmp_path, monkeypatch=monkeypatch)
    assert code == USAGE
    assert "cannot be listened on" in words
    assert "Give another --port" in words


def test_the_network_in_the_clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, words = said("--host", "0.0.0.0", cwd=tmp_path, monkeypatch=monkeypatch)
    assert code == USAGE
    assert "in the clear" in words
    assert list(tmp_path.iterdir()) == []  # refused before anything is made


def test_without_the_libraries_of_the_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else found(name))
    code, words = said(cwd=tmp_path, monkeypatch=monkeypatch)
    assert code == USAGE
    assert "(uvicorn)" in words
    assert "placement-allocation[service]" in words


def test_what_is_left_is_told_at_the_end(store: Store) -> None:
    assert _left(store) == "Placements has ended."
    with store.transaction() as session:
        kept_run(session)
    assert _left(store).startswith("Placements has ended. 1 run that is not over goes on with the next start")
