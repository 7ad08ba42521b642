"""What nobody has said yet: never "no", never silently firm, and the match says what to ask of whom."""

from datetime import date
from typing import Any

import pytest

from allocator.intake import read_sheets
from allocator.pipeline import allocate
from allocator.reading.sheets_record import SHEETS
from models.entities import Team, Word
from models.errors import InputUnusableError
from models.plan import ProvisionalCode
from tests import builders as b
from tests.reading.sheets import FULL, TODAY, issues, sheets
from tests.rules.case import policy
from tests.test_regressions import all_agree, values


def test_the_least_workbook_places_finals_and_says_what_to_ask() -> None:
    # Ten columns, and none says whether an offer is statutory: five finals, five places, all of them provisional.
    rows = [{"student": f"S{i}", "programme": "MSW", "home": "CR0", "stage": "final"} for i in range(1, 6)]
    offers = [{"agency": "A", "team": f"X{i}", "place": "CR0", "areas": "adults"} for i in range(1, 6)]
    given = {"Tranches": [{"tranche": "T1", "first_day": "2027-01-04"}], "Students": rows, "Offers": offers}
    found = read_sheets(given, {}, TODAY)
    result = allocate(found.dataset, found.policy)
    assert len(result.plan.matches) == 5
    assert result.check.passed
    for match in result.plan.matches:
        assert ProvisionalCode.STATUTORY in [w.code for w in match.waiting]
    [said] = [i for i in found.dataset.issues if i.code == "V415"]
    assert "provisional until somebody says" in said.message


def test_a_known_statutory_place_comes_before_one_that_may_be() -> None:
    data = b.dataset(
        requests=(b.request("S1/final"),),
        offers=(b.offer("O1", statutory_regulator="not_known"), b.offer("O2", team="Y", state="forecast")),
        educators=(b.educator("E1"), b.educator("E2", team="Y")),
    )
    # statutory_final comes before firm: the forecast place that is statutory, not the firm one of which nobody knows.
    assert [m.offer for m in allocate(data, policy()).plan.matches] == ["O2"]
    assert all_agree(data)


def test_a_guarantee_that_rests_on_an_answer_is_not_firm() -> None:
    # S1's first was not statutory. O1's flag is not known: the match waits, counts once in firm and in no statutory tier.
    data = b.dataset(
        requests=(b.request("S1/final"),), history=(b.history(statutory_regulator="no"),),
        offers=(b.offer("O1", statutory_regulator="not_known"),),
    )  # fmt: skip
    [match] = allocate(data, policy()).plan.matches
    assert [(w.code, w.detail, w.who) for w in match.waiting] == [(ProvisionalCode.STATUTORY, "O1", "A")]
    found = values(data)
    assert (found["firm"], found["statutory_final"], found["two_statutory"]) == (1, 0, 0)
    assert all_agree(data)


@pytest.mark.parametrize(
    ("history", "flag", "least", "waits", "firm"),
    [
        # Both have to be: of the first, of which nobody knows; of the final; of both, and the student counts once.
        ({"statutory_regulator": "not_known"}, "yes", 2, ["the first placement"], 1),
        ({"statutory_regulator": "yes"}, "not_known", 2, ["O1"], 1),
        ({"statutory_regulator": "not_known"}, "not_known", 2, ["O1", "the first placement"], 1),
        # The first was not: the final has to be all the same. Not recorded (it failed): it is asked.
        ({"statutory_regulator": "no"}, "not_known", 2, ["O1"], 1),
        ({"outcome": "failed"}, "yes", 2, ["the first placement"], 1),
        ({"statutory_regulator": "yes"}, "yes", 2, [], 0),
        # None has to be, or one of two: nothing rests on an answer.
        ({"statutory_regulator": "no"}, "not_known", 0, [], 0),
        ({"statutory_regulator": "yes"}, "not_known", 1, [], 0),
    ],
)
def test_what_the_guarantee_of_a_programme_rests_on(
    history: dict[str, Any], flag: str, least: int, waits: list[str], firm: int
) -> None:
    data = b.dataset(
        requests=(b.request("S1/final"),), history=(b.history(**history),), offers=(b.offer(statutory_regulator=flag),)
    )
    settings = policy(statutory_least={"MSW": least})
    [match] = allocate(data, settings).plan.matches
    assert [w.detail for w in match.waiting if w.code == ProvisionalCode.STATUTORY] == waits
    assert {t.tier: t.value for t in allocate(data, settings).plan.tiers}["firm"] == firm


def test_a_first_of_which_nobody_knows_waits_alone_where_both_have_to_be_statutory() -> None:
    data = b.dataset(offers=(b.offer(statutory_regulator="not_known"),))
    [match] = allocate(data, policy(statutory_least={"MSW": 2})).plan.matches
    assert [(w.code, w.detail, w.who) for w in match.waiting] == [(ProvisionalCode.STATUTORY, "O1", "A")]


@pytest.mark.parametrize(
    ("before", "here", "contrast", "waits"),
    [
        (None, "authority", "setting", ["setting of the first placement"]),
        ("voluntary", None, "both", ["setting of O1"]),
        ("voluntary", "authority", "both", []),
        (None, "authority", "any", []),  # there it rests on the new area
    ],
)
def test_contrast_that_rests_on_a_setting_nobody_said_is_provisional(
    before: str | None, here: str | None, contrast: str, waits: list[str]
) -> None:
    data = b.dataset(
        requests=(b.request("S1/final"),), history=(b.history(setting=before),), offers=(b.offer(setting=here),)
    )
    [match] = allocate(data, policy(contrast=contrast)).plan.matches
    assert [w.detail for w in match.waiting] == waits


@pytest.mark.parametrize(
    ("before", "areas", "waits"),
    [
        (("adults",), ("children",), []),
        (("adults",), ("children", "hub"), []),
        (("adults",), ("hub",), ["directorate of O1: hub"]),
        (("hub",), ("children",), ["directorate of the first placement: hub"]),
        (("adults", "children"), ("children",), ["directorate of the first placement: adults, children"]),
        ((), ("hospital",), ["directorate of the first placement: no area is recorded", "directorate of O1: hospital"]),
    ],
)
def test_of_which_placement_the_directorate_is_asked(
    before: tuple[str, ...], areas: tuple[str, ...], waits: list[str]
) -> None:
    meanings = {"adults": "adults", "children": "children", "hospital": "both", "hub": None}
    data = b.dataset(
        requests=(b.request("S1/final"),), history=(b.history(areas=before),), offers=(b.offer(areas=areas),),
        words=tuple(Word(list="areas", word=word, meaning=meaning) for word, meaning in meanings.items()),
    )  # fmt: skip
    [match] = allocate(data, policy(contrast="directorate")).plan.matches
    assert [w.detail for w in match.waiting] == waits


def test_whether_the_first_was_statutory_is_asked_where_the_final_is_not() -> None:
    data = b.dataset(
        requests=(b.request("S1/final"),), history=(b.history(statutory_regulator="not_known"),),
        offers=(b.offer("O1", statutory_regulator="no"),),
    )  # fmt: skip
    [match] = allocate(data, policy()).plan.matches
    assert [(w.code, w.detail, w.who) for w in match.waiting] == [
        (ProvisionalCode.STATUTORY, "the first placement", "university")
    ]
    assert all_agree(data)


def test_a_final_that_is_statutory_asks_nothing_of_its_first() -> None:
    data = b.dataset(requests=(b.request("S1/final"),), history=(b.history(statutory_regulator="not_known"),))
    [match] = allocate(data, policy()).plan.matches
    assert match.waiting == ()


# ---- every column that may hold it ---------------------------------------------------------------------------------
COLUMNS = [(name, column.name) for name, sheet in SHEETS.items() if name in FULL for column in sheet.columns]
REFUSED = {("Tranches", "tranche"), ("Tranches", "first_day"), ("Students", "student"), ("Agencies", "agency"),
           ("Offers", "offer"), ("Offers", "agency"), ("Offers", "team")}  # fmt: skip
"""Nothing can be planned without any of these."""


@pytest.mark.parametrize(("sheet", "column"), COLUMNS, ids=[f"{s}.{c}" for s, c in COLUMNS])
def test_not_known_in_every_row_of_a_column_is_no_crash_and_not_silent(sheet: str, column: str) -> None:
    given = sheets()
    for row in given[sheet]:
        row[column] = "not known"
    if (sheet, column) in REFUSED:
        assert [i for i in issues(given) if (i.sheet == sheet and i.level == "stop") or i.code == "V217"]
        with pytest.raises(InputUnusableError):
            read_sheets(given, {}, TODAY)
        return
    found = read_sheets(given, {}, TODAY)
    result = allocate(found.dataset, found.policy)
    assert result.check.passed
    said = [i for i in found.issues if i.sheet == sheet and i.column == column]
    waits = {column for rows in (found.dataset.students, found.dataset.requests, found.dataset.history,
                                 found.dataset.agencies, found.dataset.teams, found.dataset.offers,
                                 found.dataset.educators) for row in rows for column in row.not_known}  # fmt: skip
    assert said or column in waits or column.startswith("first_")


def waiting(**parts: Any) -> list[str]:
    """What the matches of a partnership wait for because somebody has not said it."""
    dataset = b.dataset(**parts)
    matches = allocate(dataset, policy()).plan.matches
    assert matches
    return [w.detail or "" for m in matches for w in m.waiting if w.code == ProvisionalCode.NOT_KNOWN]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"agencies": (b.agency(not_known=("maximum_at_once",)),)}, ["maximum_at_once of A"]),
        ({"agencies": (b.agency(not_known=("part", "name")),)}, []),
        ({"teams": (Team(agency="A", team="X", not_known=("maximum_at_once",)),)}, ["maximum_at_once of X"]),
        (
            {"requests": (b.request("S1/final"),), "history": (b.history(not_known=("outcome",)),)},
            ["outcome of the first placement before"],
        ),
        ({"history": (b.history(not_known=("team", "areas")),), "requests": (b.request("S1/final"),)},
         ["team of the first placement before, areas of the first placement before"]),
        ({"offers": (b.offer(not_known=("statutory_regulator", "note")),)}, []),
        ({"offers": (b.offer(not_known=("capacity",)),)}, ["capacity"]),
    ],
)  # fmt: skip
def test_what_a_judgement_rests_on_makes_the_match_wait(parts: dict[str, Any], expected: list[str]) -> None:
    assert waiting(**parts) == expected


def test_authorities_of_a_team_that_are_not_known_are_some_of_the_agencys() -> None:
    # A trust serves three councils and nobody says which of them the team does: a locked student may go, provisionally.
    agency = {"agency": "A", "kind": "trust", "authorities": "North; South; West"}
    given = sheets(
        Agencies=[agency, *FULL["Agencies"][1:]],
        Teams=[{**FULL["Teams"][0], "authorities": "not known"}, FULL["Teams"][1]],
    )
    offer = read_sheets(given, {}, TODAY).dataset.offer_by_id["O1"]
    assert offer.authorities == ("North", "South", "West")
    assert "authorities" in offer.not_known


def test_a_lock_does_not_bar_an_offer_whose_authorities_nobody_knows() -> None:
    locked = (b.request("S1/first", locked_authorities=("North",)),)
    for authorities, not_known, placed in (((), ("authorities",), 1), (("South",), ("authorities",), 0), ((), (), 0)):
        data = b.dataset(requests=locked, offers=(b.offer(authorities=authorities, not_known=not_known),))
        assert len(allocate(data, policy()).plan.matches) == placed
        assert all_agree(data)


def test_an_agency_of_which_it_is_not_known_whether_it_asks_is_asked() -> None:
    given = sheets(Agencies=[{**FULL["Agencies"][0], "asks_decision": "not known"}, *FULL["Agencies"][1:]])
    assert read_sheets(given, {}, TODAY).dataset.agency_by_id["A"].asks_decision


def test_a_published_row_whose_status_is_not_known_stays() -> None:
    given = sheets(Published={"status": "not known"})
    assert read_sheets(given, {}, TODAY).dataset.published_by_request["S3/final"].standing == "kept"


INTERN = {"students": (b.student(scheme="intern"),)}
UNSAID: dict[str, Any] = {"not_known": ("authorities",)}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        # The first runs from 2026-01-05 to 2026-04-10, the final from 2026-04-13 on in another team.
        (({}, {"authorities": ("L",)}, UNSAID), ["authorities", "authorities of O1"]),
        (({}, UNSAID, {"authorities": ("L",)}), ["authorities"]),
        (({}, {"authorities": ("L",)}, {"authorities": ("L",)}), []),
        (({"history": (b.history(areas=("children",), **UNSAID),), "requests": (b.request("S1/final"),)}, {"authorities": ("L",)}, {}),
         ["authorities of the first placement before", "whether H of the first placement before is a partner authority"]),
        (({"history": (b.history(areas=("children",)),), "requests": (b.request("S1/final"),)}, {"authorities": ("L",)}, {}),
         ["whether H of the first placement before is a partner authority"]),
        # A listed agency of which History has no authorities; one whose kind and membership nobody has said.
        (({"history": (b.history(agency="A", areas=("children",)),), "requests": (b.request("S1/final"),)}, {"authorities": ("L",)}, {}),
         ["authorities of the first placement before"]),
        (({"agencies": (b.agency(kind=None, not_known=("membership",)),)}, {"authorities": ("L",)}, {"authorities": ("L",)}),
         ["kind of A", "kind of A", "membership of A", "membership of A"]),
    ],
)  # fmt: skip
def test_an_interns_final_waits_for_an_authority_that_nobody_has_said(parts: Any, expected: list[str]) -> None:
    more, final, first = parts
    facts = {"team": "Y", "earliest_start": date(2026, 4, 13), "areas": ("adults",), "setting": "voluntary"}
    both: dict[str, Any] = {"requests": (b.request("S1/first"), b.request("S1/final"))} | INTERN | more
    offers = (b.offer("O1", stage="first", **first), b.offer("O2", stage="final", **facts | final))
    data = {"offers": offers, "educators": (b.educator("E1"), b.educator("E2", team="Y"))} | both
    assert sorted(waiting(**data)) == expected
    assert all_agree(b.dataset(**data))


def test_a_team_of_the_history_whose_authorities_nobody_knows() -> None:
    given = sheets(History=[{**FULL["History"][0], "agency": "A", "team": "X"}], Teams={"authorities": "not known"})
    [row] = read_sheets(given, {}, TODAY).dataset.history
    assert (row.authorities, row.not_known) == (("Council",), ("authorities",))


def test_a_setting_that_would_be_the_agencys_kind_waits_where_that_is_not_known() -> None:
    found = read_sheets(sheets(Agencies={"kind": "not known"}), {}, TODAY).dataset
    assert (found.offer_by_id["O1"].setting, "setting" in found.offer_by_id["O1"].not_known) == (None, True)
    said = read_sheets(sheets(Agencies={"kind": "not known"}, Offers={"setting": "trust"}), {}, TODAY).dataset
    assert "setting" not in said.offer_by_id["O1"].not_known


def test_a_teams_setting_that_nobody_knows_is_not_the_agencys_kind() -> None:
    found = read_sheets(sheets(Teams={"setting": "not known"}), {}, TODAY).dataset
    assert (found.team_by_key["A", "X"].setting, found.offer_by_id["O1"].setting) == (None, None)
    assert "setting" in found.offer_by_id["O1"].not_known
    blank = read_sheets(sheets(), {}, TODAY).dataset
    assert (blank.team_by_key["A", "X"].setting, blank.offer_by_id["O1"].setting) == ("authority", "authority")


@pytest.mark.parametrize("column", ["offer", "pe"])
def test_an_exception_for_nobody_knows_whom_loosens_nothing(column: str) -> None:
    row = {"decision": "exception", "request": "S1/first", "rule": "E04", "value": 95, "why": "agreed", "by": "AB"}
    assert len(read_sheets(sheets(Decisions=[row]), {}, TODAY).dataset.decisions) == 1
    found = read_sheets(sheets(Decisions=[row | {column: "not known"}]), {}, TODAY)
    assert found.dataset.decisions == ()
    assert [i.code for i in found.issues if i.level == "set_aside"] == ["V503"]


def test_rows_of_which_nobody_knows_what_they_are_about_are_not_compared() -> None:
    rows = [{"from": "not known", "to": "SM1", "mode": "car", "minutes": n} for n in (25, 30)]
    said = [(i.code, i.row, i.column) for i in issues(sheets(Travel=rows))]
    assert {code for code, _, _ in said} == {"V217"}
