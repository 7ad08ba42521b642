"""Work in a process of its own: its result, its errors, and what ends it."""

import errno
import os
import resource
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


def fills_a_part(megabytes: int) -> int:
    """The process that it was done in."""
    assert len(b"1" * (megabytes * 1_000_000))
    return os.getpid()


def sleeps(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def processor_limit() -> tuple[int, int]:
    return os.getpid(), resource.getrlimit(resource.RLIMIT_CPU)[0]


KEPT: list[int] = []


def keeps(number: int) -> tuple[int, int]:
    """The process that it was done in, and how much that has kept."""
    KEPT.append(number)
    return os.getpid(), len(KEPT)


def breaks_what_has_kept(how: str) -> int:
    """Fails in a process that has kept something."""
    if KEPT:
        if how == "leaves":
            os._exit(3)
        raise MemoryError
    return os.getpid()


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
        ("large", TooLargeError, "too many parts"), ("memory", ReadingLimitError, "than the 2048 MB that"),
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
    with pytest.raises(ReadingLimitError, match="512 MB that this service has for it"):
        anyio.run(apart(reading_megabytes=512).run, fills_the_memory)
    with pytest.raises(ReadingLimitError, match=r"longer than the 0\.2 s that this service takes"):
        anyio.run(apart(reading_seconds=0.2).run, time.sleep, 30)


@pytest.mark.parametrize("how", ["leaves", "fault"])
def test_a_process_that_ends_without_an_answer_is_a_fault(how: str) -> None:
    with pytest.raises(BrokenChildError):
        anyio.run(apart().run, fails, how)


def test_a_process_that_stays_has_what_it_kept_and_one_that_does_not_has_nothing() -> None:
    staying = apart()
    (first, one), (second, two) = (anyio.run(staying.run_again, keeps, 1) for _ in range(2))
    assert (first, one, two) == (second, 1, 2)
    assert anyio.run(staying.run, keeps, 1)[1] == 1
    with pytest.raises(UsageError, match="no file"):  # what is refused is no reason to end it
        anyio.run(staying.run_again, fails, "usage")
    assert anyio.run(staying.run_again, keeps, 1) == (first, 3)
    staying.close()
    # A new one for each, since none is to stay any more.
    assert [anyio.run(staying.run_again, keeps, 1)[1] for _ in range(2)] == [1, 1]


@pytest.mark.parametrize("how", ["leaves", "memory"])
def test_what_fails_with_what_was_kept_is_done_by_a_new_process(how: str) -> None:
    staying = apart()
    before, _ = anyio.run(staying.run_again, keeps, 1)
    assert anyio.run(staying.run_again, breaks_what_has_kept, how) != before
    anyio.run(staying.run_again, keeps, 1)
    with pytest.raises(BrokenChildError):  # twice, the second time with nothing kept
        anyio.run(staying.run_again, fails, "leaves")


def test_a_process_that_has_taken_much_memory_does_not_stay() -> None:
    staying = apart(reading_megabytes=1000)  # a quarter of it is 250 MB; the library itself takes less than 150
    little = [anyio.run(staying.run_again, fills_a_part, 1) for _ in range(2)]
    assert little[0] == little[1]
    assert anyio.run(staying.run_again, fills_a_part, 250) == little[0]
    assert anyio.run(staying.run_again, fills_a_part, 1) != little[0]


def test_two_at_a_time_are_done_by_two_processes() -> None:
    staying, found = apart(), list[int]()

    async def both() -> None:
        async def one() -> None:
            found.append(await staying.run_again(sleeps, 0.2))

        async with anyio.create_task_group() as group:
            group.start_soon(one)
            group.start_soon(one)

    anyio.run(both)
    assert len(set(found)) == 2
    assert anyio.run(staying.run_again, sleeps, 0) in found


def test_the_time_of_a_process_that_stays_is_counted_anew_for_each_piece_of_work() -> None:
    # The system ends it 5 s after the limit, counted from what it has used before: 0 or 1 s here, never 60 s more.
    staying = apart(reading_seconds=100)
    first, second = (anyio.run(staying.run_again, processor_limit) for _ in range(2))
    assert first[0] == second[0]
    assert 105 <= first[1] <= second[1] <= 107
