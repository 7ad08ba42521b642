"""Answers into a folder: the page, the workbook, JSON."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import ValidationError

from allocator.report.cells import write_bytes
from models.errors import UnwrittenError, UsageError
from scenarios.answers import Answer
from scenarios.report.page import answers_page
from scenarios.report.workbook import write_answers_workbook

PAGE, WORKBOOK, DATA = "answers.html", "answers.xlsx", "answers.json"


def write_answers(out: Path, title: str, answers: Sequence[Answer]) -> tuple[Path, ...]:
    """Write answers as page, workbook and JSON.

    Parameters
    ----------
    out
        Folder; made if absent.
    title
        Of page and workbook.
    answers
        In their order.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    UnwrittenError
        Some could not be written; the others are.
    """
    page, book, data = (out / name for name in (PAGE, WORKBOOK, DATA))
    content = {"title": title, "answers": [a.model_dump(mode="json") for a in answers]}
    steps: tuple[tuple[Path, Callable[[], None]], ...] = (
        (data, lambda: write_bytes(data, (json.dumps(content, indent=1) + "\n").encode())),
        (page, lambda: write_bytes(page, answers_page(title, answers).encode())),
        (book, lambda: write_answers_workbook(book, title, answers)),
    )
    written: list[Path] = []
    unwritten: list[tuple[Path, str]] = []
    for path, write in steps:
        try:
            write()
            written.append(path)
        except UnwrittenError as error:
            unwritten += error.unwritten
    if unwritten:
        raise UnwrittenError(written, unwritten)
    return tuple(written)


def written_answers(out: Path) -> tuple[Answer, ...]:
    """The answers of a folder; none where it has none.

    Raises
    ------
    UsageError
        They cannot be read.
    """
    path = out / DATA
    if not path.exists():
        return ()
    try:
        return tuple(Answer.model_validate_json(json.dumps(one)) for one in json.loads(path.read_bytes())["answers"])
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"'{path}' cannot be read as answers of this version") from error
