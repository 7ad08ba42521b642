"""What commands that write the next version of a workbook share: its name, a refusal, and what is said at the end."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from allocator.commands.printing import say

if TYPE_CHECKING:
    from allocator.lifecycle.objecting import Refusal
    from models.errors import Issue, RefusedError


def target_of(workbook: Path, out: Path | None) -> Path:
    """Where the next version goes.

    Raises
    ------
    UsageError
        Something is there, or no folder can be: nobody waits for a plan to be told so.
    """
    from allocator.files import check_folder
    from allocator.lifecycle.next_file import next_name, taken
    from models.errors import UsageError

    target = out or next_name(workbook)
    if workbook.exists() and target.exists():
        raise UsageError(taken(workbook, target))
    if workbook.exists():
        check_folder(target)
    return target


def refused(refusal: "Refusal", workbook: Path) -> "RefusedError":
    """A refusal as an error, with what to type."""
    from models.errors import RefusedError

    error = refusal.error
    quoted = [f'"{name}"' if " " in name else name for name in error.undo_first]
    lines = [f"placements undo {workbook} {name} --by ..." for name in quoted]
    return RefusedError("\n".join([refusal.words, *lines]), error.issues, error.undo_first)


def show_remarks(remarks: "Iterable[Issue]") -> None:
    """What is said of the input with the step, and was not before."""
    for issue in remarks:
        say(f"Note: {issue.message}")


def wrote(workbook: Path, target: Path | None, left_out: Iterable[str]) -> None:
    """Say what was written, and what of the source is not in it."""
    if target is None:
        say("Nothing was written.")
        return
    say(f"Wrote {target}. Go on from there; {workbook} is as it was.")
    for words in left_out:
        say(f"Not carried over: {words}.")
