"""Arguments and options that several commands have, and what is made of them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

Workbook = Annotated[
    Path, typer.Argument(help="A workbook (.xlsx), a folder of CSV files, or a JSON file.", show_default=False)
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="A policy setting, for example --set travel_limit=75 or --set rule.E04=off."),
]
PolicyFile = Annotated[Path | None, typer.Option("--policy", help="Policy settings in a TOML file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
OutFolder = Annotated[Path, typer.Option("--out", help="Folder for the result files; made if it is missing.")]
NextFile = Annotated[
    Path | None,
    typer.Option("--out", help="The next version; by default beside it, with the next number.", show_default=False),
]
NamesFile = Annotated[
    Path | None,
    typer.Option("--names", help="Local file of id, name, e-mail, joined only in the team's own report or letters."),
]


def settings_of(settings: Iterable[str] | None, policy_file: Path | None) -> dict[str, str]:
    """Settings by key: those of the policy file, and over them those given one by one.

    Raises
    ------
    UsageError
        One is not ``key=value``, or is given twice with different values; or the file cannot be read.
    PolicyError
        The file is not TOML, or names a setting that there is not.
    """
    from allocator.settling import read_policy_toml
    from models.errors import UsageError

    given = dict(read_policy_toml(policy_file)) if policy_file else {}
    twice: dict[str, str] = {}
    for text in settings or ():
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--set {text}: write key=value, for example --set travel_limit=75")
        if twice.setdefault(key.strip().casefold(), value.strip()) != value.strip():
            raise UsageError(f"--set {key.strip()} is given twice with different values: keep one of them")
        given[key.strip()] = value.strip()
    return given
