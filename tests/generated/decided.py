"""The plan in force, and what people decided, as reading leaves them."""

from collections.abc import Callable, Sequence
from datetime import date

from models.base import natural_key
from models.decisions import Decision
from models.entities import Offer, Published, Request, Tranche
from models.statuses import PROPOSALS, Status
from tests.generated.choosing import Choice, Size, Themes
from tests.generated.frame import MONDAY, Frame

KEPT: tuple[Status, ...] = ("confirmed", "started", "meeting_booked", "meeting_passed", "proposed")
IN_FORCE = PROPOSALS
FREED: tuple[Status, ...] = ("declined", "meeting_failed", "withdrawn")
OVER: tuple[Status, ...] = ("ended", "ended_early", "confirmed", "started")


def build_published(
    choice: Choice, themes: Themes, frame: Frame, requests: list[Request], withdrawn: set[str]
) -> list[Published]:
    """Published rows with every standing, consistent with SEMANTICS S1.4."""
    if not themes("published"):
        return []
    horizon = set(frame.open_tranches)
    rows: list[Published] = []
    everybody = choice
    for request in requests:
        choice = everybody.of(f"{request.request}: published")
        if choice.flag(25):
            continue
        offers = [o for o in frame.offers if o.stage in ("either", request.stage)] or frame.offers
        if not offers:
            continue
        offer = choice.pick(offers)
        pe = choice.pick((*(e.pe for e in frame.educators), *(p for p in _pools(offer)), None))
        gone = offer.withdrawn or request.student in withdrawn
        if request.tranche not in horizon or (
            themes.of(request.request)("ended", 30) and request.found_by == "partnership"
        ):
            status = choice.pick(OVER if request.tranche not in horizon else OVER[:2])
            rows.append(_over(choice, request.request, offer.offer, pe, status))
        elif offer.withdrawn or choice.flag(15):
            status = choice.pick(FREED)
            rows.append(Published(request=request.request, offer=offer.offer, pe=pe, status=status, standing="freed"))
        elif choice.flag(45) and not gone and request.set_aside is None and request.found_by == "partnership":
            rows.append(_kept(choice, request, offer, pe))
        elif request.found_by == "employer" and not gone and choice.of("employer's place").flag(60):
            rows.append(_kept(choice.of("employer's place"), request, offer, pe))
        else:
            rows.append(
                Published(
                    request=request.request, offer=offer.offer, pe=pe, status=choice.pick(IN_FORCE), standing="in_force"
                )
            )
    return rows


def _pools(offer: Offer) -> list[str]:
    return [e.pool_id(offer.offer) for e in offer.educators if e.kind != "named"]


def _over(choice: Choice, request: str, offer: str, pe: str | None, status: Status) -> Published:
    start = None if choice.of("start not said").flag(15) else choice.day(MONDAY, -120, 10)
    end = choice.maybe(70, lambda: choice.day(MONDAY, 11, 60))
    return Published(request=request, offer=offer, pe=pe, status=status, standing="over", start=start, end=end)


def add_running(choice: Choice, themes: Themes, frame: Frame, requests: list[Request], rows: list[Published]) -> None:
    """Firsts of a round before that still run, of students who have only a final to find (SEMANTICS S1.7, S1.8)."""
    if not themes("still running") or not frame.offers:
        return
    firsts = {r.student for r in requests if r.stage == "first"}
    if all(t.status != "past" for t in frame.tranches):
        frame.tranches.insert(0, Tranche(tranche="T0", first_day=date(2025, 9, 1), status="past"))
    before = next(t.tranche for t in frame.tranches if t.status == "past")
    for final in [r for r in requests if r.stage == "final" and r.student not in firsts]:
        own = choice.of(f"{final.student}: still running")
        if own.flag(75):
            requests.append(
                Request(request=f"{final.student}/first", student=final.student, stage="first", tranche=before, days=5)
            )
            rows.append(_running(own, frame, f"{final.student}/first"))


def add_before(choice: Choice, themes: Themes, frame: Frame, rows: list[Published]) -> None:
    """Placements that have been, of students who are on no sheet any more (SEMANTICS S1.10)."""
    if not themes("placements before") or not frame.offers:
        return
    own = choice.of("placements before")
    for number in range(own.number(1, 4)):
        offer = own.pick(frame.offers)
        pe = own.pick((None, *(e.pe for e in frame.educators), *_pools(offer)))
        name = own.pick((offer.offer, offer.offer, offer.offer, "O99"))
        row = _over(own.of(str(number)), f"S{90 + number}/first", name, pe, own.pick((*OVER, "declined")))
        rows.append(row)


def _running(choice: Choice, frame: Frame, request: str) -> Published:
    return Published(
        request=request,
        offer=choice.pick(frame.offers).offer,
        standing="over",
        pe=choice.pick((None, *(e.pe for e in frame.educators))),
        status=choice.pick(("started", "confirmed")),
        start=choice.day(choice.pick((MONDAY, date(2025, 5, 12))), -14, 0),
        end=choice.maybe(75, lambda: choice.day(MONDAY, 0, 9)),
    )


def _kept(choice: Choice, request: Request, offer: Offer, pe: str | None) -> Published:
    start: date | None = None
    end: date | None = None
    if choice.flag(60):
        start = choice.day(MONDAY, 0, 20)
        end = choice.maybe(75, lambda: choice.day(MONDAY, 22, 36))
    status = choice.pick(KEPT)
    return Published(
        request=request.request,
        offer=offer.offer,
        pe=pe,
        status=status,
        standing="kept",
        start=start,
        end=end,
        student_told_on=MONDAY if status == "proposed" else None,
    )


def build_decisions(
    choice: Choice, themes: Themes, frame: Frame, requests: list[Request], size: Size
) -> list[Decision]:
    """Decisions of every kind that reading leaves as facts; at most one fix a request and one answer a pair."""
    found: list[Decision] = []
    if not requests:
        return found
    makers: dict[str, Callable[[Choice], dict[str, object]]] = {
        "exception": lambda own: _exception(own, frame, requests),
        "fix": lambda own: _fix(own, frame, requests),
        "do_not_match": lambda own: _do_not_match(own, frame, requests),
        "declined": lambda own: _declined(own, frame, requests),
        "agency_decision": lambda own: {
            "request": own.pick(requests).request,
            "agency": own.pick(frame.agencies).agency,
            "value": own.pick(("accepted", "declined", "to_ask", "not_needed")),
        },
        "together": lambda own: _company(own, requests, (None, "5", "15", "30", "60")),
        "apart": lambda own: _company(own, requests, ("team", "agency")),
        "hold": lambda own: _hold(own, frame, requests),
    }
    unique: set[tuple[object, ...]] = set()
    for kind, make in makers.items():
        if not themes(kind if kind != "agency_decision" else "agency decisions"):
            continue
        most = 4 if kind == "exception" else 1 if kind == "declined" else 2
        own = choice.of(f"decisions: {kind}")
        for _ in range(own.number(1, size.decisions + 1 if kind == "hold" else size.decisions * most)):
            facts = make(own)
            key = (kind, facts.get("request"), facts.get("rule"), facts.get("agency"))
            single = kind in ("fix", "agency_decision") or facts.get("rule") == "E01"
            if not facts or (single and key in unique):
                continue
            unique.add(key)
            found.append(Decision.model_validate({"decision": kind, "id": f"D{len(found) + 1}", "by": "team"} | facts))
    return found


def _exception(choice: Choice, frame: Frame, requests: list[Request]) -> dict[str, object]:
    rule = choice.pick(("E04", "E01", "E11", "E12", "E18", "L07"))
    request = choice.pick(requests)
    pes = [e.pe for e in frame.educators] or ["E1"]
    value: str | None = None
    if rule == "E01":
        value = str(choice.number(1, min(10, request.days - 1)))
    elif rule == "E04":
        value = str(choice.number(30, 140))
    elif rule == "E11":
        value = choice.pick(pes)
    elif rule == "E12":
        value = choice.day(MONDAY, -5, 30).isoformat()
    elif rule == "E18":
        value = choice.pick(("agency", "PE", "PEPS2"))
    return {
        "request": request.request,
        "offer": choice.pick((None, *(o.offer for o in frame.offers))),
        "pe": choice.pick((None, *pes)),
        "rule": rule,
        "value": value,
        "why": "agreed",
    }


def _fix(choice: Choice, frame: Frame, requests: list[Request]) -> dict[str, object]:
    if not frame.offers:
        return {}
    pe = choice.pick((None, None, *(e.pe for e in frame.educators)))
    return {"request": choice.pick(requests).request, "offer": choice.pick(frame.offers).offer, "pe": pe}


def _hold(choice: Choice, frame: Frame, requests: list[Request]) -> dict[str, object]:
    """Now and then more than an offer has, which reading would set aside."""
    if not frame.offers:
        return {}
    whom = choice.pick((None, *(r.request for r in requests)))
    offer = choice.pick(frame.offers)
    places = choice.pick((1, max(1, offer.capacity), max(1, offer.capacity - 1), 2))
    return {
        "request": whom,
        "offer": offer.offer,
        "places": places,
        "until": choice.maybe(50, lambda: date(2099, 1, 1)),
    }


def _company(choice: Choice, requests: list[Request], values: Sequence[str | None]) -> dict[str, object]:
    students = sorted({r.student for r in requests}, key=natural_key)
    if len(students) < 2:
        return {}
    one, other = sorted(choice.shuffled(students)[:2], key=natural_key)
    return {"student": one, "other": other, "value": choice.pick(values)}


def _do_not_match(choice: Choice, frame: Frame, requests: list[Request]) -> dict[str, object]:
    request = choice.pick(requests)
    team = choice.pick(frame.teams)
    about: dict[str, object] = choice.pick(({"request": request.request}, {"student": request.student}))
    barred: list[dict[str, object]] = [{"agency": team.agency}, {"agency": team.agency, "team": team.team}]
    barred += [{"offer": o.offer} for o in frame.offers]
    pes: list[dict[str, object]] = [{"pe": e.pe} for e in frame.educators]
    with_pe = choice.pick(pes) if pes and choice.flag(50) else {}
    return about | (choice.pick(barred) if not with_pe or choice.flag(50) else {}) | with_pe


def _declined(choice: Choice, frame: Frame, requests: list[Request]) -> dict[str, object]:
    request = choice.pick(requests)
    team = choice.pick(frame.teams)
    barred: list[dict[str, object]] = [{"agency": team.agency}, {"agency": team.agency, "team": team.team}]
    barred += [{"agency": o.agency, "offer": o.offer} for o in frame.offers]
    barred += [{"pe": e.pe} for e in frame.educators]
    about = choice.pick(({"student": request.student}, {"request": request.request}))
    return {"party": choice.pick(("student", "agency", "university")), **about, **choice.pick(barred)}
