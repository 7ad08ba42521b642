"""Words that reading knows without being told: default lists, other headings, other spellings, refused headings."""

# ruff: noqa: E501  (tables of words)

import re
from typing import get_args

from models.entities import DRIVING_COVERED, Level, Scheme

DEFAULT_LISTS: dict[str, dict[str, str]] = {
    "areas": {
        "adults": "adults", "older people": "adults", "learning disabilities": "adults", "mental health": "adults",
        "physical disabilities": "adults", "safeguarding adults": "adults", "hospital discharge": "adults",
        "hospital": "adults", "substance misuse": "adults", "homelessness": "adults", "prisons": "adults",
        "palliative care": "adults", "dementia": "adults", "sensory impairment": "adults", "reablement": "adults",
        "children": "children", "children and families": "children", "child protection": "children",
        "children in need": "children", "looked after children": "children", "leaving care": "children",
        "fostering": "children", "adoption": "children", "fostering and adoption": "children",
        "children with disabilities": "children", "youth justice": "children", "early help": "children",
        "schools": "children", "family support": "children", "family centre": "children",
        "assessment": "children", "domestic abuse": "children", "young carers": "children",
        "unaccompanied children": "children", "emotional wellbeing": "children",
    },
    "programmes": {
        "BA": "undergraduate", "MSW": "postgraduate", "PgDip": "postgraduate",
        "Apprenticeship": "apprentice; undergraduate", "Step Up": "step_up; postgraduate",
        "Think Ahead": "postgraduate", "Frontline": "postgraduate", "ASYE": "",
    },
    "settings": {"authority": "", "trust": "", "voluntary": "", "private": ""},
    "adjustments": {
        "step-free": "", "lift": "", "accessible toilet": "", "parking close by": "", "quiet space": "",
        "screen reader": "", "speech to text": "", "hearing loop": "", "large print": "", "adapted desk": "",
        "adapted chair": "", "interpreter": "", "prayer space": "", "ends by 15:00": "", "starts after 09:30": "",
        "home working part of the week": "", "no lone working": "", "regular breaks": "", "no evenings": "",
        DRIVING_COVERED: "",
    },
    "features": {"pool car": "", "parking": "", "student desk": "", "laptop": "", "student hub": ""},
    "reason codes": {
        "no PE": "", "no capacity": "", "staff sickness": "", "reorganisation": "", "not suitable": "",
        "conflict of interest": "", "travel": "", "student's choice": "", "withdrew from course": "",
        "other programme": "", "agency's decision": "", "late": "", "other": "",
    },
    "no places": {
        "none": "", "no": "", "nil": "", "zero": "", "full": "", "no places": "", "no capacity": "", "withdrawn": "", "closed": "",
        "declined": "", "not this year": "",
    },
    "headings": {},
}  # fmt: skip
"""list -> word -> meaning. Features are these and every adjustment (an offer may have what a student needs). The words of 'no
places' are read as 0 where a cell says how many."""

SCHEMES: tuple[str, ...] = get_args(Scheme)
LEVELS: tuple[str, ...] = get_args(Level)
"""Schemes and levels: the words of a programme's meaning on Lists, separated by ``;``."""

YES = {"y", "true", "1", "x", "✓", "✔", "t"}
NO = {"n", "false", "0", "f"}
"""Spellings of yes and no that are accepted and named, beside the words themselves."""

SPELLINGS: dict[str, dict[str, str]] = {
    "stage": {
        "1": "first", "1st": "first", "one": "first", "first_placement": "first", "placement_1": "first", "70": "first",
        "70_days": "first", "firsts": "first", "finals": "final", "2": "final", "2nd": "final", "last": "final", "second": "final", "final_placement": "final",
        "placement_2": "final", "100": "final", "100_days": "final",
    },
    "stages": {"firsts": "first", "finals": "final"},
    "qualification": {
        "peps_1": "PEPS1", "peps_2": "PEPS2", "stage_1": "PEPS1", "stage_2": "PEPS2", "trainee_peps1": "trainee_1",
        "trainee_peps2": "trainee_2", "peps1_trainee": "trainee_1", "peps2_trainee": "trainee_2",
        "trainee_stage_1": "trainee_1", "trainee_stage_2": "trainee_2", "stage_1_trainee": "trainee_1",
        "stage_2_trainee": "trainee_2", "trainee1": "trainee_1", "trainee2": "trainee_2",
    },
    "becomes": {"peps_1": "PEPS1", "peps_2": "PEPS2", "stage_1": "PEPS1", "stage_2": "PEPS2"},
    "mode": {"public_transport": "public", "bus": "public", "train": "public", "driver": "car", "drives": "car"},
    "clearance": {"cleared": "passed", "clear": "passed"},
    "readiness": {"ready": "passed"},
    "kind": {"local_authority": "authority", "council": "authority", "nhs_trust": "trust", "nhs": "trust", "charity": "voluntary"},
    "on_site_supervisor": {"tbc": "to_be_named", "y": "yes", "n": "no"},
    "registered": {"y": "yes", "n": "no", "true": "yes", "false": "no"},
    "statutory_regulator": {"y": "yes", "n": "no", "true": "yes", "false": "no", "equivalent": "by_equivalence"},
    "statutory_dfe": {"y": "yes", "n": "no", "true": "yes", "false": "no", "equivalent": "by_equivalence"},
    "first_statutory": {"y": "yes", "n": "no", "true": "yes", "false": "no", "equivalent": "by_equivalence"},
    "state": {"confirmed": "firm"},
}  # fmt: skip
"""column -> other spelling (lower case, underscores) -> our word; accepted and named."""

RENAMED: dict[str, str] = {"statutory_partnership": "statutory_dfe"}
"""Columns of earlier workbooks, and what they are called now."""

HEADINGS: dict[str, dict[str, str]] = {
    "*": {
        **RENAMED,
        "k_no": "student", "k_number": "student", "student_id": "student", "student_no": "student",
        "student_number": "student", "student_ref": "student", "student_reference": "student", "notes": "note",
        "comments": "note", "start_date": "start", "end_date": "end", "postcode_district": "place", "district": "place", "postcode": "place",
        "organisation": "agency", "placement_provider": "agency", "pe_id": "pe", "pe_ref": "pe",
        "practice_educator": "pe", "practice_educator_id": "pe", "educator": "pe", "offer_id": "offer",
        "area": "areas", "area_of_practice": "areas", "service_area": "areas", "service_user_group": "areas",
        "placement": "stage", "placement_stage": "stage", "council": "authorities", "local_authority": "authorities",
        "authority": "authorities", "days_per_week": "days_a_week", "round": "tranche", "cohort": "tranche",
    },
    "Tranches": {"start": "first_day", "start_date": "first_day", "end_date": "last_end"},
    "Students": {
        "course": "programme", "program": "programme", "award": "programme", "district": "home", "home_district": "home",
        "postcode_district": "home", "home_postcode_district": "home", "lives_in": "home", "postcode": "home", "driver": "drives",
        "car_driver": "drives", "drives_car": "drives", "has_car": "drives", "dbs": "clearance",
        "conflicts": "excluded", "conflicts_of_interest": "excluded", "reasonable_adjustments": "adjustments",
        "preferences": "preferred_areas", "area_preferences": "preferred_areas", "carer": "caring",
        "employer": "employer_agency",
    },
    "Offers": {
        "driver": "driver_essential", "car_driver": "driver_essential", "car_driver_essential": "driver_essential",
        "driver_required": "driver_essential", "places": "capacity", "number_of_places": "capacity",
        "number": "capacity", "location": "place", "base": "place", "pe": "educators", "pes": "educators",
        "practice_educator": "educators", "practice_educators": "educators", "practice_supervisor": "on_site_supervisor",
        "supervisor": "on_site_supervisor", "on_site_supervision": "on_site_supervisor",
    },
    "Agencies": {"fte": "social_workers_fte", "social_workers": "social_workers_fte", "agency_name": "name"},
    "Educators": {
        "agency": "employed_by", "employer": "employed_by", "employing_agency": "employed_by", "stage": "qualification",
        "peps": "qualification", "level": "qualification", "max_students": "load", "caseload": "load",
        "off_site": "long_arm",
    },
    "Teams": {"location": "place", "base": "place"},
    "Places": {"district": "place", "lat": "latitude", "lon": "longitude", "lng": "longitude", "long": "longitude"},
    "Travel": {"origin": "from", "destination": "to", "time": "minutes"},
    "Policy": {"key": "setting"},
}  # fmt: skip
"""sheet (``*``: every sheet) -> other heading (lower case, underscores) -> our column."""

SHEET_NAMES: dict[str, str] = {
    "tranche": "Tranches", "rounds": "Tranches", "student": "Students", "request": "Requests", "agency": "Agencies",
    "team": "Teams", "offer": "Offers", "educator": "Educators", "practice educators": "Educators", "pes": "Educators",
    "place": "Places", "commitment": "Commitments", "decision": "Decisions", "list": "Lists",
    "past years": "Past", "outcome": "Outcomes", "employment": "Outcomes", "destinations": "Outcomes",
}  # fmt: skip
"""Other names of sheets (lower case), accepted and named."""

IGNORED_SHEETS = frozenset(("read me", "readme", "example", "examples", "notes", "guidance", "export summary"))

_PERSONAL = re.compile(
    r"\b(surnames?|forenames?|firstnames?|lastnames?|fullnames?|nicknames?|initials and name|e ?mails?( address)?|"
    r"(tele)?phones?|mobiles?|tel|(home |postal |term time |e ?mail )?address(es)?|street|full postcode|"
    r"dob|date of birth|birth ?date|birthday|national insurance|ni number|passport)\b"
)
_NAME = re.compile(r"\bnames?\b")
_NOT_A_PERSON = re.compile(
    r"\b(team|agency|place|offer|tranche|round|programme|course|setting|university|file|sheet|organisation|service|"
    r"site|provider|employer|council|authority|scheme|list|area|district|borough|placement)\b"
)
_PROTECTED = re.compile(
    r"\b(ethnicity|ethnic( group| origin)?|race|religion|belief|gender|sex|sexual orientation|sexuality|disability|"
    r"disabilities|disabled|age|pregnan(t|cy)|maternity|marital status|nationality|immigration status)\b"
)


def heading_key(heading: str) -> str:
    """A heading without case, punctuation and spaces, as the tables above spell it.

    Parameters
    ----------
    heading
        As typed.

    Returns
    -------
    str
        Such as ``k_no`` for "K no.".
    """
    return "_".join(re.findall(r"[a-z0-9]+", heading.casefold()))


def is_personal(heading: str) -> bool:
    """Whether a heading promises names or contact details of persons.

    Parameters
    ----------
    heading
        As typed.

    Returns
    -------
    bool
        True for "Surname", "Student name", "E-mail"; False for "Team name", "Postcode district".
    """
    words = heading_key(heading).replace("_", " ")
    if "district" in words.split():
        return False
    return bool(_PERSONAL.search(words)) or bool(_NAME.search(words) and not _NOT_A_PERSON.search(words))


def is_protected_characteristic(heading: str) -> bool:
    """Whether a heading promises a protected characteristic, which no run may use.

    Parameters
    ----------
    heading
        As typed.

    Returns
    -------
    bool
        True for "Ethnicity" or "Gender".
    """
    return bool(_PROTECTED.search(heading_key(heading).replace("_", " ")))
