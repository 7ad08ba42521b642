"""The administrator's guide says what there is: settings with their defaults, commands, options, metrics, links."""

import re
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from typer.main import get_command

from allocator.commands.app import app
from api.jobs.leases import Watch
from api.serving.metrics import Metrics
from api.settings import PREFIX, Settings
from api.store.opening import open_store

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
GUIDE = (DOCS / "administrators-guide.md").read_text(encoding="utf-8")


def shown(default: Any) -> str:
    """A default as the guide's table has it."""
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    if value is None or value == "":
        return "none"
    return "`no`" if value is False else f"`{int(value) if isinstance(value, float) else value}`"


def test_every_setting_is_in_the_table_with_its_default() -> None:
    table = re.findall(r"^\| `(PLACEMENTS_\w+)` \| ([^|]+) \|", GUIDE, re.MULTILINE)
    fields = Settings.model_fields.items()
    assert table == [(PREFIX + name.upper(), shown(field.default)) for name, field in fields]


def test_every_command_that_it_shows_is_one_with_these_options() -> None:
    commands = re.findall(r"^\$ (?:\.venv/bin/)?placements (.+)$", GUIDE, re.MULTILINE)
    assert len(commands) > 5
    for words in (line.split() for line in commands):
        command: Any = get_command(app)
        while hasattr(command, "commands") and words:
            command = command.commands[words.pop(0)]
        known = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, words


def test_every_metric_is_named(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'placements.db'}")
    page = Metrics(store, Watch()).page().decode()
    store.close()
    kinds = {family.name: family.type for family in text_string_to_metric_families(page)}
    names = {name + ("_total" if kind == "counter" else "") for name, kind in kinds.items()}
    assert set(re.findall(r"^\| `(placements_\w+)` \|", GUIDE, re.MULTILINE)) == names


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert {target for target in targets if not (page.parent / target).exists()} == set()
