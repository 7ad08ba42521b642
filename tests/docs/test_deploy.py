"""What container, unit and proxies name is there: commands, settings, paths, limits."""

import re
import shlex
from pathlib import Path
from typing import Any

from typer.main import get_command

from allocator.commands.app import app
from api.routes.run_events import STREAM_SECONDS
from api.serving.app import create_app
from api.serving.exposing import refuse_open_network
from api.serving.server import LEAVING_SECONDS
from api.serving.supervising import END_SECONDS
from api.settings import Settings, settings_from
from api.store.opening import open_store

ROOT = Path(__file__).parent.parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "placements.service").read_text(encoding="utf-8")
CADDY = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
NGINX = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
VARIABLE = r"(PLACEMENTS_[A-Z_]+)=(\S+)"


def set_by(text: str) -> Settings:
    """The settings that a file starts the service with; what is no setting is refused."""
    said = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    found = dict(re.findall(VARIABLE, said))
    assert found
    return settings_from(found, {})


def test_container_and_unit_start_a_service_behind_a_proxy() -> None:
    for text in (DOCKERFILE, UNIT):
        settings = set_by(text)
        assert settings.behind_proxy
        refuse_open_network(settings)
    assert set_by(DOCKERFILE).database == "sqlite:////data/placements.db"
    assert set_by(UNIT).database == "sqlite:////var/lib/placements/placements.db"
    assert f"EXPOSE {set_by(DOCKERFILE).port}\n" in DOCKERFILE


def test_variables_that_comments_name_are_settings() -> None:
    for text in (DOCKERFILE, UNIT, CADDY, NGINX):
        for name in re.findall(r"PLACEMENTS_([A-Z_]+)", text):
            assert name.lower() in Settings.model_fields


def test_commands_are_there() -> None:
    commands: Any = get_command(app)
    started = re.findall(r'CMD \["placements", "(\w+)"\]', DOCKERFILE)
    started += re.findall(r"^ExecStart=\S+/placements (\w+)$", UNIT, re.MULTILINE)
    assert started == ["serve", "serve"]
    assert set(started) <= set(commands.commands)


def test_container_is_made_from_what_is_there_and_let_through() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = {source for line in copied for source in shlex.split(line)}
    assert {source for source in sources if not (ROOT / source).exists()} == set()
    assert {f"!{source}" for source in sources} == {line for line in IGNORED if line.startswith("!")}
    packages = re.search(r"^include = \[(.*)\]$", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert packages
    assert set(re.findall(r'"(\w+)\*"', packages[1])) <= sources
    assert IGNORED[IGNORED.index("*") + 1].startswith("!")
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE) == ["placements"]


def test_addresses_that_they_name_are_answered(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'placements.db'}")
    paths = create_app(Settings(), store).openapi()["paths"]
    store.close()
    assert "/health/ready" in DOCKERFILE
    assert "/health/ready" in paths
    pattern = re.search(r"location ~ (\S+) \{[^}]*proxy_buffering off;[^}]*proxy_read_timeout (\d+)m;", NGINX)
    assert pattern
    addresses = {path: path.replace("{run}", "0" * 32) for path in paths}
    assert [path for path, asked in addresses.items() if re.match(pattern[1], asked)] == ["/v1/runs/{run}/events"]
    assert int(pattern[2]) * 60 > STREAM_SECONDS
    assert "flush_interval -1" in CADDY
    assert f"127.0.0.1:{Settings().port}" in CADDY
    assert f"http://127.0.0.1:{Settings().port};" in NGINX


def test_they_let_through_and_wait_for_what_the_service_allows() -> None:
    for text in (CADDY, NGINX):
        size = re.search(r"(?:max_size|body_size) (\d+)", text)
        assert size
        assert int(size[1]) * 10**6 > Settings().upload_bytes
    waits = [int(seconds) for seconds in re.findall(r"proxy_read_timeout (\d+)s;", NGINX)]
    assert all(wait > Settings().reading_seconds for wait in waits)
    stop = re.search(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    assert stop
    assert int(stop[1]) > LEAVING_SECONDS + END_SECONDS
