"""Work in a process of its own: its result, its errors, and what ends it."""

import errno
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
import pytest

from api.inputs.apart import Apart, BrokenChildError, ReadingLimitError
from api.problems import TooLargeError, UnusableError
from api.settings import Settings
from models.errors import InputUnusableError, Issue, PolicyError, UsageError

ISSUE = Issue(level="stop", code="V107", message="missing")


def double(number: int) -> int:
    return 2 * number


def fails(kind: str) -> None:
    if kind == "leaves":
        os._exit(3)
    raise {
        "input": InputUnusableError((ISSUE,)), "usage": UsageError("no file"), "policy": PolicyError("no key"),
        "unusable": UnusableError("no form", [ISSUE]), "large": TooLargeError("too many parts"), "fault": ValueError("S1"), "memory": MemoryError(),
    }[kind]  # fmt: skip


def fills_the_memory() -> int:
    return len(bytearray(4_000_000_000))


def keeps_a_file(folder: str) -> None:
    """What the memory limit leaves of a reader: its files, and no memory to tidy them up."""
    with TemporaryDirectory() as own:
        Path(folder, "where").write_text(own)
        Path(own, "S1.xlsx").write_bytes(b"of students")
        if "kill" in folder:
            os._exit(3)
        raise OSError(errno.ENOMEM, "Cannot allocate memory")


def apart(**settings: float) -> Apart:
    return Apart(Settings.model_validate(settings))


def test_what_is_done_comes_back() -> None:
    assert anyio.run(apart().run, double, 21) == 42


@pytest.mark.parametrize(
    ("kind", "error", "said"),
    [
        ("input", InputUnusableError, "missing"), ("usage", UsageError, "no file"), ("policy", PolicyError, "no key"),
        ("unusable", UnusableError, "no form"),
        ("large", TooLargeError, "too many parts"), ("memory", ReadingLimitError, "reading_megabytes, 2048 MB"),
    ],
)  # fmt: skip
def test_errors_come_back_as_they_were(kind: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said) as raised:
        anyio.run(apart().run, fails, kind)
    if isinstance(raised.value, InputUnusableError | UnusableError) and kind != "memory":
        assert tuple(raised.value.issues) == (ISSUE,)


@pytest.mark.parametrize(("name", "error"), [("kill", BrokenChildError), ("full", ReadingLimitError)])
def test_no_file_stays_behind_whatever_ends_it(tmp_path: Path, name: str, error: type[Exception]) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(error):
        anyio.run(apart().run, keeps_a_file, str(tmp_path / name))
    own = Path((tmp_path / name / "where").read_text())
    assert not own.exists()
    assert not own.parent.exists()  # a folder of this piece of work alone


def test_limits_end_it() -> None:
    with pytest.raises(ReadingLimitError, match="reading_megabytes, 512 MB"):
        anyio.run(apart(reading_megabytes=512).run, fills_the_memory)
    with pytest.raises(ReadingLimitError, match=r"reading_seconds, 0\.2 s"):
        anyio.run(apart(reading_seconds=0.2).run, time.sleep, 30)


@pytest.mark.parametrize("how", ["leaves", "fault"])
def test_a_process_that_ends_without_an_answer_is_a_fault(how: str) -> None:
    with pytest.raises(BrokenChildError):
        anyio.run(apart().run, fails, how)
