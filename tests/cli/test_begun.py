"""What a process has begun goes again where the process ends at once; what holds something stays."""

from pathlib import Path

import pytest

from allocator.begun import begun, folder_made, remove_begun


@pytest.mark.parametrize(("written", "left"), [(False, []), (True, ["new", "new/below", "new/below/plan.json"])])
def test_folders_stay_where_something_was_written(written: bool, left: list[str], tmp_path: Path) -> None:
    with folder_made(tmp_path / "new" / "below"):
        lock = tmp_path / "new" / "below" / ".lock"
        with begun(lock):
            lock.touch()
            if written:
                lock.with_name("plan.json").touch()
            remove_begun()
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*")) == left


def test_a_folder_that_was_there_stays(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "new"):
        with folder_made(tmp_path / "new"):
            pass
        with pytest.raises(ValueError, match="stop"), folder_made(folder):
            raise ValueError("stop")
        remove_begun()
        assert (tmp_path / "new").is_dir()
