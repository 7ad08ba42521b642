import os
import sys
from pathlib import Path

import pytest

from api.jobs.folders import sweep, working_folder
from models.errors import UsageError


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_each_store_has_its_own_and_nobody_else_may_look() -> None:
    folder = working_folder("sqlite:///a.db")
    assert folder == working_folder("sqlite:///a.db") != working_folder("sqlite:///b.db")
    if os.name == "posix":
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="folders are a user's own there")
def test_one_that_others_may_look_into_is_refused() -> None:
    working_folder("sqlite:///a.db").chmod(0o755)
    with pytest.raises(UsageError, match="not this user's alone"):
        working_folder("sqlite:///a.db")


def test_what_nobody_works_in_is_removed() -> None:
    folder = working_folder("sqlite:///a.db")
    for name in ("old-1", "run-1", "run-2", "new-1"):
        (folder / name).mkdir()
        (folder / name / "input.json").write_text("{}")
    # new-1 came after it was asked
    sweep(folder, ["old-1", "run-1", "run-2"], ["run-2"])
    assert {path.name for path in folder.iterdir()} == {"run-2", "new-1"}
