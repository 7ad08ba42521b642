"""Tranches, agencies, teams, places, offers and educators of a generated partnership."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, get_args

from models.entities import (
    Agency,
    AgencyKind,
    ClosedDay,
    Commitment,
    Educator,
    EducatorEntry,
    Membership,
    Mode,
    Offer,
    Place,
    Qualification,
    Spoke,
    Statutory,
    Team,
    Tranche,
    TravelTime,
    Word,
)
from tests.generated.choosing import Choice, Size, Themes

MONDAY = date(2026, 1, 5)
AREAS = ("children", "adults", "mental health")
SETTINGS = ("authority", "voluntary")
AUTHORITIES = ("North", "South")
ADJUSTMENTS = ("step-free", "ends by 15:00")
PROGRAMMES = ("MSW", "BA")
UNIVERSITIES = ("U1", "U2")
PARTS = ("North", "South")
HOMES = ("P1", "P2", "P3")
FAR = "P4"
"""A place for spokes alone, some hours from every home."""
STATUTORY: tuple[Statutory, ...] = get_args(Statutory)
QUALIFICATIONS: tuple[Qualification, ...] = ("PEPS2", "PEPS1", "trainee_2", "trainee_1")


@dataclass
class Frame:
    """The partnership that students are placed in."""

    tranches: list[Tranche] = field(default_factory=list)
    agencies: list[Agency] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    educators: list[Educator] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    travel: list[TravelTime] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    bank_holidays: list[date] = field(default_factory=list)
    closed_days: list[ClosedDay] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    @property
    def open_tranches(self) -> list[str]:
        """Tranches that are not past."""
        return [t.tranche for t in self.tranches if t.status != "past"]


def build_frame(choice: Choice, themes: Themes, size: Size) -> Frame:
    """Everything that does not depend on the students."""
    frame = Frame()
    frame.tranches = _tranches(choice.of("tranches"), themes.of("tranches"))
    if themes("bank holidays"):
        own = themes.draw("bank holidays")
        frame.bank_holidays = sorted({own.day(MONDAY, 0, 20) for _ in range(own.number(1, 2))})
    _agencies(choice.of("agencies"), themes.of("agencies"), frame)
    if themes("closed days"):
        own = themes.draw("closed days")
        whose = [None, *(a.agency for a in frame.agencies), *(a.agency for a in frame.agencies)]
        frame.closed_days = [
            ClosedDay(date=own.day(MONDAY, 0, 20), agency=own.pick(whose)) for _ in range(own.number(1, 4))
        ]
    if themes("directorates"):
        own = themes.draw("directorates")
        meanings = ("children", "adults", own.pick(("adults", "children", "both", None)))
        pairs = zip(AREAS, meanings, strict=True)
        frame.words = [Word(list="areas", word=area, meaning=meaning) for area, meaning in pairs]
    _travel(choice.of("travel"), themes.of("travel"), frame)
    _travel_to_spokes(themes.of("travel"), frame)
    if themes("past"):
        frame.tranches.insert(
            0, Tranche(tranche="T0", first_day=date(2025, 9, 1), last_end=date(2025, 12, 19), status="past")
        )
    many = choice.of("how many")
    for number in range(1, (0 if many.flag(3) else many.pick(size.offers)) + 1):
        name = f"O{number}"
        frame.offers.append(_offer(choice.of(name), themes.of(name), frame, name))
    for number in range(1, many.pick(size.educators) + 1):
        name = f"E{number}"
        frame.educators.append(_educator(choice.of(name), themes.of(name), frame, name))
    frame.educators = [_with_assessor(choice.of(f"{e.pe}: assessor"), frame, e) for e in frame.educators]
    frame.offers = [
        _with_educators(choice.of(f"{o.offer}: educators"), themes.of(o.offer), frame, o) for o in frame.offers
    ]
    # Who stands in for them matters where the plan in force has somebody there.
    if frame.educators and (themes("all named leave") or themes.of("all named leave")("published", 30)):
        _let_all_named_leave(themes.draw("all named leave"), frame)
    _commitments(choice.of("commitments"), themes, frame)
    return frame


def _let_all_named_leave(own: Choice, frame: Frame) -> None:
    """Some offers name one PE alone, who leaves before they begin, or on a day to come."""
    going = own.number(0, len(frame.educators) - 1)
    day = own.pick((MONDAY, own.day(MONDAY, 1, 40), MONDAY - timedelta(days=1)))
    how = own.pick(("withdrawn_from", "leaves_on"))
    frame.educators[going] = frame.educators[going].model_copy(update={how: day})
    entry = EducatorEntry(kind="named", pe=frame.educators[going].pe)
    frame.offers = [o.model_copy(update={"educators": (entry,)}) if own.flag(60) else o for o in frame.offers]


def copy_offers(choice: Choice, themes: Themes, frame: Frame) -> dict[str, str]:
    """Offers like others in everything but their ids, and now and then their places: the copy's id to the other's."""
    copies: dict[str, str] = {}
    choice = choice.of("equal offers")
    if themes("equal offers") and frame.offers:
        for _ in range(choice.number(1, 2)):
            other, name = choice.pick(frame.offers), f"O{len(frame.offers) + 1}"
            places = choice.pick((other.capacity, 1, 2))
            frame.offers.append(other.model_copy(update={"offer": name, "capacity": places}))
            copies[name] = other.offer
    return copies


def _tranches(choice: Choice, themes: Themes) -> list[Tranche]:
    last_end = choice.maybe(20, lambda: choice.day(MONDAY, 21, 60))
    found = [Tranche(tranche="T1", first_day=MONDAY, last_end=last_end)]
    two_years = themes("fair share", 30)
    if themes("second tranche") or two_years:
        status: Literal["deciding", "later"] = choice.pick(("later", "later", "deciding"))
        if two_years:
            status = "deciding"
        first_day = choice.day(MONDAY, 7, 28)
        end = choice.maybe(20, lambda: choice.day(first_day, 14, 40))
        found.append(Tranche(tranche="T2", first_day=first_day, last_end=end, status=status))
    return found


def _agencies(choice: Choice, themes: Themes, frame: Frame) -> None:
    memberships: tuple[Membership, ...] = ("primary", "outside", "secondary")
    for name in ("A", "B", "C")[: choice.pick((2, 1, 3))]:
        frame.agencies.append(
            Agency(
                agency=name,
                kind="authority",
                membership=choice.pick(memberships),
                authorities=choice.some(AUTHORITIES, 70),
                social_workers_fte=Decimal(choice.number(1, 9)) / 2 if themes("fair share", 80) else None,
                maximum_at_once=themes.draw("agency maximum").number(0, 2) if themes("agency maximum", 60) else None,
                minimum_in_year=themes.draw("agency in year").number(0, 2) if themes("agency in year", 20) else None,
                maximum_in_year=themes.draw("agency in year").number(0, 2) if themes("agency in year", 60) else None,
                asks_decision=themes("agency decisions", 60),
                educators_set_aside=themes("educators set aside", 50),
            )
        )
        if themes("interns"):
            frame.agencies[-1] = _as_hosts_of_interns(themes.draw("interns").of(name), frame.agencies[-1])
        for team in ("X", "Y")[: choice.pick((2, 1))]:
            most = themes.draw("team maximum").number(0, 2) if themes("team maximum", 60) else None
            frame.teams.append(Team(agency=name, team=team, maximum_at_once=most))


def _as_hosts_of_interns(choice: Choice, agency: Agency) -> Agency:
    """Mostly partner authorities; some of another kind, some outside, and some of which nobody has said it."""
    kinds: tuple[AgencyKind | None, ...] = ("authority", "authority", "trust", None)
    facts: dict[str, object] = {"kind": choice.pick(kinds), "not_known": ("membership",) if choice.flag(20) else ()}
    if choice.flag(50):
        facts["membership"] = "secondary"
    return agency.model_copy(update=facts)


def _travel(choice: Choice, themes: Themes, frame: Frame) -> None:
    modes: tuple[Mode, ...] = ("public", "car")
    if themes("coordinates"):
        for name in HOMES[: choice.number(1, 3)]:
            north, east = choice.number(0, 40), choice.number(0, 40)
            frame.places.append(Place(place=name, latitude=51 + north / 50, longitude=east / 50))
    known = 70 if themes("travel") else 95
    for mode in modes:
        for origin in HOMES:
            for destination in HOMES:
                if choice.flag(known if origin != destination else 20):
                    minutes = themes.draw("travel").number(5, 130) if themes("travel") else choice.number(5, 80)
                    frame.travel.append(TravelTime(origin=origin, destination=destination, mode=mode, minutes=minutes))


def _travel_to_spokes(themes: Themes, frame: Frame) -> None:
    modes: tuple[Mode, ...] = ("public", "car")
    for mode in modes if themes("spokes") else ():
        for origin in HOMES:
            minutes = themes.draw("spokes").number(60, 130)
            frame.travel.append(TravelTime(origin=origin, destination=FAR, mode=mode, minutes=minutes))


def _authorities(themes: Themes, agency: Agency) -> dict[str, object]:
    """The councils that an offer's team serves, now and then not known."""
    if themes("authorities not known", 30):
        draw = themes.draw("authorities not known")
        return {"authorities": draw.pick(((), agency.authorities)), "not_known": ("authorities",)}
    return {"authorities": (themes.draw("schemes").pick(AUTHORITIES),) if themes("schemes", 80) else agency.authorities}


def _days_a_week(themes: Themes) -> str | None:
    """Whole and fractional days; blank follows the request."""
    if themes("days a week", 60):
        return themes.draw("days a week").pick(("4", "3", "2", "2.5", None))
    return themes.draw("days a week").pick(("5", "5", None))


def _spokes(themes: Themes, frame: Frame, agency: str, team: str) -> list[Spoke]:
    """Other sites of an offer, in other teams than the lead, and now and then with more days than a request has."""
    if not themes("spokes", 60):
        return []
    draw, found = themes.draw("spokes"), list[Spoke]()
    for other in frame.teams:
        if (other.agency, other.team) != (agency, team) and draw.flag(40):
            place = draw.pick((*HOMES, FAR, FAR, None))
            days, parts = draw.pick((1, 2, 1, 5)), themes.draw("parts of spokes")
            part = parts.pick((*PARTS, None)) if themes("parts") else None
            found.append(Spoke(agency=other.agency, team=other.team, place=place, days=days, part=part))
    return found


def _offer(choice: Choice, themes: Themes, frame: Frame, name: str) -> Offer:
    agency = choice.pick(frame.agencies)
    team = choice.pick([t.team for t in frame.teams if t.agency == agency.agency])
    tranche = choice.pick(
        sorted(frame.tranches * 6, key=lambda t: t.status == "past")[: 6 * len(frame.open_tranches) + 1]
    )
    past = tranche.status == "past"
    stages: tuple[Literal["either", "first", "final"], ...] = ("either", "first", "final")
    yes_first: tuple[Statutory, ...] = ("yes", "yes", *STATUTORY)
    starts = choice.day(tranche.first_day, 0, 20) if choice.flag(40) else tranche.first_day
    capacity = choice.pick((1, 2, 3, 1))
    minimum = themes.draw("offer minimum").number(1, 3) if themes("offer minimum", 60) and not past else None
    facts = {
        "latest_start": choice.maybe(8, lambda: choice.day(starts, 0, 10)),
        "latest_end": themes.draw("windows").day(starts, 3, 25) if themes("windows", 30) else tranche.last_end,
        "days_a_week": _days_a_week(themes),
        "driver_essential": themes.draw("driving").pick(("yes", "not_known")) if themes("driving", 50) else "no",
        "features": (
            *choice.of("features").some(ADJUSTMENTS, 40),
            *(("driving covered",) if themes("driving", 30) else ()),
        ),
        "cannot": themes.draw("adjustments").some(ADJUSTMENTS, 25) if themes("adjustments") else (),
        "universities": themes.draw("programmes").some(UNIVERSITIES, 60) if themes("programmes", 25) else (),
        "programmes": themes.draw("programmes").some(PROGRAMMES, 60) if themes("programmes", 25) else (),
        "reserved_for": themes.draw("reserved").pick(("BA", "U2", "S1", "MSW")) if themes("reserved", 30) else None,
        "on_site_supervisor": themes.draw("supervisors").pick(("yes", "to_be_named", "no"))
        if themes("supervisors")
        else choice.pick(("yes", "yes", "to_be_named")),
        "state": "forecast" if themes("forecast", 40) else "firm",
        "withdrawn": themes("withdrawn offers", 25),
    }
    if facts["reserved_for"]:
        facts["reserved_until"] = themes.draw("reserved").maybe(60, lambda: themes.draw("reserved").day(MONDAY, -30, 2))
    return Offer.model_validate(
        {
            "offer": name,
            "agency": agency.agency,
            "team": team,
            "tranche": tranche.tranche,
            "earliest_start": starts,
            "place": choice.pick((*HOMES, *HOMES, None)),
            "areas": choice.some(AREAS, 50),
            "setting": choice.pick((*SETTINGS, *SETTINGS, None)),
            "statutory_regulator": choice.pick(yes_first),
            "statutory_dfe": choice.pick(yes_first),
            "stage": themes.draw("stages").pick(stages) if themes("stages") or choice.flag(8) else "either",
            "capacity": capacity,
            "minimum": minimum,
            "minimum_kind": choice.pick(("if_opened", "if_opened", "if_opened", "always")) if minimum else "if_opened",
            "part": themes.draw("parts").pick((*PARTS, None)) if themes("parts") else None,
            **_authorities(themes, agency),
            "spokes": _spokes(themes, frame, agency.agency, team),
        }
        | facts
    )


def _educator(choice: Choice, themes: Themes, frame: Frame, name: str) -> Educator:
    agencies = [a.agency for a in frame.agencies]
    employers = agencies * 2
    if themes("independents"):
        employers = [*agencies, *("partnership", "independent") * len(agencies)]
    employer = choice.pick(employers)
    near = choice.pick(frame.offers) if frame.offers and choice.flag(60) else None
    employer = near.agency if near is not None and employer in agencies else employer
    inside = employer in agencies
    team = choice.pick(("X", "Y", None)) if inside else None
    team = near.team if near is not None and inside else team
    qualification = choice.pick(QUALIFICATIONS if themes("trainees") else ("PEPS2", "PEPS2", "PEPS1", "trainee_2"))
    facts: dict[str, object] = {}
    currency, absence = themes.draw("currency"), themes.draw("absences")
    if themes("currency", 70):
        facts = {
            "current_until": currency.maybe(60, lambda: currency.day(MONDAY, -20, 20)),
            "last_student": currency.maybe(60, lambda: currency.day(date(2024, 1, 5), -20, 20)),
        }
    if themes("absences", 60):
        kind = absence.pick(("from", "to", "both", "available", "leaves", "withdrawn"))
        day = absence.day(MONDAY, -3, 20)
        facts |= {
            "from": {"absent_from": day},
            "to": {"absent_to": day},
            "both": {"absent_from": day, "absent_to": day + timedelta(days=absence.number(0, 4))},
            "available": {"available_from": day},
            "leaves": {"leaves_on": day},
            "withdrawn": {"withdrawn_from": day},
        }[kind]
    if themes("qualifying", 60):
        facts |= {
            "qualifies_on": themes.draw("qualifying").day(MONDAY, -3, 14),
            "becomes": themes.draw("qualifying").pick(("PEPS2", "PEPS2", "PEPS1")),
        }
        if qualification == "PEPS1" and facts["becomes"] == "PEPS2" and themes.draw("day not known").flag(40):
            facts |= {"qualifies_on": None, "not_known": ("qualifies_on",)}
    return Educator.model_validate(
        {
            "pe": name,
            "employed_by": employer,
            "team": team,
            "qualification": qualification,
            "load": choice.pick((1, 2, 1, 3, 1, 2, 0)) + _half(themes),
            "registered": themes.draw("registration").pick(("no", "not_checked"))
            if themes("registration", 40)
            else "yes",
            "long_arm": themes("long arm", 60),
            "serves": () if inside else choice.some((*agencies, *HOMES), 60),
            "needs_student_by": themes.draw("needs a student").day(MONDAY, -1, 20)
            if themes("needs a student", 60)
            else None,
        }
        | facts
    )


def _with_assessor(choice: Choice, frame: Frame, educator: Educator) -> Educator:
    if not educator.qualification.startswith("trainee"):
        return educator
    others = [e.pe for e in frame.educators if e.pe != educator.pe]
    assessor = choice.pick((None, "university", *others, *others))
    return educator.model_copy(update={"practice_assessor": assessor})


def _with_educators(choice: Choice, themes: Themes, frame: Frame, offer: Offer) -> Offer:
    if not (themes("named educators", 60) or themes("pools", 60)):
        return offer
    entries = [EducatorEntry(kind="named", pe=e.pe) for e in frame.educators if choice.flag(40)]
    if themes("pools", 70):
        entries.append(
            choice.pick(
                (
                    EducatorEntry(kind="tbc"),
                    EducatorEntry(kind="tbc", qualification="PEPS1"),
                    EducatorEntry(kind="tbc", qualification="PEPS2", places=1),
                    EducatorEntry(kind="own", qualification="PEPS2"),
                    EducatorEntry(kind="own", qualification="PEPS1", places=2),
                    EducatorEntry(kind="own", qualification="trainee_1"),
                    EducatorEntry(kind="own", qualification="trainee_2", places=2),
                )
            )
        )
    return offer.model_copy(update={"educators": tuple(entries)})


def _half(themes: Themes) -> Decimal:
    """Half a student, or a part that leaves less than half, where loads and commitments have fractions."""
    return themes.draw("fractions").pick((Decimal("0.5"), Decimal("0.25"))) if themes("fractions", 60) else Decimal(0)


def _commitments(choice: Choice, themes: Themes, frame: Frame) -> None:
    if not (themes("commitments") or themes("fair share", 40)):
        return
    for n in range(choice.number(1, 3)):
        team = choice.pick(frame.teams)
        about = {"agency": team.agency} if choice.flag(50) else {"agency": team.agency, "team": team.team}
        if frame.educators and choice.flag(40):
            about = {"pe": choice.pick(frame.educators).pe}
        frame.commitments.append(
            Commitment(
                **about,
                first_day=choice.maybe(60, lambda: choice.day(MONDAY, -5, 20)),
                last_day=choice.maybe(60, lambda: choice.day(MONDAY, -5, 30)),
                number=choice.number(1, 3) - _half(themes.of(f"commitment {n}")),
            )
        )
