"""From the engine's choices to matches: basis, what each waits for, which exceptions it uses."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from allocator.eligibility import Eligibility
from allocator.engine.engine import Choice
from allocator.rules.l05_contrast import may_be_alike, rests_on_a_setting
from allocator.terms.candidates import Candidate, Slot, is_current, qualified_within
from allocator.terms.company import Placed
from allocator.terms.independence import independent_as
from allocator.terms.placement import guarantee_of, of_offer, of_recorded, partner_authority, rests_on_an_answer
from allocator.terms.view import Terms
from models.base import PE_NEEDED
from models.decisions import Decision
from models.entities import DRIVING_COVERED, EVIDENCE, History, Offer, Request, Team
from models.plan import Match, ProvisionalCode, Waiting

UNIVERSITY = "university"
HOST_NUMBERS = ("maximum_at_once", "minimum_in_year", "maximum_in_year")
NOT_ASKED = frozenset(
    ("readiness", "clearance", "drives", "driver_essential", "statutory_regulator", "statutory_dfe", "note",
     *EVIDENCE, "received_on", "probability", "equivalence_by", "equivalence_on")
)  # fmt: skip
"""Columns that a match does not wait for as "not known": they have a reason of their own, or nothing rests on them."""


def matches_of(
    eligibility: Eligibility, choices: tuple[Choice, ...], before: tuple[Match, ...] = ()
) -> tuple[Match, ...]:
    """The plan's matches, in the order of requests.

    Parameters
    ----------
    eligibility, choices
        What was decided, and on what.
    before
        Matches that were made so for the eligibility that this one is beside: those of students of whom nothing was
        decided and who have the same matches are the same.
    """
    placed = {c.request: eligibility.dataset.offer_by_id[c.offer] for c in choices}
    stays = _stays(eligibility, choices)
    same = {m.request: m for m in _as_before(eligibility, choices, before)}
    return tuple(same.get(c.request) or _match(eligibility, c, placed, stays) for c in choices)


def _as_before(eligibility: Eligibility, choices: tuple[Choice, ...], before: tuple[Match, ...]) -> Iterator[Match]:
    """Matches wait for what their student's other match is, and for nothing of other students', unless decided so."""
    if eligibility.beside is None or eligibility.terms.company.decisions:
        return
    student = {r.request: r.student for r in eligibility.horizon.live}
    now: defaultdict[str | None, set[tuple[object, ...]]] = defaultdict(set)
    for choice in choices:
        now[student.get(choice.request)].add((choice.request, choice.offer, choice.pe, *choice.window))
    then: defaultdict[str | None, dict[tuple[object, ...], Match]] = defaultdict(dict)
    for match in before:
        key = match.request, match.offer, match.pe, match.start, match.end
        then[student.get(match.request)][key] = match
    for name, matches in then.items():
        if name is not None and matches.keys() == now[name]:
            yield from (m for m in matches.values() if m.request not in eligibility.beside)


def _match(
    eligibility: Eligibility, choice: Choice, placed: Mapping[str, Offer], stays: Mapping[str, Sequence[Placed]]
) -> Match:
    dataset, kept = eligibility.dataset, eligibility.horizon.kept.get(choice.request)
    request, offer = dataset.request_by_id[choice.request], dataset.offer_by_id[choice.offer]
    slot = Slot(offer, request.stage, *choice.window)
    candidate = _candidate(eligibility, slot, choice.pe)
    basis = candidate.basis if candidate else "PE needed"
    waiting = (
        *_waiting(eligibility, request, slot, candidate, is_kept=kept is not None),
        *_waiting_for_the_guarantee(eligibility, request, placed),
        *_waiting_for_the_authority(eligibility, request, placed),
        *_waiting_for_the_contrast(eligibility, request, placed),
        *(() if kept else _waiting_for_company(eligibility, request, Placed(offer, choice.window), stays)),
    )
    return Match(
        request=request.request, offer=offer.offer, pe=choice.pe, start=slot.start, end=slot.end,
        status=kept.status if kept else "proposed", basis=basis, waiting=waiting, kept=kept is not None,
        exceptions=() if kept else tuple(_exceptions(eligibility, request, slot, candidate)),
    )  # fmt: skip


def _candidate(eligibility: Eligibility, slot: Slot, pe: str) -> Candidate | None:
    rules = eligibility.educator_rules
    found = next((c for c in rules.candidates(slot.offer) if c.pe == pe), None)
    if found is None and pe != PE_NEEDED:
        found = rules.listed(pe, slot.offer)
    return found and found.on(slot.start)


def _waiting(
    eligibility: Eligibility, request: Request, slot: Slot, candidate: Candidate | None, *, is_kept: bool
) -> Iterator[Waiting]:
    terms, policy, offer = eligibility.terms, eligibility.policy, slot.offer
    student = terms.student(request)
    if offer.state == "forecast":
        yield Waiting(code=ProvisionalCode.FORECAST, detail=offer.offer, who=offer.agency)
    if not is_kept and policy.on("E06"):
        for agency in terms.agencies_to_ask(request, offer):
            yield Waiting(code=ProvisionalCode.TO_ASK, who=agency)
    if candidate is None or candidate.to_be_named:
        yield Waiting(code=ProvisionalCode.EDUCATOR, detail=_fall_back(eligibility, request, offer), who=offer.agency)
    in_team = candidate is not None and candidate.basis == "in_team"
    if not in_team and offer.on_site_supervisor == "to_be_named" and policy.on("E14"):
        yield Waiting(code=ProvisionalCode.SUPERVISOR, who=offer.agency)
    if not is_kept and terms.to_be_measured(request, offer):
        estimates = [j.minutes for j in terms.journeys(request, offer) if j.kind != "measured"]
        known = [m for m in estimates if m is not None]
        detail = f"{max(known)} minutes estimated" if len(known) == len(estimates) else "no coordinates"
        yield Waiting(code=ProvisionalCode.MEASURE, detail=detail, who="student")
    if student.readiness in ("pending", "not_known"):
        yield Waiting(code=ProvisionalCode.READINESS, who=UNIVERSITY)
    if student.clearance in ("pending", "not_known"):
        yield Waiting(code=ProvisionalCode.CLEARANCE, who=UNIVERSITY)
    for need in student.adjustments:
        if need != DRIVING_COVERED and need not in offer.features and need not in offer.cannot and policy.on("E07"):
            yield Waiting(code=ProvisionalCode.ADJUSTMENT, detail=need, who=offer.agency)
    if request.stage == "final" and eligibility.first_of_final(request.request) is None:
        yield Waiting(code=ProvisionalCode.NOT_RECORDED, who=UNIVERSITY)
    if offer.driver_essential != "no" and "not_known" in (student.drives, offer.driver_essential):
        yield Waiting(code=ProvisionalCode.DRIVING, who="student" if student.drives == "not_known" else offer.agency)
    yield from _waiting_for_educator(eligibility, slot, candidate)
    for columns, who in (
        ((*student.not_known, *request.not_known), UNIVERSITY),
        (_of_earlier_placements(eligibility, request), UNIVERSITY),
        (offer.not_known, offer.agency),
        (_of_the_host(eligibility, offer), offer.agency),
    ):
        asked = (c for c in dict.fromkeys(columns) if c not in NOT_ASKED and (c != "part" or policy.on("E20")))
        left = list(asked)
        if left:
            yield Waiting(code=ProvisionalCode.NOT_KNOWN, detail=", ".join(left), who=who)


def _of_earlier_placements(eligibility: Eligibility, request: Request) -> Iterator[str]:
    """What nobody has said of the student's earlier placements and this request is judged by."""
    for row in eligibility.dataset.history_by_student.get(request.student, ()):
        of_this = row.stage == request.stage or (row.stage, request.stage) == ("first", "final")
        judged: tuple[str, ...] = (
            ("agency", "team", "areas", "setting", "outcome", "pe", "start") if of_this else ("agency", "team")
        )
        if (row.stage, request.stage) == ("first", "final") and _shares_an_authority(eligibility, request):
            judged = (*judged, "authorities")
        yield from (f"{column} of the {row.stage} placement before" for column in row.not_known if column in judged)


def _of_the_host(eligibility: Eligibility, offer: Offer) -> Iterator[str]:
    """Numbers of the agency and the team that limit the match and that nobody has said."""
    agency = eligibility.dataset.agency_by_id.get(offer.agency)
    team = eligibility.dataset.team_by_key.get((offer.agency, offer.team))
    for host in (agency, team):
        if host is not None:
            name = host.team if isinstance(host, Team) else host.agency
            yield from (f"{column} of {name}" for column in host.not_known if column in HOST_NUMBERS)


def _fall_back(eligibility: Eligibility, request: Request, offer: Offer) -> str | None:
    """Who was to take over from the published PE there, a trainee who has left: the first to ask."""
    published = eligibility.dataset.published_by_request.get(request.request)
    if published is not None and published.offer != offer.offer:
        return None
    before = eligibility.dataset.educator_by_id.get((published and published.pe) or "")
    if before is None or before.fall_back is None:
        return None
    return f"{before.fall_back} is the fall-back of {before.pe}"


def _waiting_for_educator(eligibility: Eligibility, slot: Slot, candidate: Candidate | None) -> Iterator[Waiting]:
    educator, policy, terms = candidate.educator if candidate else None, eligibility.policy, eligibility.terms
    if educator is None or candidate is None:
        return
    if candidate.qualification != educator.qualification and (educator.qualifies_on or terms.as_of) > terms.as_of:
        detail = f"{educator.pe}, {candidate.qualification} from {educator.qualifies_on}"
        yield Waiting(code=ProvisionalCode.QUALIFYING, detail=detail, who=educator.employed_by)
    recorded = educator.current_until is not None or educator.last_student is not None
    recorded = recorded or qualified_within(educator, slot.start, policy.currency_months)
    if not candidate.is_trainee and not recorded and policy.on("E12"):
        yield Waiting(code=ProvisionalCode.CURRENCY, detail=educator.pe, who=educator.employed_by)
    if educator.registered == "not_checked" and policy.on("E12"):
        yield Waiting(code=ProvisionalCode.REGISTRATION, detail=educator.pe, who=educator.employed_by)
    if candidate.is_trainee and educator.practice_assessor is None and policy.on("E11"):
        yield Waiting(code=ProvisionalCode.ASSESSOR, detail=educator.pe, who=educator.employed_by)
    assessor = terms.dataset.educator_by_id.get(educator.practice_assessor or "") if candidate.is_trainee else None
    if assessor is not None and assessor.becomes is not None and assessor.qualifies_on is None and policy.on("E11"):
        detail = f"{assessor.pe}: qualifies_on"
        yield Waiting(code=ProvisionalCode.NOT_KNOWN, detail=detail, who=assessor.employed_by)
    if educator.not_known:
        detail = f"{educator.pe}: {', '.join(educator.not_known)}"
        yield Waiting(code=ProvisionalCode.NOT_KNOWN, detail=detail, who=educator.employed_by)


def _waiting_for_the_guarantee(
    eligibility: Eligibility, request: Request, placed: Mapping[str, Offer]
) -> Iterator[Waiting]:
    """Whose flag has to turn out as yes, where the student's statutory guarantee rests on it (S5.5)."""
    policy, least = eligibility.policy, eligibility.policy.least_statutory(eligibility.terms.student(request).programme)
    offer = placed[request.request]
    own = Waiting(code=ProvisionalCode.STATUTORY, detail=offer.offer, who=offer.agency)
    asked, first = guarantee_of(offer, policy) == "not_known", eligibility.first_of_final(request.request)
    if least == 0 or not policy.on("L04"):
        return
    if least == 2 and asked:
        yield own
    if request.stage != "final" or (least == 2 and isinstance(first, Request)):
        return  # of two that have to be statutory each match waits for its own
    before = placed.get(first.request) if isinstance(first, Request) else first
    if isinstance(first, Request) and before is None:
        return
    answer = None if before is None else guarantee_of(before, policy)
    if not rests_on_an_answer(answer, guarantee_of(offer, policy), least):
        return
    if least == 1 and asked:
        yield own
    if answer == "not_known" or (least == 2 and answer is None):
        detail = before.offer if isinstance(before, Offer) else "the first placement"
        who = before.agency if isinstance(before, Offer) else UNIVERSITY
        yield Waiting(code=ProvisionalCode.STATUTORY, detail=detail, who=who)


def _waiting_for_the_contrast(
    eligibility: Eligibility, request: Request, placed: Mapping[str, Offer]
) -> Iterator[Waiting]:
    """Of which placement nobody has said the directorate, or the setting, where contrast rests on it (S5.6)."""
    if request.stage != "final" or not eligibility.policy.on("L05"):
        return
    first, offer, terms = eligibility.first_of_final(request.request), placed[request.request], eligibility.terms
    before = placed.get(first.request) if isinstance(first, Request) else first
    if before is None:
        return
    final = of_offer(terms, offer, locked=eligibility.horizon.is_locked(request))
    if rests_on_a_setting(terms, of_recorded(terms, before), final):
        for row in (before, offer):
            if row.setting is None and "setting" not in row.not_known:  # "not known" is asked of its own accord
                of, who = (row.offer, row.agency) if isinstance(row, Offer) else ("the first placement", UNIVERSITY)
                yield Waiting(code=ProvisionalCode.NOT_KNOWN, detail=f"setting of {of}", who=who)
    if not may_be_alike(terms, of_recorded(terms, before), final):
        return
    for row, place in ((before, of_recorded(terms, before)), (offer, final)):
        if len(place.sides) > 1 or place.sides == {""}:
            of = row.offer if isinstance(row, Offer) else "the first placement"
            words = f"directorate of {of}: {', '.join(row.areas) or 'no area is recorded'}"
            who = row.agency if isinstance(row, Offer) else UNIVERSITY
            yield Waiting(code=ProvisionalCode.NOT_KNOWN, detail=words, who=who)


def _shares_an_authority(eligibility: Eligibility, request: Request) -> bool:
    """Whether a student's two placements have to share an authority: an intern's (L09)."""
    return eligibility.policy.on("L09") and eligibility.terms.student(request).scheme == "intern"


def _waiting_for_the_authority(
    eligibility: Eligibility, request: Request, placed: Mapping[str, Offer]
) -> Iterator[Waiting]:
    """What nobody has said of an intern's agency, and of the first with which the final has to be in one authority."""
    if not _shares_an_authority(eligibility, request):
        return
    yield from _not_known_of_agency(eligibility, placed[request.request].agency)
    first = eligibility.first_of_final(request.request) if request.stage == "final" else None
    before = placed.get(first.request) if isinstance(first, Request) else first
    if isinstance(before, Offer) and eligibility.policy.intern_pair == "authority":
        if "authorities" in before.not_known:
            yield Waiting(code=ProvisionalCode.NOT_KNOWN, detail=f"authorities of {before.offer}", who=before.agency)
    elif isinstance(before, History):
        if before.agency not in eligibility.dataset.agency_by_id:
            told = before.agency or "the agency"
            words = f"whether {told} of the first placement before is a partner authority"
            yield Waiting(code=ProvisionalCode.NOT_KNOWN, detail=words, who=UNIVERSITY)
        else:
            yield from _not_known_of_agency(eligibility, before.agency)
            silent = not before.authorities and "authorities" not in before.not_known
            if silent and eligibility.policy.intern_pair == "authority":
                words = "authorities of the first placement before"
                yield Waiting(code=ProvisionalCode.NOT_KNOWN, detail=words, who=UNIVERSITY)


def _not_known_of_agency(eligibility: Eligibility, agency: str | None) -> Iterator[Waiting]:
    """Whether an agency is a member and an authority, as far as nobody has said it."""
    listed = eligibility.dataset.agency_by_id.get(agency or "")
    if listed is None or partner_authority(eligibility.terms, agency) != "not_known":
        return
    for column, open_ in (("membership", "membership" in listed.not_known), ("kind", listed.kind is None)):
        if open_:
            yield Waiting(code=ProvisionalCode.NOT_KNOWN, detail=f"{column} of {agency}", who=agency)


def _stays(eligibility: Eligibility, choices: tuple[Choice, ...]) -> dict[str, list[Placed]]:
    """Where each student of a decision about two students is: matches of the plan, and what still runs."""
    found: dict[str, list[Placed]] = {}
    dataset, terms = eligibility.dataset, eligibility.terms
    if terms.company.decisions:
        for choice in choices:
            student = dataset.request_by_id[choice.request].student
            found.setdefault(student, []).append(Placed(dataset.offer_by_id[choice.offer], choice.window))
        for student, rows in terms.running_of.items():
            found.setdefault(student, []).extend(Placed(r.offer, r.window) for r in rows if r.offer is not None)
    return found


def _waiting_for_company(
    eligibility: Eligibility, request: Request, placed: Placed, stays: Mapping[str, Sequence[Placed]]
) -> Iterator[Waiting]:
    """How far a student is from another whom a decision puts together with them, where nobody knows (S5.13)."""
    company = eligibility.terms.company
    for decision, other in company.beside(request.student) if eligibility.policy.on("L12") else ():
        for there in stays.get(other, ()):
            if company.is_to_be_measured(decision, placed, there):
                where = f"{placed.offer.place or 'a place not known'} to {there.offer.place or 'a place not known'}"
                yield Waiting(code=ProvisionalCode.BETWEEN, detail=f"{where}, with {other}", who="placements team")


def _exceptions(eligibility: Eligibility, request: Request, slot: Slot, candidate: Candidate | None) -> Iterator[str]:
    """Ids of the exceptions without which the match would break a rule, or would wait."""
    terms, offer = eligibility.terms, slot.offer
    pe = candidate.pe if candidate else None
    for rule in ("E01", "E04", "E11", "E12", "E18", "L07"):
        for exception in terms.decisions.exceptions(rule, request.request, offer.offer, pe):
            if eligibility.policy.on(rule) and _needed(eligibility, exception, request, slot, candidate):
                yield exception.id


def _needed(
    eligibility: Eligibility, exception: Decision, request: Request, slot: Slot, candidate: Candidate | None
) -> bool:
    rule, terms, educator = exception.rule, eligibility.terms, candidate.educator if candidate else None
    if rule == "E01":
        return terms.calendar.window(request, slot.offer) != (slot.start, slot.end)
    if rule == "E04":
        own = terms.student(request).limit_minutes
        limits = [
            m
            for m in (own, None if eligibility.horizon.is_locked(request) else terms.policy.travel_limit)
            if m is not None
        ]
        minutes = (j.minutes for j in terms.journeys(request, slot.offer))
        return bool(limits) and any(m is not None and m > min(limits) for m in minutes)
    if rule == "E11":
        return candidate is not None and candidate.qualification == "PEPS1" and slot.stage == "final"
    if rule == "E12":
        return educator is not None and not is_current(educator, slot.start, terms.policy.currency_months)
    if rule == "E18":
        return terms.is_repeat(request) and exception.value in {*_again(terms, request, slot.offer, candidate)}
    counting = terms.policy.independent_counts
    return candidate is not None and not independent_as(terms.dataset, candidate.pe, slot.offer).isdisjoint(counting)


def _again(terms: Terms, request: Request, offer: Offer, candidate: Candidate | None) -> Iterator[str]:
    """What of a repeat is as an exception has to allow it, in the exceptions' words."""
    before = terms.broken_rows(request)
    if any(row.agency == offer.agency for row in before):
        yield "agency"
    if candidate is not None and any(row.pe == candidate.pe for row in before):
        yield "PE"
    if candidate is not None and candidate.qualification != "PEPS2":
        yield "PEPS2"
