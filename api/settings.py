"""What an administrator sets: where the store is, where the service listens, and its limits."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError

from allocator.reading.spelling import did_you_mean
from api.defaults import DATABASE
from models.base import Record
from models.errors import UsageError

PREFIX = "PLACEMENTS_"
"""Of the environment's variables: each setting has one, ``PLACEMENTS_RUN_SECONDS`` for ``run_seconds``."""
NO_SETTINGS = ("PLACEMENTS_SERVER", "PLACEMENTS_TOKEN", "PLACEMENTS_SUPERVISOR")
"""Variables of ``placements remote``, and what a server tells its workers."""


class Settings(Record):
    """Settings of the service; every one has a default that fits one machine.

    ``database``: URL of the store, SQLite or PostgreSQL; ``host``, ``port``: where it listens; ``behind_proxy``: a
    proxy before it speaks TLS (that, or a certificate, is needed for any ``host`` beyond this machine);
    ``public_url``: where people reach it, for links and for forms that come from its own pages; ``workers``:
    processes that solve; sizes in bytes; ``reading_seconds``, ``reading_megabytes``: limits of reading one input and of
    judging one plan; ``run_seconds``, ``run_megabytes``: limits of one run; ``requests_a_minute``
    by person and by address; ``sign_ins_a_minute`` by address and by name; ``session_hours``: until somebody has to
    sign in again; ``retention_days``: after which a round that nobody touched is deleted for good, announced
    ``announce_days`` before; ``metrics_token``: what Prometheus sends to read the metrics, which are off without it.
    ``openid_issuer`` switches signing in by OpenID Connect on: the provider's address, what it knows the service by,
    and the claim of its answer that is the login of an account.
    """

    database: str = DATABASE
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    behind_proxy: bool = False
    public_url: str | None = None
    certificate: Path | None = None
    certificate_key: Path | None = None
    workers: int = Field(default=1, ge=0, le=64)
    upload_bytes: int = Field(default=20_000_000, ge=1)
    unpacked_bytes: int = Field(default=200_000_000, ge=1)
    rows: int = Field(default=200_000, ge=1)
    body_depth: int = Field(default=20, ge=2)
    reading_seconds: float = Field(default=60.0, gt=0)
    reading_megabytes: int = Field(default=2048, ge=256)
    run_seconds: float = Field(default=3600.0, gt=0)
    run_megabytes: int = Field(default=8192, ge=512)
    requests_a_minute: int = Field(default=600, ge=1)
    sign_ins_a_minute: int = Field(default=10, ge=1)
    session_hours: float = Field(default=12.0, gt=0)
    metrics_token: str | None = Field(default=None, min_length=16)
    retention_days: int = Field(default=730, ge=1)
    announce_days: int = Field(default=7, ge=0)
    openid_issuer: str | None = None
    openid_client: str = ""
    openid_secret: SecretStr = SecretStr("")
    openid_claim: str = "email"


def settings_from(environment: Mapping[str, str], given: Mapping[str, Any]) -> Settings:
    """The settings of a service.

    Parameters
    ----------
    environment
        Variables by name; blank ones count as not there.
    given
        Settings by name that win over them, such as options of the command line; what is None is not given.

    Returns
    -------
    Settings
        The defaults where neither says anything.

    Raises
    ------
    UsageError
        Everything that is wrong: a variable that is no setting's, a value that is out of range.
    """
    names = {PREFIX + name.upper(): name for name in Settings.model_fields}
    found = {key: value for key, value in environment.items() if key.startswith(PREFIX) and value.strip()}
    unknown = [key for key in found if key not in names and key not in NO_SETTINGS]
    wrong = [f"{key} is no setting.{did_you_mean(key, names)}" for key in sorted(unknown)]
    values = {names[key]: value for key, value in found.items() if key in names}
    values |= {name: value for name, value in given.items() if value is not None}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        wrong += [f"{e['loc'][0]}: {e['msg']}" for e in error.errors(include_url=False, include_input=False)]
    if wrong:
        raise UsageError(" ".join(line if line.endswith((".", "?")) else f"{line}." for line in wrong))
    return settings
