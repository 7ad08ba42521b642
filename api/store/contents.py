"""Contents: files, datasets, policies, plans and checks, kept once by the digest of their bytes and never changed.

Refer to a content by a foreign key, in the transaction that keeps it: what no row refers to is swept away.
"""

import hashlib
import zlib
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import CursorResult, delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.store.inserting import insert_new
from api.store.moments import utc_now
from api.store.tables import Base, Content
from models.errors import AllocationError

LEVEL = 6
"""Of zlib: plans and reports shrink to a tenth; harder costs more time than it saves room."""


class StoreDamagedError(AllocationError):
    """What the store holds is not what was put into it: restore a back-up."""

    code = "store_damaged"


def digest_of(data: bytes) -> str:
    """The name of a content: SHA-256 of its bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def keep(session: Session, data: bytes, kind: str) -> str:
    """Keep bytes, unless they are kept already.

    Parameters
    ----------
    session
        That writes.
    data
        The bytes.
    kind
        What they are, in a word or two: ``source``, ``file``. Whoever keeps them first says it.

    Returns
    -------
    str
        Their digest.
    """
    digest = digest_of(data)
    # Held until the transaction ends, so that nobody sweeps it away before it is referred to.
    there = select(Content.digest).where(Content.digest == digest).with_for_update(read=True, key_share=True)
    if session.scalar(there) is None:
        packed = zlib.compress(data, LEVEL)
        insert_new(session, Content, digest=digest, kind=kind, size=len(data), packed=packed, created=utc_now())
    return digest


def content(session: Session, digest: str) -> bytes:
    """The bytes of a digest, held against it.

    Parameters
    ----------
    session
        That reads.
    digest
        Of :func:`keep`.

    Returns
    -------
    bytes
        As they were kept.

    Raises
    ------
    KeyError
        Nothing of this digest is kept.
    StoreDamagedError
        The bytes are not those that were kept.
    """
    packed = session.scalar(select(Content.packed).where(Content.digest == digest))
    if packed is None:
        raise KeyError(digest)
    try:
        data = zlib.decompress(packed)
    except zlib.error as error:
        raise StoreDamagedError(f"The content {digest} cannot be unpacked. Restore a back-up.") from error
    if digest_of(data) != digest:
        raise StoreDamagedError(f"The content {digest} is not what was kept. Restore a back-up.")
    return data


def drop_unheld(session: Session, digests: Iterable[str]) -> None:
    """Delete those of these contents that no row refers to any more.

    Parameters
    ----------
    session
        That writes.
    digests
        Of contents that a row referred to until now.
    """
    for digest in sorted(set(digests)):
        try:
            with session.begin_nested():
                session.execute(delete(Content).where(Content.digest == digest, *_UNHELD))
        except IntegrityError:  # somebody has referred to it meanwhile (PostgreSQL)
            continue


def sweep(session: Session, digests: Collection[str] = (), before: datetime | None = None) -> int:
    """Delete contents that no row refers to, where nobody else can be keeping any.

    Parameters
    ----------
    session
        That writes, with the table to itself.
    digests
        These.
    before
        And all that were kept before then.

    Returns
    -------
    int
        How many went.
    """
    wanted = list(digests)
    chunks = [Content.digest.in_(wanted[start : start + CHUNK]) for start in range(0, len(wanted), CHUNK)]
    gone = 0
    for chosen in chunks if before is None else [*chunks, Content.created < before]:
        done = session.execute(delete(Content).where(chosen, *_UNHELD))
        assert isinstance(done, CursorResult)
        gone += done.rowcount
    return gone


HOLDERS = tuple(
    key.parent for table in Base.metadata.sorted_tables for key in table.foreign_keys
    if key.column is Base.metadata.tables["content"].c.digest
)  # fmt: skip
"""Every column that refers to a content."""
_UNHELD = tuple(~exists().where(column == Content.digest) for column in HOLDERS)
CHUNK = 1000
"""Digests of one statement."""
