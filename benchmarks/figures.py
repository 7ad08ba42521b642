"""The figures that the partnership published for a year, from any plan."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from allocator.terms.placement import is_statutory
from allocator.terms.view import Terms
from models.dataset import Dataset
from models.entities import INDEPENDENT, PARTNERSHIP, Request
from models.plan import Match, Plan
from models.policy import Policy
from models.statuses import FACTS

PUBLISHED_2021_22: dict[str, int] = {
    "statutory placements by partners": 73,
    "BA, two statutory": 69,
    "MSW, two statutory": 92,
    "BA, statutory final": 79,
    "MSW, statutory final": 92,
    "independents used": 6,
}
"""Percent, from the partnership's report of 2021-22 (the first: if all May placements go ahead)."""
SHOWN_APART = ("Step Up", "Apprenticeship")
"""Programmes that the published figures leave out."""


def figures(dataset: Dataset, policy: Policy, plan: Plan) -> dict[str, Fraction | None]:
    """The published figures of the academic year of ``as_of``.

    Counted are placements that start in that year (``policy.year_starts``), those of rounds before that are facts too,
    Step Up and apprentices left out; students count where a final is due in it, placed or not. Statutory is by the test
    that the policy names; practice consultants count as independent.

    Parameters
    ----------
    dataset, policy
        What the plan was made from.
    plan
        Any plan; matches without a start are not counted.

    Returns
    -------
    dict
        A part of 1 by name (the names of ``PUBLISHED_2021_22``); None where there is nothing to divide by.
    """
    first_day, next_year = academic_year(policy)
    requests, students, offers = dataset.request_by_id, dataset.student_by_id, dataset.offer_by_id
    terms = Terms(dataset, policy)
    by_student = terms.horizon.by_student
    matches = [*plan.matches, *_facts(dataset, plan)]
    matched = {match.request: match for match in matches}

    def programme(match: Match) -> str:
        return students[requests[match.request].student].programme

    def statutory(match: Match | None) -> bool:
        return match is not None and is_statutory(offers[match.offer], policy)

    def first_statutory(final: Match) -> bool:
        student = requests[final.request].student
        first = by_student[student].first if student in by_student else None
        if first is not None:
            return statutory(matched.get(first.request))
        row = terms.recorded_first(student)
        return row is not None and is_statutory(row, policy)

    counted = [
        match
        for match in matches
        if match.start and first_day <= match.start < next_year and programme(match) not in SHOWN_APART
    ]
    partners = {agency.agency for agency in dataset.agencies if agency.membership in ("primary", "secondary")}
    outside = {e.pe for e in dataset.educators if e.employed_by in (INDEPENDENT, PARTNERSHIP)}
    by_partners = [match for match in counted if statutory(match) and offers[match.offer].agency in partners]
    found = {
        "statutory placements by partners": _part(len(by_partners), len(counted)),
        "independents used": _part(sum(match.pe in outside for match in counted), len(counted)),
    }
    for name in ("BA", "MSW"):
        finals = [r for r in _finals_due(dataset, policy, terms) if students[r.student].programme == name]
        statutory_finals = [m for m in (matched.get(r.request) for r in finals) if m is not None and statutory(m)]
        both = [match for match in statutory_finals if first_statutory(match)]
        found[f"{name}, two statutory"] = _part(len(both), len(finals))
        found[f"{name}, statutory final"] = _part(len(statutory_finals), len(finals))
    return {name: found[name] for name in PUBLISHED_2021_22}


def _facts(dataset: Dataset, plan: Plan) -> list[Match]:
    """Placements of rounds before, as matches."""
    own = {match.request for match in plan.matches}
    return [
        Match(request=row.request, offer=row.offer, pe=row.pe, start=row.start, end=row.end)
        for row in dataset.published
        if row.standing == "over" and row.status in FACTS and row.request not in own
    ]


def _finals_due(dataset: Dataset, policy: Policy, terms: Terms) -> list[Request]:
    """Finals of the academic year's rounds: those to be matched, and those that are facts."""
    first_day, next_year = academic_year(policy)
    tranches = {t.tranche for t in dataset.tranches if first_day <= t.first_day < next_year}
    known = {request.request for request in terms.horizon.live}
    known |= {row.request for row in dataset.published if row.standing == "over" and row.status in FACTS}
    return [r for r in dataset.requests if r.stage == "final" and r.tranche in tranches and r.request in known]


def table(dataset: Dataset, policy: Policy, plans: Mapping[str, Plan]) -> list[str]:
    """The figures of several plans beside the published ones, in percent, as lines for the terminal."""
    found = {name: figures(dataset, policy, plan) for name, plan in plans.items()}
    lines = [f"{'':<36} {'published':>10}" + "".join(f" {name:>10}" for name in plans)]
    lines += [
        f"{figure:<36} {published:>10}" + "".join(f" {_percent(of[figure]):>10}" for of in found.values())
        for figure, published in PUBLISHED_2021_22.items()
    ]
    live = len(Terms(dataset, policy).horizon.live)
    placed = "".join(f" {len(plan.matches):>10}" for plan in plans.values())
    return [*lines, f"{f'requests placed, of {live}':<36} {'':>10}{placed}"]


def academic_year(policy: Policy) -> tuple[date, date]:
    """First day of the academic year of ``as_of`` (today where blank), and first day of the next."""
    today = policy.as_of or date.today()
    month, day = map(int, policy.year_starts.split("-"))
    year = policy.academic_year(today)
    return date(year, month, day), date(year + 1, month, day)


def _percent(part: Fraction | None) -> str:
    return "-" if part is None else f"{float(100 * part):.1f}"


def _part(number: int, of: int) -> Fraction | None:
    return Fraction(number, of) if of else None
