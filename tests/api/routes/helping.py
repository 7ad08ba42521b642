"""What tests of routes share: a partnership that was sent, answers that are problems."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from httpx2 import Response

from tests.reading.sheets import write_rows

PROBLEM = "application/problem+json"


def book_of(rows: Any) -> bytes:
    """A workbook of these sheets."""
    with TemporaryDirectory() as folder:
        write_rows(Path(folder) / "w.xlsx", rows)
        return (Path(folder) / "w.xlsx").read_bytes()


def refused(answer: Response, status: int = 422) -> str:
    """The detail of a problem."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["status"] == status
    return str(answer.json()["detail"])
