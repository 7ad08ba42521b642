"""Publishing a plan: what it would do before it is done, and the versions that were published, frozen."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from allocator.report.tables import CSV, WORKBOOK, table_file
from allocator.views.compared import changes_table
from allocator.views.counts import names_of, tranches_rows, waits_of
from allocator.views.facts import Facts
from allocator.views.shared_tables import shared_table
from api.inputs.publishing import Published
from api.pages.refusals import Refusal, refusal
from api.pages.rendering import page, to
from api.pages.results import Opened, difference, frozen, opened, version_words
from api.pages.table_view import Prepared, View
from api.pages.tables import PAGES, downloaded, links_of, some_rows
from api.pages.visiting import RoundVisit, TheRoundVisit
from api.problems import NotFoundError
from api.routes.conditions import etag
from api.routes.versions import VersionNumber, publish, versions, would_publish
from api.store.tables import PublishedVersion
from api.store.versions import version_of, versions_of
from api.wire.versions import PlanToPublish
from models.errors import AllocationError

router = APIRouter(include_in_schema=False)
Field = Annotated[str, Form()]


def _publish_page(
    visit: RoundVisit, by: str, effect: tuple[int, Published] | None, refused: Refusal | None = None
) -> Response:
    """What is known of publishing at once, and where somebody asked for it what it would do."""
    plan = visit.plan
    values: dict[str, Any] = {"by": by, "effect": None, "refused": refused, "changes": None}
    if plan is not None:
        facts = plan.facts
        changes = changes_table(plan.changes, facts.policy, None, facts)
        values |= {
            "changes": some_rows(visit, "changes", changes, ()), "before": plan.published,
            "made_beside": plan.facts.dataset.versions[-1].version if plan.facts.dataset.versions else None,
            "counts": tranches_rows(facts), "waits": _waits(facts),
        }  # fmt: skip
    if effect is not None:
        version, done = effect
        values |= {"effect": done, "seen": version}
    if refused is not None:
        return page(visit, "publish.html", refused.status, **values)
    return page(visit, "publish.html", **values)


def _waits(facts: Facts) -> list[tuple[str, str]]:
    """What provisional placements wait for, first of the tranches being decided, then of later ones."""
    now, later = (
        [m for m in facts.matches if facts.is_later(facts.request(m)) == is_later] for is_later in (False, True)
    )
    found = ((names_of(facts.deciding), waits_of(facts, now)), ("later tranches", waits_of(facts, later)))
    return [(where, words) for where, words in found if words]


@router.get("/rounds/{round}/publish")
async def publishing(visit: TheRoundVisit, by: str = "") -> Response:
    """What is published and what is new in the plan; with initials, everything that publishing it would do."""
    who = visit.visit
    if visit.plan is None or not by.strip():
        return await run_in_threadpool(_publish_page, visit, by, None)
    try:
        wanted = PlanToPublish(run=visit.plan.run, by=by.strip())
        effect = await would_publish(who.service, who.person, visit.round.id, wanted)
    except (AllocationError, ValidationError) as error:
        return await run_in_threadpool(_publish_page, visit, by, None, refusal(error))
    return await run_in_threadpool(_publish_page, visit, by, effect)


@router.post("/rounds/{round}/publish")
async def publish_plan(
    visit: TheRoundVisit, response: Response, by: Field = "", run: Field = "", seen: Field = ""
) -> Response:
    """Publish a plan as it was looked at, unless the round was changed meanwhile."""
    who = visit.visit
    try:
        wanted = PlanToPublish(run=run, by=by.strip())
        made = await publish(visit.round.id, who.person, who.service, wanted, response, etag(seen))
    except (AllocationError, ValidationError) as error:
        return await run_in_threadpool(_publish_page, visit, by, None, refusal(error))
    return to(f"/rounds/{visit.round.id}/versions/{made.version.version}", done="published")


@router.get("/rounds/{round}/versions")
def list_of_versions(visit: TheRoundVisit) -> Response:
    """The versions of a round, the one in force first."""
    found = versions(visit.round.id, visit.visit.service).versions
    return page(visit, "versions.html", versions=tuple(reversed(found)))


@router.get("/rounds/{round}/versions/{number}")
async def one_version(visit: TheRoundVisit, number: VersionNumber) -> Response:
    """A version as it was published: its plan, its check, and what it changed."""
    service = visit.visit.service
    version, before, after = await run_in_threadpool(_opened, visit, number)
    found = await difference(service, before, after) if before else None
    return await run_in_threadpool(_version_page, visit, version, found)


def _opened(visit: RoundVisit, number: int) -> tuple[PublishedVersion, Opened | None, Opened]:
    """A version, the one before it (None: it is the first), and itself."""
    with visit.visit.service.store.reading() as session:
        known = versions_of(session, visit.round.id)
        version = version_of(session, visit.round.id, number)
        earlier = [v.number for v in known if v.number < number]
        before = opened(session, visit, f"version:{max(earlier)}") if earlier else None
        return version, before, opened(session, visit, f"version:{number}")


def _view(visit: RoundVisit, version: PublishedVersion) -> View:
    with visit.visit.service.store.reading() as session:
        plan = frozen(session, version)
    of_page, who = PAGES["students"], visit.visit
    links = links_of(plan.facts, f"/rounds/{visit.round.id}")
    table = plan.students._replace(note="The plan as it was published; it never changes.")
    table = shared_table(table, plan.wall) if who.meeting else table
    prepared = Prepared(table, links, meeting=who.meeting)
    chosen = [heading for heading in of_page.chosen if not heading.startswith("Changed")]
    filters = [f for f in of_page.filters if not f.heading.startswith("Changed")]
    return View(prepared, filters, who.request.query_params.multi_items(), chosen)


def _version_page(visit: RoundVisit, version: PublishedVersion, found: object) -> Response:
    with visit.visit.service.store.reading() as session:
        plan = frozen(session, version)
    line = next(
        v for v in versions(visit.round.id, visit.visit.service).versions if v.version.version == version.number
    )
    return page(
        visit, "version.html", number=version.number, words=version_words(version), line=line, check=plan.check,
        found=found, view=_view(visit, version),
    )  # fmt: skip


@router.get("/rounds/{round}/versions/{number}/tables/{file}")
def version_as_file(visit: TheRoundVisit, number: VersionNumber, file: str) -> Response:
    """What a page shows of a version, as a file."""
    endings = {f"students{ending}": ending for ending in (CSV, WORKBOOK)}
    if file not in endings:
        raise NotFoundError("There is no such file.")
    with visit.visit.service.store.reading() as session:
        version = version_of(session, visit.round.id, number)
        facts = frozen(session, version).facts
    data = table_file(_view(visit, version).as_table(), endings[file], facts)
    return downloaded(visit, f"version-{number}-{file}", data)
