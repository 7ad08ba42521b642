"""Boundary cases of limits over many matches."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from models.entities import ClosedDay, Commitment, EducatorEntry, Published, Spoke, Team
from tests import builders as b
from tests.rules.case import LAST_FRIDAY, Case, Triple, case, decision, exception

DAY = timedelta(days=1)
MONDAY_AFTER = date(2026, 4, 13)


def firsts(number: int) -> dict[str, Any]:
    """Students S1, S2, ... with a first each."""
    names = [f"S{i}" for i in range(1, number + 1)]
    return {"students": tuple(map(b.student, names)), "requests": tuple(b.request(f"{n}/first") for n in names)}


def pes(number: int, **changes: Any) -> tuple[Any, ...]:
    return tuple(b.educator(f"E{i}", **changes) for i in range(1, number + 1))


def row(request: str, offer: str, standing: str, **changes: Any) -> Published:
    return Published(**{"request": request, "offer": offer, "standing": standing, "pe": "E1"} | changes)


def match(number: int, offer: str, pe: str) -> Triple:
    return (f"S{number}/first", offer, pe)


TWO: tuple[Triple, ...] = (match(1, "O1", "E1"), match(2, "O2", "E2"))
TWO_OFFERS = {"offers": (b.offer("O1"), b.offer("O2")), "educators": pes(2)} | firsts(2)
# O1 runs from 2026-01-05 to 2026-04-10: O2 starts on the working day after, O3 on its last day.
STAGGERED = (b.offer("O1"), b.offer("O2", earliest_start=MONDAY_AFTER), b.offer("O3", earliest_start=LAST_FRIDAY))
ONE_DAY_TOGETHER: tuple[Triple, ...] = (match(1, "O1", "E1"), match(2, "O3", "E2"))

HELD, UNTOLD = decision("hold", request="S1/first", offer="O1", places=1), decision("hold", "D2", offer="O1", places=1)

L01 = (
    case("L01", "two matches of one request", (match(1, "O1", "E1"),), (match(1, "O1", "E1"), match(1, "O2", "E2")), **TWO_OFFERS),
    case("L01", "PE needed is for kept matches", (match(1, "O1", "PE needed"),), (match(1, "O1", "PE needed"), match(2, "O2", "PE needed")),
         published=(row("S1/first", "O1", "kept", pe="E9"),), **TWO_OFFERS),
    case("L01", "an employer's own placement is not matched", (match(1, "O1", "E1"),), (match(2, "O1", "E1"),),
         students=(b.student("S1"), b.student("S2")), requests=(b.request("S1/first"), b.request("S2/first", found_by="employer"))),
    case("L01", "a withdrawn student is not matched", (match(1, "O1", "E1"),), (match(2, "O1", "E1"),),
         students=(b.student("S1"), b.student("S2", withdrawn=True)), requests=(b.request("S1/first"), b.request("S2/first"))),
    case("L01", "a request set aside is not matched", (match(1, "O1", "E1"),), (match(2, "O1", "E1"),),
         students=(b.student("S1"), b.student("S2")), requests=(b.request("S1/first"), b.request("S2/first", set_aside="unreadable"))),
)  # fmt: skip
L02 = (
    case("L02", "capacity", (match(1, "O1", "E1"), match(2, "O1", "E2")), (match(1, "O1", "E1"), match(2, "O1", "E2"), match(3, "O1", "E3")),
         offers=(b.offer(capacity=2),), educators=pes(3), **firsts(3)),
    # Capacity counts matches whatever their dates: here one after another through the requests' own dates.
    case("L02", "capacity whatever the dates", (match(1, "O1", "E1"),), (match(1, "O1", "E1"), match(2, "O1", "E2")),
         educators=pes(2), students=(b.student("S1"), b.student("S2")),
         requests=(b.request("S1/first"), b.request("S2/first", earliest_start=MONDAY_AFTER))),
    case("L02", "team at once", TWO, ONE_DAY_TOGETHER, offers=STAGGERED, educators=pes(2), **firsts(2),
         teams=(Team(agency="A", team="X", maximum_at_once=1),)),
    case("L02", "agency at once", TWO, ONE_DAY_TOGETHER, offers=STAGGERED, educators=pes(2), **firsts(2),
         agencies=(b.agency(maximum_at_once=1),)),
    case("L02", "team's commitments", TWO[:1], TWO, teams=(Team(agency="A", team="X", maximum_at_once=2),),
         commitments=(Commitment(agency="A", team="X", number=1, first_day=LAST_FRIDAY),), **TWO_OFFERS),
    # What is taken off on a day on which the agency is closed is taken off no day.
    case("L02", "commitments on a closed day", (match(1, "O1", "E1"), match(2, "O1", "E2")), (match(1, "O1", "E1"), match(2, "O1", "E2"), match(3, "O1", "E3")),
         offers=(b.offer(capacity=3),), educators=pes(3), **firsts(3), agencies=(b.agency(maximum_at_once=2),), closed_days=(ClosedDay(date=date(2026, 2, 6), agency="A"),),
         commitments=(Commitment(agency="A", first_day=date(2026, 2, 6), last_day=date(2026, 2, 8)),)),
    # 2 - 0.5 = 1.5, of which one whole match.
    case("L02", "half a place is none", TWO[:1], TWO, teams=(Team(agency="A", team="X", maximum_at_once=2),),
         commitments=(Commitment(agency="A", team="X", number=Decimal("0.5")),), **TWO_OFFERS),
    case("L02", "agency's commitments count its teams'", TWO[:1], TWO, agencies=(b.agency(maximum_at_once=2),),
         commitments=(Commitment(agency="A", team="Z", number=1, last_day=b.MONDAY),), **TWO_OFFERS),
    # A limit never falls below 0, and none is then allowed: 1 - 3 counts as 0.
    case("L02", "commitments above the maximum", (), TWO[:1], agencies=(b.agency(maximum_at_once=1),),
         commitments=(Commitment(agency="A", number=3),), **TWO_OFFERS),
    # Of 2 places 1 is held for S1: one is left for all others, and none where one of them is kept there.
    case("L02", "a place held for another", (match(1, "O1", "E1"), match(2, "O1", "E2")), (match(2, "O1", "E2"), match(3, "O1", "E3")),
         offers=(b.offer(capacity=2),), educators=pes(3), **firsts(3), decisions=(HELD,)),
    case("L02", "a place held beside a kept match", (match(2, "O1", "E2"), match(1, "O1", "E1")), (match(2, "O1", "E2"), match(3, "O1", "E3")),
         offers=(b.offer(capacity=2),), educators=pes(3), **firsts(3), decisions=(HELD,), published=(row("S2/first", "O1", "kept", pe="E2"),)),
    # Whose place is held has it, kept or not: 2 - 1 = 1 is left for another.
    case("L02", "a kept match has what is held for it", (match(1, "O1", "E1"), match(2, "O1", "E2")), (match(1, "O1", "E1"), match(2, "O1", "E2"), match(3, "O1", "E3")),
         offers=(b.offer(capacity=2),), educators=pes(3), **firsts(3), decisions=(HELD,), published=(row("S1/first", "O1", "kept"),)),
    # 2 - 1 for nobody yet = 1; with 1 of 3 held for S1 besides, all others have 3 - 2 = 1.
    case("L02", "a place held for nobody yet", (match(1, "O1", "E1"),), (match(1, "O1", "E1"), match(2, "O1", "E2")),
         offers=(b.offer(capacity=2),), educators=pes(2), **firsts(2), decisions=(UNTOLD,)),
    case("L02", "places held for somebody and for nobody yet", (match(1, "O1", "E1"), match(2, "O1", "E2")), (match(2, "O1", "E2"), match(3, "O1", "E3")),
         offers=(b.offer(capacity=3),), educators=pes(3), **firsts(3), decisions=(HELD, UNTOLD)),
    # Two of 3 are held for S1, who takes one: 3 - 2 = 1 is left.
    case("L02", "two places held for one request", (match(1, "O1", "E1"), match(2, "O1", "E2")), (match(1, "O1", "E1"), match(2, "O1", "E2"), match(3, "O1", "E3")),
         offers=(b.offer(capacity=3),), educators=pes(3), **firsts(3), decisions=(HELD, HELD.model_copy(update={"id": "D3"}))),
    # Two kept matches in a capacity of 1 stand; no new one is added.
    case("L02", "kept matches alone exceed", (match(1, "O1", "E1"), match(2, "O1", "E2")),
         (match(1, "O1", "E1"), match(2, "O1", "E2"), match(3, "O1", "E3")), educators=pes(3), **firsts(3),
         published=(row("S1/first", "O1", "kept"), row("S2/first", "O1", "kept", pe="E2"))),
)  # fmt: skip
OWN = (EducatorEntry(kind="own", qualification="PEPS2"), EducatorEntry(kind="named", pe="E1"))
L03 = (
    case("L03", "load on a day", (match(1, "O1", "E1"), match(2, "O2", "E1")), (match(1, "O1", "E1"), match(2, "O3", "E1")),
         offers=STAGGERED, **firsts(2)),
    case("L03", "load of two", (match(1, "O1", "E1"), match(2, "O1", "E1")), (match(1, "O1", "E1"), match(2, "O1", "E1"), match(3, "O1", "E1")),
         offers=(b.offer(capacity=3),), educators=pes(1, load=2), **firsts(3)),
    case("L03", "PE's commitments", (match(1, "O1", "E1"),), (match(1, "O1", "E1"), match(2, "O1", "E1")), offers=(b.offer(capacity=2),),
         educators=pes(1, load=2), commitments=(Commitment(pe="E1", first_day=LAST_FRIDAY, last_day=LAST_FRIDAY),), **firsts(2)),
    case("L03", "one's own PE has one student", (match(1, "O1", "own PEPS2@O1"), match(2, "O1", "E1")),
         (match(1, "O1", "own PEPS2@O1"), match(2, "O1", "own PEPS2@O1")), offers=(b.offer(capacity=2, educators=OWN),), **firsts(2)),
    case("L03", "to be named x2", (match(1, "O1", "TBC PEPS2@O1"), match(2, "O1", "TBC PEPS2@O1"), match(3, "O1", "E1")),
         tuple(match(i, "O1", "TBC PEPS2@O1") for i in (1, 2, 3)), **firsts(3),
         offers=(b.offer(capacity=3, educators=(EducatorEntry(kind="tbc", qualification="PEPS2", places=2), *b.named("E1"))),)),
    # What is left counts whole students: 1.5 less 0.5 is one, and less 0.75 it is none; 0.5 is none without anything.
    case("L03", "a half of a load is no student", (match(1, "O1", "E1"),), (match(1, "O1", "E1"), match(2, "O1", "E1")), **firsts(2),
         offers=(b.offer(capacity=2),), educators=pes(1, load=Decimal("1.5")), commitments=(Commitment(pe="E1", number=Decimal("0.5")),)),
    case("L03", "two halves are taken off before what is left counts", (match(1, "O1", "E2"),), (match(1, "O1", "E1"),), **firsts(2),
         offers=(b.offer(capacity=2),), educators=pes(2, load=Decimal("1.5")), commitments=(Commitment(pe="E1", number=Decimal("0.75")),)),
    # The PE of a kept match that lost its own is chosen anew, and counts as new.
    case("L03", "a PE chosen anew is new", (match(1, "O1", "E2"), match(2, "O2", "E1")), (match(1, "O1", "E1"), match(2, "O2", "E1")),
         published=(row("S1/first", "O1", "kept", pe="E9"), row("S2/first", "O2", "kept")), **TWO_OFFERS),
)  # fmt: skip
INDEPENDENT = {"employed_by": "independent", "team": None, "serves": ("A",)}
MIXED: dict[str, Any] = {
    "educators": (*pes(3), b.educator("I1", **INDEPENDENT), b.educator("I2", **INDEPENDENT)),
    "offers": (b.offer(capacity=3),),
}
ENDED = tuple(
    row(f"S{i}/first", "O9", "over", pe="I2" if i == 91 else "E1", status="ended", start=date(2025, 9, 1))
    for i in range(91, 96)
)
OUTSIDE: dict[str, Any] = {
    "agencies": (b.agency(), b.agency("B", membership="outside")),
    "educators": (b.educator(), b.educator("E2", employed_by="B")),
    "offers": (b.offer(), b.offer("O2", agency="B"), b.offer("O3", agency="B", educators=OWN[:1])),
}
LONG_ARM: dict[str, Any] = {
    "educators": (b.educator(long_arm=True), b.educator("E2"), b.educator("E3", team="Y")),
    "offers": (b.offer(), b.offer("O2", team="Y"), b.offer("O3", team="Z", educators=OWN[:1])),
}
L07 = (
    # 4 so far: 1 independent of 5 is 20%; 2 of 6 is 33%.
    case("L07", "a fifth", (match(1, "O1", "I1"),), (match(1, "O1", "I1"), match(2, "O1", "I2")), {"placements_so_far": 4}, **MIXED, **firsts(2)),
    # So far 1 of 1 is over 50%. Then no new one, though 2 of 4 would be 50%.
    case("L07", "what stands exceeds the cap", tuple(match(i, "O1", f"E{i}") for i in (1, 2, 3)),
         (match(1, "O1", "E1"), match(2, "O1", "E2"), match(3, "O1", "I1")),
         {"independent_cap_percent": 50, "placements_so_far": 1, "independents_so_far": 1}, **MIXED, **firsts(3)),
    case("L07", "exception", (match(1, "O1", "I1"),), (match(2, "O1", "I1"),), decisions=(exception("L07", offer="O1"),), **MIXED, **firsts(2)),
    # Today is in 2025-26, and so are the 4 so far: a start on 2026-08-31 is their year, 2026-09-01 the next.
    case("L07", "academic year", (match(1, "O1", "I1"),), (match(1, "O2", "I1"),), {"placements_so_far": 4},
         educators=MIXED["educators"], offers=(b.offer("O1", earliest_start=date(2026, 8, 31)), b.offer("O2", earliest_start=date(2026, 9, 1)))),
    case("L07", "who counts", (match(1, "O1", "E1"),), (match(1, "O1", "I1"),), {"independent_counts": ("independent",)}, offers=(b.offer(),),
         educators=(b.educator("E1", **INDEPENDENT | {"employed_by": "partnership"}), b.educator("I1", **INDEPENDENT))),
    # B is no member, so E2 of B counts; E1 of A, which is one, does not. Own PEs of B are of B, listed or not.
    case("L07", "of an agency that is no member", (match(1, "O1", "E1"),), (match(1, "O2", "E2"),), {"independent_counts": ("outside",)}, **OUTSIDE),
    case("L07", "own PEs of an agency that is no member", (match(1, "O1", "E1"),), (match(1, "O3", "own PEPS2@O3"),),
         {"independent_counts": ("outside",)}, **OUTSIDE),
    # E1 is of team X: at O1 there in the team, at O2 in team Y not. Own PEs are in the team.
    case("L07", "not in the team", (match(1, "O1", "E1"),), (match(1, "O2", "E1"),), {"independent_counts": ("off_site",)}, **LONG_ARM),
    case("L07", "one in the team, one not", (match(1, "O1", "E1"), match(2, "O3", "own PEPS2@O3")), (match(1, "O2", "E1"), match(2, "O1", "E2")),
         {"independent_counts": ("off_site",), "independent_cap_percent": 49}, **LONG_ARM | firsts(2)),
    # S1 is kept at O2 and its PE has left: whoever is chosen anew there is new. E3 is of team Y, E1 is not.
    case("L07", "a PE chosen anew who is not in the team", (match(1, "O2", "E3"),), (match(1, "O2", "E1"),), {"independent_counts": ("off_site",)},
         published=(row("S1/first", "O2", "kept", pe="E9"),), **LONG_ARM),
    # Ended with E1 in team Y: 1 of 5 was off site. With E2 in the team 1 of 6, with E1 at O2 again 2 of 6.
    case("L07", "ended, and not in the team", (match(1, "O1", "E2"),), (match(1, "O2", "E1"),), {"independent_counts": ("off_site",)},
         published=tuple(e.model_copy(update={"pe": "E1", "offer": "O2" if e.pe == "I2" else "O1"}) for e in ENDED), **LONG_ARM),
    # Published and ended: 1 of 5. With an own PE 1 of 6; with an independent 2 of 6, 33%.
    case("L07", "published placements that ended", (match(1, "O1", "E1"),), (match(1, "O1", "I1"),), published=ENDED, **MIXED),
)  # fmt: skip
# D = 4 requests, all to be provided by partners: A and B (1 each) are asked for 2, tolerance 1: floor 1, ceiling 3.
RANGE: dict[str, Any] = {"fair_share_hard": True, "partner_share_percent": 100}
SHARED: dict[str, Any] = {
    "agencies": (b.agency("A", social_workers_fte=1), b.agency("B", social_workers_fte=1))
} | firsts(4)
ENDED_IN_A = tuple(row(f"S{n}/first", "O9", "over", status="ended", start=date(2025, 9, 8)) for n in (91, 92))
YEAR: dict[str, Any] = {
    "tranches": (b.tranche("T0", first_day=date(2025, 9, 1), status="past"), b.tranche()),
    "offers": (b.offer(capacity=4), b.offer("O9", tranche="T0", earliest_start=date(2025, 9, 1), capacity=2),
               b.offer("O8", agency="B", tranche="T0", earliest_start=date(2025, 9, 1), capacity=2)),
    "educators": pes(1, load=4),
}  # fmt: skip
BY_EMPLOYER: dict[str, Any] = {
    "students": (*SHARED["students"], b.student("S9", employer_agency="A")),
    "requests": (*SHARED["requests"], b.request("S9/first", found_by="employer")),
}
IN_A = tuple(match(i, "O1", "E1") for i in (1, 2, 3, 4))
L08 = (
    # B offers nothing, so its floor is 0.
    case("L08", "ceiling", IN_A[:3], IN_A, RANGE, offers=(b.offer(capacity=4),), educators=pes(1, load=4), **SHARED),
    case("L08", "floor", (IN_A[0], match(2, "O2", "E2")), IN_A[:1], RANGE, **SHARED,
         offers=(b.offer(capacity=4), b.offer("O2", agency="B")), educators=(b.educator("E1"), b.educator("E2", employed_by="B"))),
    # Two ended at A in the year's first round (T0): D = 6, quotas 3 and 3, ceiling 4 = 2 + 2 new.
    case("L08", "what is over counts", IN_A[:2], IN_A[:3], RANGE, published=ENDED_IN_A, **YEAR | SHARED),
    # The same two a year before: D = 4, quotas 2, ceiling 3.
    case("L08", "a year before does not", IN_A[:3], IN_A, RANGE, published=ENDED_IN_A,
         **YEAR | SHARED | {"tranches": (b.tranche("T0", first_day=date(2025, 8, 25), status="past"), b.tranche())}),
    # D = 4 and 2 that ended at B: quotas 3 and 3, floor 2. B has its 2 and needs none; A needs 2.
    case("L08", "what is over reaches the floor", IN_A[:2], IN_A[:1], RANGE,
         published=tuple(e.model_copy(update={"offer": "O8"}) for e in ENDED_IN_A), **YEAR | SHARED),
    # S9's employer A found the place there: D = 5, T = 5, quotas 3 (tie to A) and 2; A's ceiling 4 = 1 + 3 new.
    case("L08", "an employer's place is credited to who hosts it", IN_A[:3], IN_A, RANGE, **YEAR | SHARED | BY_EMPLOYER),
    # The same where B employs S9 and A is the one agency of the lock.
    case("L08", "who hosts is who it is locked to", IN_A[:3], IN_A, RANGE, **YEAR | SHARED | {
        "students": (*SHARED["students"], b.student("S9", employer_agency="B")),
        "requests": (*SHARED["requests"], b.request("S9/first", found_by="employer", locked_agencies=("A",)))}),
    # Whoever employs, it is where it is published: at A.
    case("L08", "who hosts is who is published", IN_A[:3], IN_A, RANGE, published=(row("S9/first", "O9", "kept", status="confirmed", start=date(2025, 9, 8)),),
         **YEAR | SHARED | BY_EMPLOYER | {"students": (*SHARED["students"], b.student("S9", employer_agency="B"))}),
    # 4 commitments at A: allowance 2, floor 3 - 1 - 2 = 0; where they end before they begin, none: floor 2.
    case("L08", "a commitment that ends before it begins lowers nothing", IN_A[:2], IN_A[:1], RANGE,
         commitments=(Commitment(agency="A", number=4, first_day=b.MONDAY, last_day=date(2026, 1, 2)),),
         **YEAR | SHARED | {"agencies": (b.agency("A", social_workers_fte=9), b.agency("B", social_workers_fte=3))}),
    # S4 is the apprentice of C, outside: D = 3, quotas 3 (2.7) and 0 (0.3), floor of A 3 - 1 = 2: S4 counts in neither.
    case("L08", "an outside employer's apprentice counts in neither", (IN_A[0], IN_A[1], IN_A[3]), (IN_A[0], IN_A[3]),
         RANGE, offers=(b.offer(capacity=4), b.offer("O2", agency="B")), educators=pes(1, load=4),
         **SHARED | {"students": (*map(b.student, ("S1", "S2", "S3")), b.student("S4", scheme="apprentice", employer_agency="C")),
                     "agencies": (b.agency("A", social_workers_fte=9), b.agency("B", social_workers_fte=1))}),
)  # fmt: skip
L10 = (
    case("L10", "if opened, two or more", IN_A[:2], IN_A[:1], offers=(b.offer(capacity=2, minimum=2),), educators=pes(1, load=2), **firsts(2)),
    case("L10", "if opened, or none", (), IN_A[:1], offers=(b.offer(capacity=2, minimum=2),), educators=pes(1, load=2), **firsts(2)),
    case("L10", "always", IN_A[:1], (), offers=(b.offer(minimum=1, minimum_kind="always"),)),
    case("L10", "agency's minimum in the year", TWO, TWO[:1], agencies=(b.agency(minimum_in_year=2),), **TWO_OFFERS),
    case("L10", "agency's maximum in the year", TWO[:1], TWO, agencies=(b.agency(maximum_in_year=1),), **TWO_OFFERS),
    # One ended at A in the year: 1 + 1 is the maximum of 2, and 1 + 1 the minimum of 2.
    case("L10", "what is over counts in the maximum", TWO[:1], TWO, agencies=(b.agency(maximum_in_year=2),), published=ENDED_IN_A[:1],
         **YEAR | {"offers": (*TWO_OFFERS["offers"], YEAR["offers"][1])} | {k: TWO_OFFERS[k] for k in ("students", "requests", "educators")}),
    case("L10", "what is over counts in the minimum", TWO[:1], (), agencies=(b.agency(minimum_in_year=2),), published=ENDED_IN_A[:1],
         **YEAR | {"offers": (*TWO_OFFERS["offers"], YEAR["offers"][1])} | {k: TWO_OFFERS[k] for k in ("students", "requests", "educators")}),
    # O1 starts on 2026-08-31, O2 and O3 on 2026-09-01: another academic year has a maximum of its own, by start.
    case("L10", "each academic year has its own maximum", TWO, (match(1, "O3", "E1"), match(2, "O2", "E2")), agencies=(b.agency(maximum_in_year=1),),
         **TWO_OFFERS | {"offers": tuple(b.offer(f"O{n}", earliest_start=date(2026, month, day)) for n, month, day in ((1, 8, 31), (2, 9, 1), (3, 9, 1)))}),
)  # fmt: skip
# A has teams X and Z in P1 and Y in P2; B is in P1, C in P2; P1 and P2 are 15 minutes from each other, or 16 back.
HOSTS = ("A", "B", "C")
ABOUT: dict[str, Any] = {
    "agencies": tuple(map(b.agency, HOSTS)),
    "offers": (b.offer("O1"), b.offer("O2", team="Y", place="P2"), b.offer("O3", team="Y", agency="B"),
               b.offer("O4", team="Y", agency="C", place="P2"), b.offer("O5", earliest_start=MONDAY_AFTER, agency="C", place="P2"),
               b.offer("O6", earliest_start=LAST_FRIDAY, agency="C", place="P2"), b.offer("O7")),
    "educators": tuple(b.educator(f"E{a}", employed_by=a, team=None, load=3) for a in HOSTS),
    "travel": (*b.travel("P0", "P1"), *b.travel("P0", "P2"), *b.travel("P1", "P2", 15), *b.travel("P2", "P1", 16)),
} | firsts(2)  # fmt: skip
FARTHER = ABOUT | {
    "offers": (*ABOUT["offers"], b.offer("O8", team="Z", agency="C", place="P3")),
    "travel": (*ABOUT["travel"], *b.travel("P0", "P3"), *b.travel("P1", "P3", 17)),
}
SPOKES = ABOUT | {
    "offers": (*ABOUT["offers"], *(b.offer(f"O{n}", team="Y", agency="C", spokes=(Spoke(agency="A", team=team, place="P1", days=20),))
                                   for n, team in ((9, "Z"), (10, "X")))),
}  # fmt: skip
BOTH: dict[str, Any] = {"student": "S1", "other": "S2"}
S1_IN_A = match(1, "O1", "EA")
L12 = (
    case("L12", "together in one agency", (S1_IN_A, match(2, "O2", "EA")), (S1_IN_A, match(2, "O3", "EB")),
         decisions=(decision("together", **BOTH),), **ABOUT),
    # The longer way is 16 minutes, so that 15 is too few but within one place.
    case("L12", "together in one place", (S1_IN_A, match(2, "O3", "EB")), (S1_IN_A, match(2, "O4", "EC")),
         decisions=(decision("together", value="15", **BOTH),), **ABOUT),
    case("L12", "together within minutes", (S1_IN_A, match(2, "O4", "EC")), (S1_IN_A, match(2, "O8", "EC")),
         decisions=(decision("together", value="16", **BOTH),), **FARTHER),
    # One of them alone, and both at different times: O5 starts on the working day after O1 ends, O6 on its last day.
    case("L12", "together at the same time", (S1_IN_A, match(2, "O5", "EC")), (S1_IN_A, match(2, "O6", "EC")),
         decisions=(decision("together", **BOTH),), **ABOUT),
    case("L12", "one placed alone", (S1_IN_A,), (S1_IN_A, match(2, "O4", "EC")), decisions=(decision("together", **BOTH),), **ABOUT),
    case("L12", "apart in teams", (S1_IN_A, match(2, "O2", "EA")), (S1_IN_A, match(2, "O7", "EA")),
         decisions=(decision("apart", value="team", **BOTH),), **ABOUT),
    case("L12", "apart in agencies", (S1_IN_A, match(2, "O3", "EB")), (S1_IN_A, match(2, "O2", "EA")),
         decisions=(decision("apart", value="agency", **BOTH),), **ABOUT),
    # S2 is in C, with some days in the team, or in another team of the agency, where S1 is.
    case("L12", "apart in teams, spokes'", (S1_IN_A, match(2, "O9", "EC")), (S1_IN_A, match(2, "O10", "EC")),
         decisions=(decision("apart", value="team", **BOTH),), **SPOKES),
    case("L12", "apart in agencies, spokes'", (S1_IN_A, match(2, "O4", "EC")), (S1_IN_A, match(2, "O9", "EC")),
         decisions=(decision("apart", value="agency", **BOTH),), **SPOKES),
    case("L12", "beside a kept match", (S1_IN_A, match(2, "O2", "EA")), (S1_IN_A, match(2, "O3", "EB")),
         decisions=(decision("together", **BOTH),), published=(row("S1/first", "O1", "kept", pe="EA", status="confirmed"),), **ABOUT),
)  # fmt: skip
PUBLISHED = (row("S1/first", "O1", "in_force"), row("S2/first", "O2", "in_force", pe="E2"))
FOUR_OFFERS = {"offers": tuple(b.offer(f"O{i}") for i in (1, 2, 3, 4)), "educators": pes(2)} | firsts(2)
MAX_CHANGES = (
    case("max_changes", "none by default", TWO, (match(1, "O3", "E1"), match(2, "O2", "E2")), published=PUBLISHED, **FOUR_OFFERS),
    case("max_changes", "unplaced is a move", TWO, TWO[:1], published=PUBLISHED, **FOUR_OFFERS),
    case("max_changes", "one", (match(1, "O3", "E1"), match(2, "O2", "E2")), (match(1, "O3", "E1"), match(2, "O4", "E2")),
         {"max_changes": 1}, published=PUBLISHED, **FOUR_OFFERS),
    # O1 was withdrawn: S1 is freed by that and moves for nothing, S2 does not.
    case("max_changes", "freed by a withdrawn offer", (match(1, "O3", "E1"), match(2, "O2", "E2")), (match(1, "O3", "E1"), match(2, "O4", "E2")),
         published=PUBLISHED, **FOUR_OFFERS | {"offers": (b.offer("O1", withdrawn=True), *FOUR_OFFERS["offers"][1:])}),
)  # fmt: skip

HALF = {"rules_on": ("L11",), "agency_part_percent": {"U": 50}}
THREE_STUDENTS: dict[str, Any] = {
    "students": tuple(b.student(f"S{n}", university="V" if n == 3 else "U") for n in (1, 2, 3)),
    "requests": tuple(b.request(f"S{n}/first") for n in (1, 2, 3)),
    "educators": (b.educator(load=3),),
}
L11 = (
    # 50% of 2 places is 1: S3 is of another university.
    case("L11", "half of two places", (IN_A[0], ("S3/first", "O1", "E1")), (IN_A[0], IN_A[1]), HALF,
         **THREE_STUDENTS, offers=(b.offer(capacity=2),)),
    # 50% of 3 places is 1.5, rounded up 2: the third student of U is one too many.
    case("L11", "rounded up, of all offers of the agency", (IN_A[0], ("S2/first", "O2", "E1")),
         (IN_A[0], ("S2/first", "O2", "E1"), ("S3/first", "O2", "E1")), HALF,
         **THREE_STUDENTS | {"students": tuple(b.student(f"S{n}") for n in (1, 2, 3))},
         offers=(b.offer(capacity=1), b.offer("O2", capacity=2))),
    # A programme has a part like a university; 2 of 4 places.
    case("L11", "programme, withdrawn places left out", (IN_A[0], IN_A[1]),
         (IN_A[0], IN_A[1], ("S3/first", "O1", "E1")), {"rules_on": ("L11",), "agency_part_percent": {"MSW": 50}},
         **THREE_STUDENTS, offers=(b.offer(capacity=4), b.offer("O2", capacity=9, withdrawn=True))),
)  # fmt: skip
LIMIT_CASES: tuple[Case, ...] = (*L01, *L02, *L03, *L07, *L08, *L10, *L11, *L12, *MAX_CHANGES)
