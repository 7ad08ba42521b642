"""Small datasets for tests: every builder gives one legal, dull thing; a test changes the one datum it is about.

The dull partnership: tranche T1 from Monday 2026-01-05 with no end; agency A (primary) with team X at place P1;
students live at P0, 20 measured minutes away, passed and cleared; offers are statutory with a supervisor; PEs are
registered PEPS2, current until 2030.
"""

from datetime import date
from typing import Any

from models.dataset import Dataset
from models.entities import Agency, Educator, EducatorEntry, History, Offer, Request, Student, Tranche, TravelTime

MONDAY = date(2026, 1, 5)


def tranche(name: str = "T1", **changes: Any) -> Tranche:
    return Tranche(**{"tranche": name, "first_day": MONDAY} | changes)


def student(name: str = "S1", **changes: Any) -> Student:
    facts: dict[str, Any] = {
        "student": name, "programme": "MSW", "home": "P0", "university": "U", "readiness": "passed", "clearance": "passed",
    }  # fmt: skip
    return Student(**facts | changes)


def request(name: str = "S1/first", **changes: Any) -> Request:
    student_id, stage = name.split("/")[:2]
    facts: dict[str, Any] = {
        "request": name, "student": student_id, "stage": stage, "tranche": "T1", "days": 70 if stage == "first" else 100,
    }  # fmt: skip
    return Request(**facts | changes)


def history(name: str = "S1", **changes: Any) -> History:
    facts: dict[str, Any] = {
        "student": name, "stage": "first", "agency": "H", "team": "Old", "areas": ("adults",), "setting": "voluntary",
        "statutory_regulator": "yes", "statutory_dfe": "yes", "start": date(2025, 5, 5),
    }  # fmt: skip
    return History(**facts | changes)


def agency(name: str = "A", **changes: Any) -> Agency:
    return Agency(**{"agency": name, "kind": "authority", "membership": "primary"} | changes)


def offer(name: str = "O1", **changes: Any) -> Offer:
    facts: dict[str, Any] = {
        "offer": name, "agency": "A", "team": "X", "tranche": "T1", "earliest_start": MONDAY, "place": "P1",
        "areas": ("children",), "setting": "authority", "statutory_regulator": "yes", "statutory_dfe": "yes",
        "on_site_supervisor": "yes",
    }  # fmt: skip
    return Offer(**facts | changes)


def educator(name: str = "E1", **changes: Any) -> Educator:
    facts: dict[str, Any] = {
        "pe": name, "employed_by": "A", "team": "X", "qualification": "PEPS2", "load": 1, "registered": "yes",
        "current_until": date(2030, 1, 1),
    }  # fmt: skip
    return Educator(**facts | changes)


def named(*pes: str) -> tuple[EducatorEntry, ...]:
    return tuple(EducatorEntry(kind="named", pe=pe) for pe in pes)


def travel(origin: str = "P0", destination: str = "P1", minutes: int = 20) -> tuple[TravelTime, ...]:
    return tuple(
        TravelTime(origin=origin, destination=destination, mode=mode, minutes=minutes) for mode in ("car", "public")
    )


def dataset(**parts: Any) -> Dataset:
    """The dull partnership with one request, one offer, one PE; ``parts`` replace whole collections."""
    facts: dict[str, Any] = {
        "tranches": (tranche(),), "students": (student(),), "requests": (request(),), "agencies": (agency(),),
        "offers": (offer(),), "educators": (educator(),), "travel": travel(),
    }  # fmt: skip
    return Dataset(**facts | parts)
