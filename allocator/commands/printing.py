"""Where commands print: results to stdout, progress and errors to stderr; with ``--json`` one object on stdout."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from pydantic import BaseModel

out_console = Console()
progress_console = Console(stderr=True)


def say(sentence: str) -> None:
    """Print a sentence on stdout as it stands."""
    out_console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def print_json(content: dict[str, Any]) -> None:
    """Print one object on one line of stdout."""
    typer.echo(json.dumps(content))


def dumped(records: Iterable["BaseModel"]) -> list[dict[str, Any]]:
    """Records as plain data."""
    return [r.model_dump(mode="json") for r in records]
