"""A place: everything about it, who has it, why it is unused, and who fits it best with the effect of each choice."""

from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form, Query, Response

from allocator.lifecycle.answers import FitAnswer, FitsAnswer
from allocator.views.effect_words import effect_besides
from allocator.views.in_meeting import Words
from allocator.views.shared_tables import shared_table
from allocator.views.table import CellValue, Table, as_number
from allocator.views.words import educator_name, is_to_be_named
from api.jobs.looking import FitsAsked
from api.jobs.order import FEW_JUDGED
from api.pages.board import words_of
from api.pages.looked import Looked, looked, stop_looking
from api.pages.plans import Shown
from api.pages.quick import decide_path, of_match, of_offer
from api.pages.rendering import page, query, to
from api.pages.visiting import RoundVisit, TheRoundVisit
from api.problems import NotFoundError
from api.routes.looking import look_for_fits
from api.routes.submitting import record_of
from api.wire.looking import MOST_FITS, FitsWanted
from models.entities import Offer

router = APIRouter(include_in_schema=False)
Name = Annotated[str, Query(max_length=200)]
Typed = Annotated[str, Form(max_length=200)]
RunId = Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")]
_SENTENCES = ("If unused, why", "Who could take it", "Who has it, with PE")
"""Cells of the table of offers that the page says at greater length."""


class Fit(NamedTuple):
    """A choice, what it does in the words of a meeting, which tier decides, and the address that takes it."""

    request: str
    student: str
    offer: str
    effect: str
    lines: tuple[str, ...]
    decides: str
    possible: bool
    proved: bool
    decide: str
    where: str


@router.get("/rounds/{round}/place")
def place(visit: TheRoundVisit, id: Name) -> Response:
    """Everything about a place."""
    plan = plan_of(visit)
    offer = plan.facts.offers.get(id)
    if offer is None:
        raise NotFoundError(f"The plan knows no place {id}.")
    facts, words, unused = plan.facts, words_of(visit, plan), plan.unused
    matches = facts.matches_of_offer.get(id, ())
    found = looked(visit, "fits", lambda asked: FitsAsked.model_validate(asked).offer == id)
    waiting, elsewhere = unused.takers(offer)
    one = matches[0] if len(matches) == 1 else None
    quick = of_match(one, offer.agency, is_to_be_named(one)) if one else of_offer(id)
    return page(
        visit, "place.html", offer=offer, agency=facts.agency_name(offer.agency), matches=matches, words=words,
        row=row_of(shared_rows(visit, plan.offers, id), id), more=tuple(_more(offer)),
        team=next((t for t in facts.dataset.teams if (t.agency, t.team) == (offer.agency, offer.team)), None),
        why=unused.why(offer) if not words.shared else f"{unused.in_short(offer).capitalize()}.",
        free=unused.free(offer), waiting=waiting, elsewhere=elsewhere, quick=quick, looked=found,
        fits=fits_of(found, plan, words), facts=facts, about=id, educator_name=educator_name,
        states={m.request: facts.result(facts.request(m)) for m in matches},
        each={m.request: of_match(m, offer.agency, is_to_be_named(m)) for m in matches if one is None},
        named=decide_path("name_pe", offer=id), supervisor=decide_path("name_supervisor", offer=id),
    )  # fmt: skip


@router.post("/rounds/{round}/fits")
async def ask_for_fits(
    visit: TheRoundVisit, offer: Typed = "", request: Typed = "", rest: Annotated[bool, Form()] = False
) -> Response:
    """Ask who fits a place best, or which place a student; back to the page, which shows each as it comes.

    The ``rest`` are all that are eligible.
    """
    how = {"most": MOST_FITS} if rest else {"judged": FEW_JUDGED}
    wanted = record_of(FitsWanted, {"offer": offer or None, "request": request or None, **how})
    person, service = visit.visit.person, visit.visit.service
    await look_for_fits(visit.round.id, person, service, wanted, None)
    return _back(visit, offer, request)


@router.post("/rounds/{round}/fits/stop")
def stop_fits(visit: TheRoundVisit, run: RunId, offer: Typed = "", request: Typed = "") -> Response:
    """Stop with what was judged; back to the page, which shows it."""
    stop_looking(visit, run)
    return _back(visit, offer, request)


def _back(visit: RoundVisit, offer: str, request: str) -> Response:
    """To the choices on the page of the place, or of the student whose request it is."""
    base, part = f"/rounds/{visit.round.id}", f"fits-{query(offer or request)}"
    if offer:
        return to(f"{base}/place", part, id=offer)
    student = plan_of(visit).facts.dataset.request_by_id.get(request)
    return to(f"{base}/student", part, id=student.student if student else request)


def plan_of(visit: RoundVisit) -> Shown:
    """The plan of a round.

    Raises
    ------
    NotFoundError
        There is none yet.
    """
    if visit.plan is None:
        raise NotFoundError("This round has no plan yet: see its runs.")
    return visit.plan


def shared_rows(visit: RoundVisit, table: Table, id: str) -> Table:
    """The row of a table by its first cell; on a wall with what may stand there."""
    table = table._replace(rows=[row for row in table.rows if row[0] == id])
    return shared_table(table, plan_of(visit).wall) if visit.visit.meeting else table


def row_of(table: Table, id: str) -> tuple[tuple[str, str, CellValue], ...]:
    """A row of a table of the report by its first cell: heading, its group, and cell of what is not blank."""
    found: Sequence[CellValue] = next((row for row in table.rows if row[0] == id), ())
    return tuple(
        (column.title, column.group, value)
        for column, value in zip(table.columns, found, strict=False)
        if value not in (None, "") and column.title not in _SENTENCES
    )


def fits_of(found: Looked | None, plan: Shown, words: Words) -> tuple[Fit, ...]:
    """The choices of a run, best first, as a page shows them."""
    if found is None or not isinstance(found.answer, FitsAnswer):
        return ()
    return tuple(_fit(answer, plan, words) for answer in found.answer.best)


def _fit(answer: FitAnswer, plan: Shown, words: Words) -> Fit:
    facts = plan.facts
    request, offer = facts.dataset.request_by_id.get(answer.request), facts.offers.get(answer.offer)
    shown = words.comparison(answer.comparison)
    where = f"{facts.agency_name(offer.agency)}, {offer.team}" if offer else ""
    return Fit(
        answer.request, request.student if request else answer.request, answer.offer, words.text(answer.effect),
        effect_besides(shown) if answer.possible else (), "" if words.shared else answer.decides, answer.possible,
        answer.proved, decide_path("fix", request=answer.request, offer=answer.offer), where,
    )  # fmt: skip


def _more(offer: Offer) -> Iterator[tuple[str, CellValue]]:
    """What the table of offers does not say."""
    yield "Setting", offer.setting
    yield "Starts", offer.earliest_start
    yield "Latest start", offer.latest_start
    yield "Ends by", offer.latest_end
    yield "Days a week", as_number(offer.days_a_week) if offer.days_a_week is not None else None
    yield "Car driver essential", offer.driver_essential.replace("_", " ")
    yield "Has", "; ".join(offer.features)
    yield "Cannot", "; ".join(offer.cannot)
    yield "Universities", "; ".join(offer.universities)
    yield "Programmes", "; ".join(offer.programmes)
    yield "Minimum", offer.minimum
