"""Students, their requests and what they did before."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from models.base import Stage
from models.entities import History, Request, Student
from tests.generated.choosing import Choice, Size, Themes
from tests.generated.frame import (
    ADJUSTMENTS,
    AREAS,
    AUTHORITIES,
    HOMES,
    MONDAY,
    PARTS,
    PROGRAMMES,
    SETTINGS,
    STATUTORY,
    UNIVERSITIES,
    Frame,
)

SCHEMES = ("intern", "intern", "apprentice", "step_up", "intern", "sponsored")


def build_people(choice: Choice, themes: Themes, frame: Frame, size: Size) -> tuple[list[Student], list[Request]]:
    """Students and their requests, two for a student who has first and final to find."""
    students: list[Student] = []
    requests: list[Request] = []
    many = choice.of("how many requests")
    wanted = 0 if many.flag(3) else many.pick(size.requests)
    while len(requests) < wanted:
        name = f"S{len(students) + 1}"
        student = _student(choice.of(name), themes.of(name), frame, name)
        both = len(requests) + 2 <= wanted and many.flag(55)
        stages: tuple[Stage, ...] = ("first", "final") if both else (many.pick(("first", "final")),)
        students.append(student)
        for stage in stages:
            name = f"{student.student}/{stage}"
            requests.append(_request(choice.of(name), themes.of(name), frame, student, stage, both))
    return students, requests


def _student(choice: Choice, themes: Themes, frame: Frame, name: str) -> Student:
    agencies = [a.agency for a in frame.agencies]
    teams = [(t.agency, t.team) for t in frame.teams]
    scheme = themes.draw("schemes").pick(SCHEMES) if themes("schemes", 80) else None
    if themes("interns", 60):
        scheme = "intern"
    if themes("fair share", 12):
        scheme = "apprentice"
    checks = ("passed", "pending", "failed") if themes("checks", 30) else ("passed",)
    has_employer = scheme or themes("conflicts", 30) or themes("fair share", 50)
    employer = choice.pick((*teams, ("Z", "Z"), None)) if has_employer else None
    ranked: tuple[tuple[str, ...], ...] = ()
    if themes("ranked offers", 70):
        ranked = _ranking(themes.draw("ranked offers"), [o.offer for o in frame.offers])
    return Student.model_validate(
        {
            "student": name,
            "programme": choice.pick(PROGRAMMES),
            "university": themes.draw("programmes").pick(UNIVERSITIES) if themes("programmes") else "U1",
            "home": choice.pick((*HOMES, *HOMES, None)),
            "drives": choice.pick(("no", "yes", "not_known")),
            "mode": choice.pick(("public", "car")),
            "readiness": choice.pick(checks),
            "clearance": choice.pick(checks),
            "scheme": scheme,
            "employer_agency": employer[0] if employer else None,
            "employer_team": employer[1] if employer else None,
            "excluded_agencies": themes.draw("conflicts").some(agencies, 20) if themes("conflicts", 40) else (),
            "excluded_teams": themes.draw("conflicts").some(teams, 25) if themes("conflicts", 40) else (),
            "excluded_educators": themes.draw("conflicts").some([e.pe for e in frame.educators], 30)
            if themes("conflicts")
            else (),
            "limit_minutes": themes.draw("travel").number(10, 100) if themes("travel", 40) else None,
            "adjustments": (
                *(themes.draw("adjustments").some(ADJUSTMENTS, 50) if themes("adjustments") else ()),
                *(("driving covered",) if themes("driving", 30) else ()),
            ),
            "caring": themes("priority", 30),
            "waiting_since": MONDAY if themes("priority", 30) else None,
            "preferred_areas": _ranked(themes.draw("preferences"), AREAS) if themes("preferences") else (),
            "preferred_agencies": _ranked(themes.draw("preferences"), agencies) if themes("preferences") else (),
            "ranked_offers": ranked,
            "lost_out_before": "January" if themes("lost out", 30) else None,
            "withdrawn": themes("withdrawn students", 25),
            "part": themes.draw("parts").pick((*PARTS, None)) if themes("parts") else None,
        }
    )


def _ranked(choice: Choice, words: Sequence[str]) -> tuple[str, ...]:
    return tuple(choice.shuffled(choice.some(words, 60)))


def _ranking(choice: Choice, names: list[str]) -> tuple[tuple[str, ...], ...]:
    ties: list[tuple[str, ...]] = []
    for name in choice.shuffled(choice.some(names, 80)):
        if ties and choice.flag(30):
            ties[-1] = (*ties[-1], name)
        else:
            ties.append((name,))
    return tuple(ties)


def _request(choice: Choice, themes: Themes, frame: Frame, student: Student, stage: Stage, both: bool) -> Request:
    names = frame.open_tranches
    tranche = choice.pick([t for t in frame.tranches if t.tranche in names])
    if both:
        chosen = frame.open_tranches[-1 if stage == "final" else 0]
        tranche = next(t for t in frame.tranches if t.tranche == chosen)
    if themes("past", 15) and not both:
        tranche = frame.tranches[0]
    earliest: date | None = None
    if (both and stage == "final" and choice.flag(70)) or choice.flag(10):
        earliest = choice.day(tranche.first_day, 0, 21)
    least, most = Decimal(1), Decimal(5)
    if themes("days a week", 50):
        least = themes.draw("days a week").pick((Decimal(1), Decimal(2), Decimal("2.5"), Decimal(3)))
        most = themes.draw("days a week").pick((Decimal(3), Decimal("3.5"), Decimal(4), Decimal(5)))
    locked = (student.scheme is not None and choice.flag(40)) or themes("locks", 40)
    repeat = themes("repeats", 40)
    return Request(
        request=f"{student.student}/{stage}/2" if repeat else f"{student.student}/{stage}",
        student=student.student,
        stage=stage,
        tranche=tranche.tranche,
        days=choice.number(3, 10),
        attempt=2 if repeat else 1,
        days_a_week_least=least,
        days_a_week_most=most,
        earliest_start=earliest,
        latest_end=themes.draw("windows").day(earliest or tranche.first_day, 3, 25) if themes("windows", 20) else None,
        repeat=repeat,
        graduation_due=themes("priority", 40),
        locked_agencies=choice.some([a.agency for a in frame.agencies], 60) if locked and choice.flag(70) else (),
        locked_authorities=choice.some(AUTHORITIES, 60) if locked and choice.flag(50) else (),
        found_by="employer" if themes("found by employers", 25) or themes("fair share", 20) else "partnership",
        displaced=themes("priority", 20),
        set_aside="a cell could not be read" if themes("rows set aside", 25) else None,
    )


def build_history(choice: Choice, themes: Themes, frame: Frame, requests: list[Request]) -> list[History]:
    """Placements before: the first of a student with only a final, failed attempts, and others."""
    rows: list[History] = []
    firsts = {r.student for r in requests if r.stage == "first"}
    for request in requests:
        own = choice.of(f"{request.request}: history")
        about = themes.of(f"{request.request}: history")
        if request.stage == "final" and request.student not in firsts and own.flag(80):
            rows.append(_history(own.of("first"), frame, request.student, "first", failed=False))
            if about("history", 30):
                rows.append(_history(own.of("another first"), frame, request.student, "first", failed=False))
        if request.repeat and own.flag(75):
            rows.append(_history(own.of("failed"), frame, request.student, request.stage, failed=True))
        elif about("history", 25):
            stage: Stage = own.pick(("first", "final"))
            rows.append(_history(own.of("other"), frame, request.student, stage, failed=own.flag(50)))
    return rows


def _history(choice: Choice, frame: Frame, student: str, stage: Stage, *, failed: bool) -> History:
    agency, team = choice.pick((("H", "Old"), ("H", None), *((t.agency, t.team) for t in frame.teams), ("H", "Old")))
    return History.model_validate(
        {
            "student": student,
            "stage": stage,
            "agency": agency,
            "team": team,
            "areas": choice.some(AREAS, 40),
            "setting": choice.pick((*SETTINGS, None)),
            "statutory_regulator": choice.pick(STATUTORY),
            "statutory_dfe": choice.pick(STATUTORY),
            "authorities": choice.some(AUTHORITIES, 60),
            "start": choice.maybe(80, lambda: date(2025, 5, 5) + timedelta(days=7 * choice.number(0, 3))),
            "outcome": choice.pick(("failed", "ended_early")) if failed else "passed",
            "pe": choice.pick((None, *(e.pe for e in frame.educators))),
        }
    )


def tie_copies(choice: Choice, students: list[Student], copies: dict[str, str]) -> list[Student]:
    """Rankings with copies of offers in them, beside the offers that they are copies of."""

    def tied(ranks: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        return tuple((*rank, *(copy for copy, other in copies.items() if other in rank)) for rank in ranks)

    choice = choice.of("rankings with copies")
    return [
        s.model_copy(update={"ranked_offers": tied(s.ranked_offers)}) if s.ranked_offers and choice.flag(80) else s
        for s in students
    ]
