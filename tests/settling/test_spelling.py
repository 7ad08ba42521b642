"""Spelling switches no rule off: whatever column names something, it may spell it as people do; where it asks."""

import copy
import functools
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from allocator.intake import Reading, read_sheets
from allocator.reading.folding import fold
from allocator.reading.sheets_record import ALL
from tests.reading.sheets import TODAY, Sheets, issues, of_code, sheets

AGENCY, TEAM, OTHER, PLACE = "St. Réa’s & Sons – Adults", "Children's Team – St. Ives", "Old Team & Co.", "St. Helier’s"
AREA, SETTING, NEED, PROGRAMME = "carers & kin – café", "court’s annexe", "stair-lift & rail", "M.Sc. Social Work – Réa"
UNIVERSITY, COUNCIL, TRANCHE, STEP = "King’s University – North", "Réa & Wye", "January – finals & firsts", "offers due"
REASON = "other – see note"

NAMED: Sheets = {
    "Tranches": [{"tranche": TRANCHE, "first_day": "2027-01-04", "programmes": PROGRAMME}],
    "Students": [
        {
            "student": "S–1 & Co.", "programme": PROGRAMME, "home": PLACE, "university": UNIVERSITY, "stage": "final",
            "employer_agency": AGENCY, "employer_team": TEAM, "excluded": f"{AGENCY}/{TEAM}", "adjustments": NEED,
            "preferred_areas": AREA, "preferred_agencies": AGENCY,
            "intern_choices": AGENCY, "ranked_offers": "O–1 & Co.", "clearance": "passed",
        },
        {
            "student": "S2", "programme": PROGRAMME, "home": PLACE, "university": UNIVERSITY, "stage": "final",
            "clearance": "passed", "first_agency": AGENCY, "first_team": OTHER, "first_areas": AREA,
            "first_setting": SETTING,
        },
    ],
    "Requests": [
        {
            "student": "S–1 & Co.", "stage": "final", "tranche": TRANCHE, "locked_agencies": AGENCY,
            "locked_authorities": COUNCIL,
        }
    ],
    "History": [
        {
            "student": "S–1 & Co.", "stage": "first", "agency": AGENCY, "team": OTHER, "areas": AREA, "setting": SETTING,
            "pe": "P–E & Co.",
        }
    ],
    "Agencies": [{"agency": AGENCY, "authorities": COUNCIL, "also_called": "Réa’s"}],
    "Teams": [
        {"agency": AGENCY, "team": TEAM, "place": PLACE, "areas": AREA, "setting": SETTING, "authorities": COUNCIL},
        {"agency": AGENCY, "team": OTHER, "authorities": COUNCIL},
    ],
    "Offers": [
        {
            "offer": "O–1 & Co.", "agency": AGENCY, "team": TEAM, "place": PLACE, "areas": AREA, "setting": SETTING,
            "tranche": TRANCHE, "features": NEED, "cannot": NEED, "universities": UNIVERSITY, "programmes": PROGRAMME,
            "reserved_for": UNIVERSITY, "educators": "P–E & Co.", "authorities": COUNCIL,
        }
    ],
    "Educators": [
        {
            "pe": "P–E & Co.", "employed_by": AGENCY, "team": TEAM, "qualification": "trainee_2",
            "practice_assessor": "P2", "serves": f"{AGENCY}; {PLACE}", "fall_back": "P2",
        },
        {"pe": "P2", "employed_by": "Réa’s", "qualification": "PEPS2", "practice_assessor": "P–E & Co."},
        {"pe": "P3", "employed_by": AGENCY, "qualification": "PEPS2", "fall_back": "P–E & Co."},
    ],
    "Places": [{"place": PLACE, "latitude": 51.4, "longitude": -0.1}],
    "Travel": [{"from": PLACE, "to": "Réa’s Yard", "mode": "car", "minutes": 10}],
    "Past": [{"year": "2025-26", "measure": "Passed first time", "value": 90}],
    "Outcomes": [
        {"student": "S–1 & Co.", "employer": AGENCY}, {"student": "S–0 & Co.", "employer": "Another – employer"},
    ],
    "Commitments": [{"agency": AGENCY, "team": TEAM}, {"pe": "P–E & Co."}],
    "Decisions": [
        {"decision": "do_not_match", "request": "S–1 & Co./final", "agency": AGENCY, "team": TEAM, "by": "AB",
         "reason_code": REASON},
        {"decision": "do_not_match", "request": "S–1 & Co./final", "offer": "O–1 & Co.", "pe": "P–E & Co.", "by": "AB"},
        {"decision": "withdraw", "about": "O–1 & Co.", "by": "AB"},
    ],
    "Published": [{"request": "S–1 & Co./final", "offer": "O–1 & Co.", "pe": "P–E & Co.", "status": "proposed"}],
    "Policy": [
        {"setting": "programmes_left_out", "value": PROGRAMME}, {"setting": "university", "value": UNIVERSITY},
    ],
    "Lists": [],
    "Calendar": [
        {"tranche": TRANCHE, "step": STEP, "date": "2026-11-26"},
        {"tranche": TRANCHE, "step": "closed", "agency": AGENCY, "date": "2027-02-15"},
    ],
}  # fmt: skip
"""Every column that names something, naming it as Agencies, Teams and the other sheets do."""

KINDS = {"id", "reference", "references", "place", "places", "open_word", "open_words", "ranking", "educators"}
TEXTS = {
    ("Students", "university"), ("Offers", "reserved_for"), ("Calendar", "step"), ("Policy", "value"),
}  # fmt: skip
"""Columns of text that name something all the same."""
DEFINES = {
    ("Tranches", "tranche"), ("Students", "student"), ("Agencies", "agency"), ("Teams", "team"), ("Offers", "offer"),
    ("Educators", "pe"), ("Places", "place"), ("Agencies", "also_called"), ("Requests", "student"), ("Travel", "to"),
}  # fmt: skip
"""The columns that say how a thing is spelt, or (of requests and times) that nobody compares with another sheet."""


def _columns() -> list[tuple[str, str]]:
    found = [(s.name, c.name) for s in ALL for c in s.columns if c.kind in KINDS or (s.name, c.name) in TEXTS]
    return [pair for pair in found if pair not in DEFINES]


WAYS: dict[str, Callable[[str], str]] = {
    "dashes": lambda t: t.replace("–", "-") if "–" in t else t.replace("-", "–"),
    "apostrophes": lambda t: t.replace("’", "'") if "’" in t else t.replace("'", "’"),
    "ampersands": lambda t: t.replace("&", "and"),
    "full stops": lambda t: t.replace(".", ""),
    "accents": lambda t: unicodedata.normalize("NFD", t),
    "no accents": lambda t: "".join(c for c in unicodedata.normalize("NFD", t) if not unicodedata.combining(c)),
    "capitals": str.upper,
    "spaces": lambda t: t.replace(" ", "\u00a0 ").replace("/", " / "),
}
"""Ways in which people type one name."""


def _folded(found: Reading) -> Any:
    """All facts with their names folded, in one order; no name may stand in two spellings."""
    data = found.dataset.model_copy(update={"issues": ()})
    spellings: defaultdict[str, set[str]] = defaultdict(set)

    def folded(value: Any) -> Any:
        if isinstance(value, str):
            spellings[fold(value)].add(value)
            return fold(value)
        if isinstance(value, dict):
            return {k: folded(v) for k, v in value.items()}
        return [folded(v) for v in value] if isinstance(value, list) else value

    facts = folded(
        [
            data.model_dump(mode="json", exclude={"words": {"__all__": {"meaning"}}}),
            list(found.policy.programmes_left_out),
        ]
    )
    assert {k: v for k, v in spellings.items() if len(v) > 1} == {}
    return facts


@functools.cache
def _as_named() -> Any:
    return _folded(read_sheets(NAMED, today=TODAY))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("sheet", "column"), _columns())
def test_every_column_may_spell_what_it_names_as_people_do(sheet: str, column: str, way: str) -> None:
    respelt = copy.deepcopy(NAMED)
    cells = [row for row in respelt[sheet] if row.get(column)]
    if sheet != "Lists":
        assert cells, "the table above must fill every column that names something"
    for row in cells:
        row[column] = WAYS[way](row[column])
    assert _folded(read_sheets(respelt, today=TODAY)) == _as_named()


@pytest.mark.parametrize("way", WAYS)
def test_every_sheet_may_have_its_own_way(way: str) -> None:
    respelt = copy.deepcopy(NAMED)
    for sheet, column in _columns():
        for row in respelt[sheet]:
            if row.get(column):
                row[column] = WAYS[way](row[column])
    assert _folded(read_sheets(respelt, today=TODAY)) == _as_named()


def test_a_measured_time_holds_though_no_place_is_listed() -> None:
    given = {
        **NAMED,
        "Places": [],
        "Travel": [{"from": "St Heliers", "to": "ST. HELIER'S", "mode": "car", "minutes": 3}],
    }
    data = read_sheets(given, today=TODAY).dataset
    assert {data.travel[0].origin, data.travel[0].destination} == {data.offers[0].place} == {data.students[0].home}


FINAL: Sheets = {
    "Tranches": [{"tranche": "T1", "first_day": "2027-01-04"}],
    "Students": [
        {
            "student": "S1", "programme": "MSW", "home": "CR0", "stage": "final", "clearance": "passed",
            "first_agency": "Sutton Adults", "first_team": "Hospital Team",
        }
    ],
    "Agencies": [{"agency": "Sutton Adults", "kind": "authority"}, {"agency": "Merton"}],
    "Offers": [
        {"agency": "Sutton Adults", "team": "Hospital Team", "place": "CR0", "areas": "adults"},
        {"agency": "Merton", "team": "Ward A", "place": "CR0", "areas": "adults"},
        {"agency": "Merton", "team": "Team 2", "place": "CR0", "areas": "adults"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("agency", "team", "kept", "asked"),
    [
        ("Sutton Adult", "Hospital Team", ("Sutton Adults", "Hospital Team"), 1),  # one slip: it asks, and E10 holds
        ("Sutton Adults", "Hopsital Team", ("Sutton Adults", "Hospital Team"), 1),
        ("Adults Sutton", "Team Hospital", ("Sutton Adults", "Hospital Team"), 2),  # the same words
        ("Sutton Adults", "HospitalTeam", ("Sutton Adults", "Hospital Team"), 1),
        (None, "Hospital Team", ("Sutton Adults", "Hospital Team"), 1),  # the only team of that name
        ("Merton", "Merton/Ward A", ("Merton", "Ward A"), 0),
        ("Merton", "Ward B", ("Merton", "Ward B"), 0),  # a letter of its own tells wards apart
        ("Merton", "Team 3", ("Merton", "Team 3"), 0),
        ("Kingston", "Ward A", ("Kingston", "Ward A"), 0),  # a former agency
    ],
)  # fmt: skip
def test_a_former_team_that_is_only_alike_is_asked_about_and_barred(
    agency: str | None, team: str, kept: tuple[str, str], asked: int
) -> None:
    given = copy.deepcopy(FINAL)
    given["Students"][0] |= {"first_agency": agency, "first_team": team}
    found = read_sheets(given, today=TODAY)
    assert [(h.agency, h.team) for h in found.dataset.history] == [kept]
    assert len([i for i in found.issues if i.code == "V320"]) == asked
    given["Students"][0] |= {"first_agency": None, "first_team": None}
    given["Students"][0] |= {"employer_agency": agency, "employer_team": team}
    student = read_sheets(given, today=TODAY).dataset.students[0]
    assert (student.employer_agency, student.employer_team) == kept


def test_a_listed_team_is_itself_however_alike_another_is() -> None:
    given = copy.deepcopy(FINAL)
    given["Teams"] = [{"agency": "Sutton Adults", "team": "Hospitals Team"}]
    given["Students"][0]["first_team"] = "Hospitals Team"
    found = read_sheets(given, today=TODAY)
    assert found.dataset.history[0].team == "Hospitals Team"
    assert not [i for i in found.issues if i.code == "V320"]


def test_a_word_that_is_only_alike_is_read_as_the_listed_one() -> None:
    # "mental helth" would be an area of its own, and any other area a contrast to it (L05).
    given = copy.deepcopy(FINAL)
    given["Students"][0]["first_areas"] = "mental helth"
    found = read_sheets(given, today=TODAY)
    assert found.dataset.history[0].areas == ("mental health",)
    assert of_code(found.issues, "V320").message.startswith("Is 'mental helth' the same as 'mental health'?")


def test_new_words_that_are_only_alike_are_one() -> None:
    # Neither is on a list; read as two, each would be a contrast to the other (L05).
    given = copy.deepcopy(FINAL)
    given["Students"][0]["first_areas"] = "Safegaurding hub"
    for offer in given["Offers"]:
        offer["areas"] = "Safeguarding hub"
    found = read_sheets(given, today=TODAY)
    assert {found.dataset.history[0].areas, *(o.areas for o in found.dataset.offers)} == {("Safegaurding hub",)}
    asked = [i for i in found.issues if i.code == "V320"]
    assert [i.message.split("?")[0] for i in asked] == ["Is 'Safeguarding hub' the same as 'Safegaurding hub'"]


@pytest.mark.parametrize(("typed", "asked"), [("kt 1", 1), ("KT-1", 1), ("kt1", 0), ("KT11", 0)])
def test_a_time_that_was_measured_for_a_place_that_is_only_alike_counts(typed: str, asked: int) -> None:
    given = copy.deepcopy(FINAL)
    given["Students"][0]["home"] = "KT1"
    given["Travel"] = [{"from": typed, "to": "SM1", "mode": "car", "minutes": 200}]
    found = read_sheets(given, today=TODAY)
    assert found.dataset.travel[0].origin == ("KT11" if typed == "KT11" else "KT1")
    assert len([i for i in found.issues if i.code == "V320"]) == asked


def test_folding_keeps_apart_what_numbers_tell_apart() -> None:
    assert fold("1.5") != fold("15")
    assert fold("S.1") == fold("S1")
    assert fold("A & E") == fold("a AND e")
    assert fold("S1 / first") == fold("s1/FIRST")


def test_teams_of_offers_that_no_sheet_lists_are_asked_about_where_they_are_only_alike() -> None:
    def asked(*teams: str, **more: Any) -> list[tuple[str | None, tuple[int, ...]]]:
        offers = [{"agency": "A", "team": t, "place": "CR0", "areas": "adults"} for t in teams]
        found = issues(sheets(Offers=offers, Decisions=None, Published=None, **more))
        return [(i.found, i.rows or (i.row or 0,)) for i in found if (i.code, i.column) == ("V307", "team")]

    assert asked("Childrens Duty", "Chidlrens Duty", "Childrens Duty", Teams=None) == [("Chidlrens Duty", (3,))]
    assert asked("Duty Team 7", "Duty Team 07", Teams=None) == [("Duty Team 07", (3,))]
    assert (
        asked("Team A", "Team B", "Team 1", "Team 2", "Social Work Team North", "Social Work Team South", Teams=None)
        == []
    )
    # Of two agencies they are two teams; what Teams lists is asked about by its own message (V303).
    assert asked("Childrens Duty", Teams=[{"agency": "A", "team": "Chidlrens Duty"}]) == []
