"""``placements scenarios new``: a commented scenario file to begin with."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from allocator.commands.interrupting import tidied
from allocator.commands.printing import say

group = typer.Typer()
EXAMPLE = "example.toml"


@group.command(epilog="Example: placements scenarios new my-questions/smaller-intake.toml")
def new(
    path: Annotated[Path, typer.Argument(help="The file to write; an existing one is left alone.", show_default=False)],
) -> None:
    """Write a commented scenario file: a question, edits of each kind, measures, an answer."""
    from allocator.begun import folder_made
    from allocator.files import check_folder, whole
    from models.errors import UsageError

    if path.suffix != ".toml":
        raise UsageError(f"'{path}': a scenario is a file that ends in .toml")
    if path.exists():
        raise UsageError(f"'{path}' is there already and was left alone: give another name")
    check_folder(path)
    with tidied(), folder_made(path.parent), whole(path) as partial:
        partial.write_text((files("scenarios") / "commands" / EXAMPLE).read_text(encoding="utf-8"), encoding="utf-8")
    say(f"Wrote {path}. Change it, then: placements scenarios run {path} my-partnership.xlsx")
