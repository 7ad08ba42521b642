"""What an administrator sets: where the store is, where the service listens, and its limits."""

from pathlib import Path

from pydantic import Field, SecretStr

from models.base import Record

DATABASE = "sqlite:///placements.db"
"""A file in the folder that the service is started in."""


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
