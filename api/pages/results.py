"""The results that a round has: its newest plan, its versions, the plans before; what differs between two of them."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy.orm import Session

from allocator.results import CHECK, DATA, PLAN, ResultData
from allocator.views.facts import Facts, day
from api.inputs.comparing import Compared, compared_in_words
from api.inputs.recent import Recent
from api.pages.plans import Shown
from api.pages.rendering import moment
from api.pages.visiting import RoundVisit
from api.problems import NotFoundError
from api.routes.results import plans
from api.routes.service import Service
from api.store.contents import content
from api.store.runs import files_of
from api.store.tables import PublishedVersion
from api.store.versions import version_of, versions_of
from models.plan import CheckReport, Plan
from models.versions import Version

NOW = "now"
"""The newest plan of a round."""
MOST = 16
"""Comparisons, and frozen versions, that are kept at a time: what they are made of never changes."""


class Source(NamedTuple):
    """A result that can be compared: what stands for it in an address, and its words."""

    value: str
    words: str


class Opened(NamedTuple):
    """The digests of the files of a result, by name, and what it is called."""

    files: Mapping[str, str]
    words: str


_COMPARED: Recent[Compared] = Recent(MOST)
_VERSIONS: Recent[Shown] = Recent(MOST)


def sources(visit: RoundVisit) -> list[Source]:
    """What can be compared in a round: the newest plan, the versions, the plans before; newest first.

    Parameters
    ----------
    visit
        Of a page of the round.
    """
    service, round = visit.visit.service, visit.round.id
    newest = visit.plan.run if visit.plan else None
    found = [Source(NOW, f"the plan now, of {moment(visit.plan.created)}")] if visit.plan else []
    with service.store.reading() as session:
        versions = versions_of(session, round)
        found += [Source(f"version:{v.number}", version_words(v)) for v in reversed(versions)]
    earlier = plans(round, service).plans
    return found + [Source(f"run:{p.run}", f"the plan of {moment(p.created)}") for p in earlier if p.run != newest]


def version_words(version: PublishedVersion) -> str:
    """A version by its number and day."""
    row = Version.model_validate(version.facts)
    return f"version {version.number}" + (f" of {day(row.published_on)}" if row.published_on else "")


def opened(session: Session, visit: RoundVisit, value: str) -> Opened:
    """A result of a round.

    Parameters
    ----------
    session
        That reads.
    visit
        Of a page of the round.
    value
        Of a :class:`Source`.

    Raises
    ------
    NotFoundError
        The round has no such result.
    """
    kind, _, name = value.partition(":")
    if kind == "version" and name.isascii() and name.isdigit():
        version = version_of(session, visit.round.id, int(name))
        return Opened({PLAN: version.plan, CHECK: version.checked, DATA: version.data}, version_words(version))
    known = next((source for source in sources(visit) if source.value == value), None)
    if known is None or (kind == NOW and visit.plan is None):
        raise NotFoundError(f"The round has no plan or version '{value}'.")
    run = visit.plan.run if kind == NOW and visit.plan else name
    there = {file.path: file.digest for file in files_of(session, run)}
    return Opened({path: there[path] for path in (PLAN, CHECK, DATA) if path in there}, known.words)


async def difference(service: Service, before: Opened, after: Opened) -> Compared:
    """What is different between two results, worked out once, in a process of its own.

    Parameters
    ----------
    service
        Its store and its processes.
    before, after
        Of :func:`opened`.
    """
    key = (*sorted(before.files.items()), *sorted(after.files.items()), before.words, after.words)
    if (known := _COMPARED.get(key)) is not None:
        return known
    with service.store.reading() as session:
        was, is_ = ({n: content(session, digest) for n, digest in one.files.items()} for one in (before, after))
    found = await service.apart.run(compared_in_words, was, is_, (before.words, after.words))
    _COMPARED.put(key, found)
    return found


def frozen(session: Session, version: PublishedVersion) -> Shown:
    """A published version as pages show it.

    Parameters
    ----------
    session
        That reads.
    version
        It never changes.
    """

    def made() -> Shown:
        plan = Plan.model_validate_json(content(session, version.plan))
        data = ResultData.model_validate_json(content(session, version.data))
        check = CheckReport.model_validate_json(content(session, version.checked))
        facts = Facts(data.dataset, plan.policy, plan)
        return Shown(version.run, version.made, "complete", None, facts, check)

    return _VERSIONS.of((version.plan, version.checked, version.data), made)
