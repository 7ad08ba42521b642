"""A made-up partnership of any size with a plan put together by hand, so that the report has something to show.

The plan is one greedy pass over eligible pairs: it is legal enough to read, and nobody claims that it is good.
"""

import random
from datetime import date, timedelta
from typing import Any

from allocator.eligibility import Eligibility, Pair
from models.dataset import Dataset
from models.decisions import Decision
from models.entities import (
    Agency,
    CalendarEntry,
    Commitment,
    Educator,
    EducatorEntry,
    History,
    Offer,
    Place,
    Published,
    Request,
    Student,
    Tranche,
    Word,
)
from models.errors import Issue
from models.plan import CheckReport, Match, Plan, ProvisionalCode, TierResult, Waiting
from models.policy import Policy
from models.reasons import Blocked, Near, Unplaced
from models.run import Outcome, RunInfo

FIRST_DAY = date(2027, 1, 4)
POLICY = Policy(as_of=date(2026, 11, 21), university="Northfield University")
RUN = RunInfo(seconds={}, tiers=(), work=0, columns=0, rows=0, versions={}, machine="", started="")
AREAS = ("children in need", "children looked after", "older people", "mental health", "learning disability")
AGENCIES = (
    ("Northfield Adults", "authority", "primary", 90), ("Northfield Children", "authority", "primary", 210),
    ("Eastmere Adults", "authority", "primary", 70), ("Eastmere Children", "authority", "primary", 180),
    ("Southby Adults", "authority", "secondary", 60), ("Southby Children", "authority", "secondary", 150),
    ("Harbour Trust", "trust", "primary", 40), ("Family Link", "voluntary", "primary", 12),
    ("Westcombe Council", "authority", "outside", None), ("Oak House", "private", "outside", None),
    ("Silent Borough", "authority", "primary", 80),
)  # fmt: skip


def generated(students: int = 150, seed: int = 7) -> tuple[Dataset, Outcome]:
    """A dataset of so many students, and a plan of it."""
    draw = random.Random(seed)
    people = _students(draw, students)
    offers, educators = _supply(draw, students)
    dataset = Dataset(
        tranches=(Tranche(tranche="January 2027", first_day=FIRST_DAY, last_end=date(2027, 9, 1)),),
        students=tuple(s for s, _, _ in people),
        requests=tuple(r for _, r, _ in people),
        history=tuple(h for _, _, h in people if h),
        agencies=tuple(_agency(draw, *facts) for facts in AGENCIES),
        offers=offers,
        educators=educators,
        places=tuple(
            Place(place=f"ZZ{n}", latitude=51.3 + draw.random() / 4, longitude=-0.5 + draw.random() / 2)
            for n in range(1, 25)
        ),
        commitments=(
            Commitment(agency="Northfield Children", programme="Think Ahead", number=4),
            Commitment(agency="Eastmere Children", programme="Frontline", number=6),
        ),
        calendar=tuple(
            CalendarEntry(tranche="January 2027", step=step, date=day, owner="placements team")
            for step, day in (
                ("ask", date(2026, 9, 7)),
                ("offers due", date(2026, 10, 30)),
                ("results in", date(2026, 12, 4)),
                ("clearance in", date(2026, 11, 13)),
                ("meeting", date(2026, 11, 24)),
                ("PE named by", date(2026, 12, 11)),
                ("agency answers by", date(2026, 12, 4)),
                ("pre-placement meetings by", date(2026, 12, 18)),
                ("start", FIRST_DAY),
            )
        ),
        words=(Word(list="reason codes", word="no place after all"), Word(list="reason codes", word="no PE")),
        decisions=_decisions(people),
        published=_published(offers, people),
        issues=(
            Issue(
                level="set_aside",
                code="V210",
                sheet="Offers",
                row=17,
                column="agency",
                message="The agency 'Northfeld Adults' is not on Agencies",
                found="Northfeld Adults",
                allowed="an agency of the sheet Agencies",
                remedy="Did you mean 'Northfield Adults'?",
            ),
            Issue(
                level="warning",
                code="V310",
                sheet="Students",
                row=4,
                column="mode",
                message="Blank counts as public",
                remedy="Fill in car or public",
            ),
        ),
    )
    return dataset, _outcome(draw, dataset)


def _agency(draw: random.Random, name: str, kind: Any, membership: Any, weight: int | None) -> Agency:
    heard = None if name == "Silent Borough" else date(2026, 10, 1) + timedelta(days=draw.randrange(30))
    directorate: Any = "adults" if "Adults" in name else "children" if "Children" in name else "both"
    return Agency(
        agency=name,
        kind=kind,
        membership=membership,
        directorate=directorate,
        social_workers_fte=weight,
        asked_on=date(2026, 9, 8),
        heard_from=heard,
        asks_decision=name == "Family Link",
    )


def _students(draw: random.Random, number: int) -> list[tuple[Student, Request, History | None]]:
    rows: list[tuple[Student, Request, History | None]] = []
    for n in range(1, number + 1):
        name = f"S{n:03d}"
        scheme: Any = "step_up" if n % 17 == 0 else "apprentice" if n % 23 == 0 else None
        stage: Any = "final" if draw.random() < 0.6 else "first"
        areas = tuple(draw.sample(AREAS, draw.randrange(3)))
        car = draw.random() < 0.5
        student = Student(
            student=name,
            programme="PgDip" if scheme == "step_up" else draw.choice(("BA", "MSW", "MSW")),
            home=f"ZZ{draw.randrange(1, 25)}",
            university="Northfield University",
            drives="yes" if car else "no",
            mode="car" if car else "public",
            readiness="passed" if draw.random() < 0.85 else "pending",
            clearance="passed" if draw.random() < 0.9 else "pending",
            scheme=scheme,
            employer_agency="Northfield Children" if scheme == "apprentice" else None,
            adjustments=("step-free",) if n % 19 == 0 else (),
            share_needs=n % 38 == 0,
            preferred_areas=areas,
            waiting_since=date(2026, 9, 1) if n % 29 == 0 else None,
            lost_out_before="yes" if n % 29 == 0 else None,
            caring=n % 13 == 0,
        )
        request = Request(
            request=f"{name}/{stage}",
            student=name,
            stage=stage,
            tranche="January 2027",
            days=70 if stage == "first" else 100,
            found_by="employer" if scheme == "apprentice" and n % 2 else "partnership",
            locked_agencies=("Southby Children", "Southby Adults") if scheme == "step_up" else (),
            graduation_due=n % 31 == 0,
        )
        history = None
        if stage == "final" and n % 11:
            history = History(
                student=name,
                stage="first",
                agency=draw.choice(AGENCIES)[0],
                team="Earlier team",
                areas=(draw.choice(AREAS),),
                setting=draw.choice(("authority", "voluntary")),
                statutory_regulator=draw.choice(("yes", "yes", "no")),
                statutory_dfe=draw.choice(("yes", "no")),
                start=date(2026, 1, 5),
            )
        rows.append((student, request, history))
    return rows


def _supply(draw: random.Random, students: int) -> tuple[tuple[Offer, ...], tuple[Educator, ...]]:
    offers, educators = [], []
    hosts = [a for a in AGENCIES if a[0] != "Silent Borough"]
    for n in range(1, int(students * 0.85) + 1):
        agency, kind, _, _ = draw.choices(hosts, weights=[4, 7, 3, 6, 3, 6, 3, 2, 3, 2])[0]
        team = f"Team {draw.randrange(1, 7)}"
        adults = "Adults" in agency or "Trust" in agency
        chance = draw.random()
        entries: tuple[EducatorEntry, ...] = ()
        if chance < 0.55:
            qualification: Any = draw.choices(("PEPS2", "PEPS1", "trainee_2", "trainee_1"), (5, 2, 2, 1))[0]
            pe = f"PE{n:03d}"
            educators.append(
                Educator(
                    pe=pe,
                    employed_by=agency,
                    team=team,
                    qualification=qualification,
                    load=draw.choice((1, 1, 2)),
                    practice_assessor="university" if qualification.startswith("trainee") else None,
                    registered="yes",
                    current_until=date(2027 + draw.randrange(3), 6, 30),
                    needs_student_by=date(2027, 3, 1) if qualification.startswith("trainee") else None,
                    note="prefers adults" if n == 3 else None,
                )
            )
            entries = (EducatorEntry(kind="named", pe=pe),)
        elif chance < 0.8:
            entries = (EducatorEntry(kind="tbc"),)
        offers.append(
            Offer(
                offer=f"O{n}",
                agency=agency,
                team=team,
                tranche="January 2027",
                earliest_start=FIRST_DAY if draw.random() < 0.8 else FIRST_DAY + timedelta(days=21),
                place=f"ZZ{draw.randrange(1, 25)}",
                areas=(draw.choice(AREAS[2:] if adults else AREAS[:2]),),
                setting=kind,
                statutory_regulator="yes" if kind == "authority" else draw.choice(("no", "by_equivalence")),
                statutory_dfe="yes" if kind == "authority" else "no",
                stage=draw.choice(("either", "either", "final", "first")),
                capacity=draw.choice((1, 1, 1, 2)),
                latest_end=date(2027, 9, 1),
                driver_essential="yes" if draw.random() < 0.15 else "no",
                on_site_supervisor=draw.choice(("yes", "to_be_named")),
                state="firm" if draw.random() < 0.92 else "forecast",
                reserved_for="MSW" if n % 21 == 0 else None,
                reserved_until=date(2026, 12, 1) if n % 21 == 0 else None,
                received_on=date(2026, 10, 12),
                withdrawn=n % 40 == 0,
            )
        )
        offers[-1] = offers[-1].model_copy(update={"educators": entries})
    for n in range(1, 4):
        educators.append(
            Educator(
                pe=f"PC{n}",
                employed_by="partnership",
                qualification="PEPS2",
                load=3,
                registered="yes",
                current_until=date(2029, 1, 1),
                serves=tuple(a[0] for a in AGENCIES),
            )
        )
    return tuple(offers), tuple(educators)


def _decisions(people: list[tuple[Student, Request, History | None]]) -> tuple[Decision, ...]:
    first = people[0][1].request
    return (
        Decision(
            decision="exception",
            id="D1",
            request=first,
            rule="E04",
            value="105",
            by="placements lead",
            why="Asked for this team, and drives there already.",
            on=date(2026, 11, 2),
        ),
        Decision(
            decision="do_not_match",
            id="D2",
            student="S005",
            agency="Oak House",
            by="tutor",
            why="Worked there.",
            on=date(2026, 11, 3),
        ),
        Decision(decision="fix", id="D3", request=people[2][1].request, offer="O2", by="JK", on=date(2026, 11, 9)),
    )


def _published(
    offers: tuple[Offer, ...], people: list[tuple[Student, Request, History | None]]
) -> tuple[Published, ...]:
    rows = zip(people[10:30], offers[10:], strict=False)  # as many as there are
    return tuple(Published(request=r.request, offer=o.offer, standing="in_force", pe=None) for (_, r, _), o in rows)


def _outcome(draw: random.Random, dataset: Dataset) -> Outcome:
    eligibility = Eligibility(dataset, POLICY)
    room = {o.offer: o.capacity for o in dataset.offers}
    load = {e.pe: int(e.load) for e in dataset.educators}
    matches, unplaced = [], []
    for request, pairs in eligibility.pairs.items():
        match = _place(draw, eligibility, pairs, room, load)
        if match is None:
            unplaced.append(_unplaced(eligibility, request, len(pairs)))
        else:
            used = ("D1",) if request == dataset.decisions[0].request else ()
            matches.append(match.model_copy(update={"exceptions": used}))
    tiers = (
        TierResult(tier="placed.finals", sense="max", value=81, bound=81, proved=True),
        TierResult(tier="placed.firsts", sense="max", value=50, bound=52, proved=False),
        TierResult(tier="complete", sense="max", value=131, bound=131, proved=True, conditional=True),
    )
    plan = Plan(
        dataset_digest=dataset.digest,
        policy=POLICY,
        policy_digest=POLICY.digest,
        seed=1,
        matches=tuple(matches),
        unplaced=tuple(unplaced),
        tiers=tiers,
        stopped="time limit",
    )
    return Outcome(plan, CheckReport(tiers=tiers), RUN)


def _place(
    draw: random.Random, eligibility: Eligibility, pairs: tuple[Pair, ...], room: dict[str, int], load: dict[str, int]
) -> Match | None:
    for pair in sorted(pairs, key=lambda _: draw.random()):
        for candidate in pair.educators:
            if not room[pair.offer.offer] or (candidate.educator is not None and not load[candidate.pe]):
                continue
            room[pair.offer.offer] -= 1
            if candidate.educator is not None:
                load[candidate.pe] -= 1
            waiting = []
            student = eligibility.terms.student(pair.request)
            if candidate.to_be_named:
                waiting.append(Waiting(code=ProvisionalCode.EDUCATOR, who=pair.offer.agency))
            if student.readiness == "pending":
                waiting.append(Waiting(code=ProvisionalCode.READINESS, who="the university"))
            if student.clearance == "pending":
                waiting.append(Waiting(code=ProvisionalCode.CLEARANCE, who="the university"))
            if pair.offer.state == "forecast":
                waiting.append(Waiting(code=ProvisionalCode.FORECAST, who=pair.offer.agency))
            if candidate.basis != "in_team" and pair.offer.on_site_supervisor == "to_be_named":
                waiting.append(Waiting(code=ProvisionalCode.SUPERVISOR, who=pair.offer.agency))
            return Match(
                request=pair.request.request,
                offer=pair.offer.offer,
                pe=candidate.pe,
                start=pair.window[0],
                end=pair.window[1],
                basis=candidate.basis,
                waiting=tuple(waiting),
            )
    return None


def _unplaced(eligibility: Eligibility, request: str, eligible: int) -> Unplaced:
    row = eligibility.dataset.request_by_id[request]
    removed, left = [], None
    for rule, mask in eligibility.excluding_masks([row]):
        now = mask[0] if left is None else mask[0] & left
        left = ~mask[0] if left is None else left & ~mask[0]
        if now.sum():
            removed.append(Blocked(rule=rule, offers=int(now.sum())))
    nearest = tuple(
        Near(offer=o.offer, rules=("E04",), minutes=95 + n, sentence="It is too far.", who="a named person (exception)")
        for n, o in enumerate(eligibility.dataset.offers[:3])
    )
    return Unplaced(
        request=request,
        code="L02",
        reason=f"All {eligible} places that suit are taken by others with the same or a higher priority."
        if eligible
        else "No offer suits this request.",
        removed=tuple(removed),
        eligible_offers=eligible,
        holders=("S010/final", "S020/final") if eligible else (),
        nearest=nearest,
    )
