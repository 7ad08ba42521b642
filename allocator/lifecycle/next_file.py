"""The next version of an input: its name beside the source, and a step written into it, read again and compared."""

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from allocator.begun import folder_made
from allocator.reading.editing import Edit, edited
from allocator.reading.next_input import write_next
from allocator.reading.reader import read_register
from allocator.settling.settling import Reading, settle
from models.errors import NotAsWrittenError, UsageError
from models.register import Register

_VERSION = re.compile(r"(?P<name>.+)-(?P<number>[1-9]\d{0,2})")
_DATE = re.compile(r"(.*\D)?(19|20)\d\d-\d\d(-\d\d)?")


def next_name(source: Path) -> Path:
    """The name of the version after an input: ``round.xlsx``, ``round-2.xlsx``, ``round-3.xlsx``; of folders alike.

    Parameters
    ----------
    source
        A workbook, a folder of CSV files or a JSON file.

    Returns
    -------
    Path
        Beside the source; a date or academic year at the end of a name (``2026-11-21``, ``2026-27``) counts none.
    """
    source = source.resolve() if source.name in ("", "..") else source
    name, suffix = _parts(source)
    found = _VERSION.fullmatch(name)
    if found is None or _DATE.fullmatch(name):
        return source.with_name(f"{name}-2{suffix}")
    return source.with_name(f"{found['name']}-{int(found['number']) + 1}{suffix}")


def write_step(
    source: Path,
    target: Path,
    register: Register,
    edits: Sequence[Edit],
    settings: Mapping[str, str] = {},
    today: date | None = None,
) -> tuple[str, ...]:
    """Write a step into the next version of an input, if what is read from there is what the step meant.

    Parameters
    ----------
    source
        What was read; it is not touched.
    target
        The next version, such as :func:`next_name` says; its folder is made if absent.
    register
        What was read from ``source``.
    edits
        The step.
    settings, today
        As the step was judged.

    Returns
    -------
    tuple of str
        What the source holds and the next version does not, or holds in another form.

    Raises
    ------
    UsageError
        Something stands at ``target``, its name has another ending, the source was changed meanwhile, or it cannot be
        copied.
    NotAsWrittenError
        What was written reads as something else: nothing is left of it.
    """
    if target.exists():
        raise UsageError(taken(source, target))
    _, suffix = _parts(source)
    if target.suffix.casefold() != suffix.casefold() and suffix:
        raise UsageError(f"{target}: the next version of {source.name} has the same form, so its name ends in {suffix}")
    meant = settle(edited(register, edits), settings, today)
    with ExitStack() as stack:
        try:
            stack.enter_context(folder_made(target.parent))
            beside = TemporaryDirectory(prefix=".placements-", dir=target.parent, ignore_cleanup_errors=True)
        except OSError as error:  # it would name the folder beside the target, which nobody typed
            raise UsageError(f"{target} cannot be written: {error.strerror or error}") from error
        folder = stack.enter_context(beside)
        written = Path(folder) / target.name
        left_out = write_next(source, written, register, edits)
        if not _same(settle(read_register(written), settings, today), meant):
            if read_register(source) != register:
                raise UsageError(f"{source} was changed meanwhile, so nothing was written: take the step again")
            raise NotAsWrittenError(f"{target.name} would not have held what was decided, so it was not written")
        _put(written, target, source)
    return left_out


def _parts(source: Path) -> tuple[str, str]:
    """The name of an input, and the ending that says its form; of a folder blank."""
    suffix = "" if source.is_dir() else source.suffix
    return source.name.removesuffix(suffix), suffix


def taken(source: Path, target: Path) -> str:
    """Why a step cannot be written where something stands, and what to do."""
    if target != next_name(source):
        return f"{target} exists already; name another file with --out, so that nothing is overwritten"
    return (
        f"{target} exists already: somebody has taken a step from {source.name} before. Start from {target.name}, "
        "which holds that step, or name another file with --out"
    )


def _same(one: Reading, other: Reading) -> bool:
    """Whether two inputs hold the same facts and settings; what is said of cells depends on how they are typed."""
    facts = (reading.dataset.model_copy(update={"issues": ()}) for reading in (one, other))
    return len({f.digest for f in facts}) == 1 and one.policy == other.policy


def _put(written: Path, target: Path, source: Path) -> None:
    """Give what was written its name, unless somebody was quicker: then theirs stays."""
    try:
        if written.is_dir():
            written.rename(target)
        else:
            target.open("x").close()
            os.replace(written, target)
    except OSError as error:
        if target.exists():
            raise UsageError(taken(source, target)) from error
        raise
