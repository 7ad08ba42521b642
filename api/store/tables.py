"""The tables, as SQLAlchemy sees them. What they mean; who reads and writes them stands in the modules beside.

After a change here: ``make migration WORDS="what changed"`` (:mod:`api.store.migrations`).

Contents (files, datasets, policies, plans, checks) are kept once, by the digest of their bytes, and never changed.
Ids of rounds, runs and people are random; times are UTC.
"""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Boolean,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ID, DIGEST, WORD = String(32), String(64), String(100)

NAMES = {
    "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
}  # fmt: skip


class Moment(TypeDecorator[datetime]):
    """A time in UTC; SQLite keeps none of a time's zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: with its zone."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables."""

    # Names, so that migrations can take constraints away.
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        bytes: LargeBinary,
    }


class Content(Base):
    """Bytes by their digest (SHA-256 in hexadecimal), compressed; written once."""

    __tablename__ = "content"
    digest: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    kind: Mapped[str] = mapped_column(WORD)
    size: Mapped[int] = mapped_column(Integer)
    packed: Mapped[bytes]
    created: Mapped[datetime]


class Round(Base):
    """What a placements team works on; ``version`` counts every change (its ETag).

    ``plans_shared``: runs whose plans ever left the team, also those that were taken back or deleted since.
    """

    __tablename__ = "round"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    tranches: Mapped[list[Any]]
    version: Mapped[int] = mapped_column(Integer, default=1)
    created: Mapped[datetime]
    touched: Mapped[datetime]
    announced: Mapped[datetime | None]
    plans_shared: Mapped[list[Any]] = mapped_column(default=list)


class RoundDataset(Base):
    """A workbook of a round, in order; the last is the one in force. ``source`` is the file that was uploaded."""

    __tablename__ = "round_dataset"
    __table_args__ = (UniqueConstraint("round", "number"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    filename: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(ForeignKey("content.digest"))
    dataset_digest: Mapped[str | None] = mapped_column(DIGEST)
    counts: Mapped[dict[str, Any]]
    issues: Mapped[list[Any]]
    added_by: Mapped[str] = mapped_column(ID)
    added: Mapped[datetime]


class Decision(Base):
    """A row of a round's decision log: only added to; ``undoes`` is the number of the one that it undoes.

    ``cells`` (sheet, row, column, cell) are typed into the round's workbook of the number ``workbook`` with it, such as
    ids that the row names.
    """

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("round", "number"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    row: Mapped[dict[str, Any] | None]
    undoes: Mapped[int | None] = mapped_column(Integer)
    why: Mapped[str | None] = mapped_column(Text)
    cells: Mapped[list[Any] | None]
    workbook: Mapped[int | None] = mapped_column(Integer)
    made_by: Mapped[str] = mapped_column(ID)
    made: Mapped[datetime]


class MatchStep(Base):
    """A step that types cells alone: only added to. ``done`` says in words which.

    Of the ladder of a published match, places that an agency took back, results of a results day.
    ``cells`` (sheet, row, column, cell) are typed into the round's workbook of the number ``workbook``.
    """

    __tablename__ = "match_step"
    __table_args__ = (UniqueConstraint("round", "number"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    done: Mapped[str] = mapped_column(Text)
    cells: Mapped[list[Any]]
    workbook: Mapped[int] = mapped_column(Integer)
    made_by: Mapped[str] = mapped_column(ID)
    made: Mapped[datetime]


class PublishedVersion(Base):
    """A plan of a round that was published, frozen with all that it is made of; ``facts``: a row of the sheet Versions.

    ``run`` made the plan, and may be deleted since; ``workbook`` is the number of the one in which it is published.
    """

    __tablename__ = "published_version"
    __table_args__ = (UniqueConstraint("round", "number"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    run: Mapped[str] = mapped_column(ID)
    workbook: Mapped[int] = mapped_column(Integer)
    facts: Mapped[dict[str, Any]]
    plan: Mapped[str] = mapped_column(ForeignKey("content.digest"))
    checked: Mapped[str] = mapped_column(ForeignKey("content.digest"))
    cost: Mapped[str] = mapped_column(ForeignKey("content.digest"))
    data: Mapped[str] = mapped_column(ForeignKey("content.digest"))
    made_by: Mapped[str] = mapped_column(ID)
    made: Mapped[datetime]


class Reply(Base):
    """What an agency replied: its form, as it was read on its page or from a file; only added to.

    ``name`` is unique in the round; ``agency`` is None where the form does not tell; ``run`` is the one whose plan the
    page showed, None of a file.
    """

    __tablename__ = "reply"
    __table_args__ = (UniqueConstraint("round", "number"), UniqueConstraint("round", "name"))
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200))
    agency: Mapped[str | None] = mapped_column(String(200))
    run: Mapped[str | None] = mapped_column(ID)
    form: Mapped[dict[str, Any]]
    made_by: Mapped[str] = mapped_column(ID)
    made: Mapped[datetime]


class ReplyAnswer(Base):
    """What the team did with what a reply proposes, or with the whole of it (``place`` is empty); only added to.

    ``place`` says where in the form it stands, ``says`` what it proposes, ``reason`` why it is refused.
    """

    __tablename__ = "reply_answer"
    __table_args__ = (UniqueConstraint("round", "number"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    reply: Mapped[int] = mapped_column(Integer)
    place: Mapped[str] = mapped_column(Text)
    says: Mapped[str] = mapped_column(Text)
    accepted: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str | None] = mapped_column(WORD)
    made_by: Mapped[str] = mapped_column(ID)
    made: Mapped[datetime]


class ReplyDraft(Base):
    """What an agency has typed of its reply to a run's plan and not sent; it goes with the run, or when it is sent."""

    __tablename__ = "reply_draft"
    run: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    agency: Mapped[str] = mapped_column(String(200), primary_key=True)
    answers: Mapped[list[Any]]
    saved_by: Mapped[str] = mapped_column(ID)
    saved: Mapped[datetime]


class Run(Base):
    """An accepted piece of work, of a kind of ``api.jobs.working``. ``attempt`` counts its beginnings.

    Who works on it writes with the ``attempt`` that it began: an older one is refused, so nothing is done twice.
    ``shared``: since when agencies and the Alliance may see their part of its plan; the team says so, never the run.
    """

    __tablename__ = "run"
    __table_args__ = (Index("run_by_time", "created", "id"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(WORD)
    round: Mapped[str | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(ForeignKey("content.digest"))
    filename: Mapped[str] = mapped_column(String(200))
    decisions: Mapped[int] = mapped_column(Integer, default=0)
    settings: Mapped[dict[str, Any]]
    limits: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(WORD, index=True)
    answer: Mapped[str | None] = mapped_column(WORD)
    priority: Mapped[int] = mapped_column(Integer, default=0)
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    stop_asked: Mapped[bool] = mapped_column(Boolean, default=False)
    dataset_digest: Mapped[str | None] = mapped_column(DIGEST)
    policy_digest: Mapped[str | None] = mapped_column(DIGEST)
    issues: Mapped[list[Any]]
    progress: Mapped[dict[str, Any] | None]
    problem: Mapped[dict[str, Any] | None]
    created_by: Mapped[str] = mapped_column(ID, index=True)
    created: Mapped[datetime]
    started: Mapped[datetime | None]
    ended: Mapped[datetime | None]
    announced: Mapped[datetime | None]
    shared: Mapped[datetime | None]


class RunFile(Base):
    """A file of a run's results, by its path in the folder of results; plan, check and facts among them."""

    __tablename__ = "run_file"
    run: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(String(300), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("content.digest"))


class RunEvent(Base):
    """What a run told while it worked, numbered in order from 1; server-sent events are read from here."""

    __tablename__ = "run_event"
    run: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(WORD)
    content: Mapped[dict[str, Any]]


class Worker(Base):
    """A process that takes runs. ``beats`` grows while it lives: who sees it stand still takes over what it had begun.

    ``machine`` and ``process`` name the process of the system, so that one of the same machine is known to be gone at
    once; both are blank where the system does not tell.
    """

    __tablename__ = "worker"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    machine: Mapped[str] = mapped_column(String(200))
    process: Mapped[str] = mapped_column(String(100))
    processes: Mapped[int] = mapped_column(Integer)
    beats: Mapped[int] = mapped_column(Integer, default=0)
    started: Mapped[datetime]
    seen: Mapped[datetime]


class Account(Base):
    """Somebody who may sign in. ``agency`` is the one that a person of an agency speaks for."""

    __tablename__ = "account"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    login: Mapped[str] = mapped_column(String(200), unique=True)
    role: Mapped[str] = mapped_column(WORD)
    agency: Mapped[str | None] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(300))
    disabled: Mapped[bool] = mapped_column(Boolean, default=False)
    created: Mapped[datetime]


class Membership(Base):
    """Which rounds an account may see."""

    __tablename__ = "membership"
    account: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)


class Token(Base):
    """A key of a program; only its hash is kept. ``purpose``: the API, or the one-time first link."""

    __tablename__ = "token"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(WORD)
    secret_hash: Mapped[str] = mapped_column(String(300))
    created: Mapped[datetime]
    expires: Mapped[datetime | None]
    used: Mapped[datetime | None]
    revoked: Mapped[bool] = mapped_column(Boolean, default=False)


class SignedIn(Base):
    """A session of a browser; the cookie's digest is kept, never the cookie."""

    __tablename__ = "signed_in"
    digest: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    form_token: Mapped[str] = mapped_column(String(64))
    created: Mapped[datetime]
    seen: Mapped[datetime]
    expires: Mapped[datetime]


class Repeated(Base):
    """The answer to a request that came with an ``Idempotency-Key``, to be given again."""

    __tablename__ = "repeated"
    account: Mapped[str] = mapped_column(ID, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_digest: Mapped[str] = mapped_column(DIGEST)
    status: Mapped[int] = mapped_column(Integer)
    headers: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any]]
    created: Mapped[datetime]


class AuditEntry(Base):
    """Who did what when, in a chain: ``digest`` covers the entry and the digest of the one before.

    ``subject`` names a thing by its id, never a student; what may name one stands in ``details``.

    ``details`` may be blotted out when a round is deleted; what the chain covers is ``details_digest``, made with a
    salt that goes with them, so that nobody can guess what they were.
    """

    __tablename__ = "audit_entry"
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(ID)
    action: Mapped[str] = mapped_column(WORD)
    subject: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any] | None]
    salt: Mapped[str | None] = mapped_column(String(64))
    details_digest: Mapped[str] = mapped_column(DIGEST)
    previous: Mapped[str] = mapped_column(DIGEST)
    digest: Mapped[str] = mapped_column(DIGEST)


class AuditHead(Base):
    """How long the audit is and how its last entry is sealed, so that a cut end is seen; one row."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(DIGEST)
