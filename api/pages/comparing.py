"""Two results of a round side by side: versions, plans, and the plan now."""

from typing import Any, NamedTuple

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool

from allocator.views.table import Table
from api.inputs.comparing import Compared
from api.pages.meeting_view import shared_text
from api.pages.refusals import Refusal, refusal
from api.pages.rendering import page
from api.pages.results import Opened, Source, difference, opened, sources
from api.pages.table_view import Link, Prepared, View, link_to
from api.pages.visiting import RoundVisit, TheRoundVisit
from models.errors import AllocationError

router = APIRouter(include_in_schema=False)


class Part(NamedTuple):
    """A kind of things that differ: its word, its heading, and whether agencies may see it in a meeting."""

    word: str
    title: str
    shared: bool = True


PARTS = (
    Part("Tier", "Aims, in their order"), Part("Request", "Who moves"), Part("Student", "Students", shared=False),
    Part("Agency", "Agencies"), Part("PE", "Practice educators"), Part("Figure", "Figures"),
    Part("Setting", "Settings", shared=False), Part("Input", "Data", shared=False),
)  # fmt: skip
"""In the order in which people need them."""
_PAGES = {"Request": "request", "Student": "student", "Agency": "agency", "PE": "educator"}
"""Pages about what differs."""


class Shown(NamedTuple):
    """A part of a comparison on the page."""

    title: str
    id: str
    view: View


@router.get("/rounds/{round}/compare")
async def compare(visit: TheRoundVisit, before: str = "", after: str = "") -> Response:
    """What is different between two of: the plan now, published versions, plans before."""
    known = await run_in_threadpool(sources, visit)
    before, after = _chosen(known, before, after)
    if not before or not after:
        return page(visit, "compare.html", sources=known, before=before, after=after, found=None, refused=None)
    try:
        was, is_ = await run_in_threadpool(_both, visit, before, after)
        found = await difference(visit.visit.service, was, is_)
    except AllocationError as error:
        return await run_in_threadpool(_shown, visit, known, (before, after), None, refusal(error))
    return await run_in_threadpool(_shown, visit, known, (before, after), found, None)


def _chosen(known: list[Source], before: str, after: str) -> tuple[str, str]:
    """What is compared where nobody chose: the version in force, or else the plan before, with the plan now."""
    after = after or (known[0].value if known else "")
    versions = [source.value for source in known if source.value.startswith("version:")]
    others = [value for value in (*versions, *(source.value for source in known)) if value != after]
    return before or (others[0] if others else ""), after


def _both(visit: RoundVisit, before: str, after: str) -> tuple[Opened, Opened]:
    with visit.visit.service.store.reading() as session:
        return opened(session, visit, before), opened(session, visit, after)


def _shown(
    visit: RoundVisit, known: list[Source], chosen: tuple[str, str], found: Compared | None, refused: Refusal | None
) -> Response:
    meeting = visit.visit.meeting
    parts = [] if found is None else parts_of(found.table, meeting=meeting, base=f"/rounds/{visit.round.id}")
    said = [] if found is None else [*found.sentences, found.decides or ""]
    said = [left for text in said if (left := shared_text(text) if meeting else text)]
    values: dict[str, Any] = {"sources": known, "before": chosen[0], "after": chosen[1], "found": found, "parts": parts}
    values["said"] = said
    if refused is not None:
        return page(visit, "compare.html", refused.status, refused=refused, **values)
    return page(visit, "compare.html", refused=None, **values)


def parts_of(table: Table, *, meeting: bool, base: str) -> list[Shown]:
    """What differs, by its kind.

    Parameters
    ----------
    table
        Of :func:`allocator.views.compared.changes_table`.
    meeting
        Whether what an agency may not see is left out.
    base
        Address of the round.
    """
    result = []
    for part in PARTS:
        rows = [row[1:] for row in table.rows if row[0] == part.word]
        if meeting:  # a tier or a figure of travel or preferences is none that agencies see
            rows = [row for row in rows if shared_text(str(row[0]))]
        if not rows or (meeting and not part.shared):
            continue
        columns = [column for column in table.columns if column.title != "What"]
        if part.word != "Request":
            keep = [n for n, column in enumerate(columns) if column.title != "Programme"]
            columns, rows = [columns[n] for n in keep], [[row[n] for n in keep] for row in rows]
        own = table._replace(title=part.title, note="", columns=columns, rows=rows, keys=1)
        links = {"About": _link(base, part.word)} if part.word in _PAGES else {}
        prepared = Prepared(own, links, meeting=meeting and part.word == "Request")
        result.append(Shown(part.title, part.word.casefold(), View(prepared, (), ())))
    return result


def _link(base: str, word: str) -> Link:
    return link_to(f"{base}/{_PAGES[word]}")
