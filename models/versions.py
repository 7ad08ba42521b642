"""The versions of a plan that were published."""

from models.base import Date, Record


class Version(Record):
    """A plan that was published: which one, when, by whom, and what it was worth. Written by ``publish``, never typed.

    ``dataset``, ``policy`` and ``plan`` are digests of what it was made from and of itself; ``proved`` of its ``tiers``
    were proved; ``checked`` and ``changes`` say in words what the independent check found, and what was new in it.
    """

    version: int
    published_on: Date | None = None
    by: str | None = None
    dataset: str | None = None
    policy: str | None = None
    plan: str | None = None
    seed: int | None = None
    placed: int | None = None
    of: int | None = None
    proved: int | None = None
    tiers: int | None = None
    checked: str | None = None
    changes: str | None = None
