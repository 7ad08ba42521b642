"""Boundary cases of the rules about the PE."""

from datetime import date, timedelta
from typing import Any

from models.entities import ClosedDay
from tests import builders as b
from tests.rules.case import LAST_FRIDAY, Case, case, decision, exception, two_educators, two_offers

DAY = timedelta(days=1)
FINAL: dict[str, Any] = {"request": "S1/final", "requests": (b.request("S1/final"),), "history": (b.history(),)}
"""A final after a recorded first elsewhere, in another area and setting."""
ASSESSOR = {"team": "Z"}
TAUGHT = {"current_until": None, "last_student": date(2020, 1, 1)}

E05 = (two_educators("E05", "PE", {}, {}, students=(b.student(excluded_educators=("E2",)),)),)
E11 = (
    two_educators("E11", "PEPS1 takes no finals", {}, {"qualification": "PEPS1"}, **FINAL),
    two_educators("E11", "a stage 1 trainee takes no finals", {"qualification": "trainee_2"}, {"qualification": "trainee_1"}, **FINAL),
    two_educators("E11", "a trainee's assessor is a PEPS2", {"qualification": "trainee_1", "practice_assessor": "E3"},
                  {"qualification": "trainee_1", "practice_assessor": "E4"},
                  more_educators=(b.educator("E3", **ASSESSOR), b.educator("E4", qualification="PEPS1", **ASSESSOR))),
    # Current on the start date, 2026-01-05, and no longer.
    two_educators("E11", "a trainee's assessor is current", {"qualification": "trainee_1", "practice_assessor": "E3"},
                  {"qualification": "trainee_1", "practice_assessor": "E4"},
                  more_educators=(b.educator("E3", current_until=b.MONDAY, **ASSESSOR),
                                  b.educator("E4", current_until=b.MONDAY - DAY, **ASSESSOR))),
    two_educators("E11", "a trainee's assessor is registered", {"qualification": "trainee_1", "practice_assessor": "E3"},
                  {"qualification": "trainee_1", "practice_assessor": "E4"},
                  more_educators=(b.educator("E3", registered="not_checked", **ASSESSOR),
                                  b.educator("E4", registered="no", **ASSESSOR))),
    two_educators("E11", "a trainee's assessor is listed", {"qualification": "trainee_1", "practice_assessor": "university"},
                  {"qualification": "trainee_1", "practice_assessor": "E9"}),
    two_educators("E11", "PEPS1 on a final by exception", {"qualification": "PEPS1"}, {"qualification": "PEPS1"}, **FINAL,
                  more_educators=(b.educator("E3", **ASSESSOR),),
                  decisions=(exception("E11", "E3", "S1/final", pe="E1"), exception("E11", "E2", "S1/final", pe="E2"))),
    # The match starts on 2026-01-05: who qualifies on that day takes a final, who qualifies the day after does not.
    two_educators("E11", "PEPS2 from the day of the start", {"qualification": "PEPS1", "qualifies_on": b.MONDAY, "becomes": "PEPS2"},
                  {"qualification": "PEPS1", "qualifies_on": b.MONDAY + DAY, "becomes": "PEPS2"}, **FINAL),
    two_educators("E11", "PEPS2 from a day that is not known", {"qualification": "PEPS1", "becomes": "PEPS2", "not_known": ("qualifies_on",)},
                  {"qualification": "PEPS1", "not_known": ("qualifies_on",)}, **FINAL),
    two_educators("E11", "a trainee of stage 1 who became PEPS1", {"qualification": "trainee_2", "practice_assessor": "university"},
                  {"qualification": "trainee_1", "qualifies_on": b.MONDAY, "becomes": "PEPS1"}, **FINAL),
    two_educators("E11", "an assessor who is PEPS2 from the start", {"qualification": "trainee_1", "practice_assessor": "E3"},
                  {"qualification": "trainee_1", "practice_assessor": "E4"},
                  more_educators=(b.educator("E3", qualification="PEPS1", qualifies_on=b.MONDAY, becomes="PEPS2", **ASSESSOR),
                                  b.educator("E4", qualification="PEPS1", qualifies_on=b.MONDAY + DAY, becomes="PEPS2", **ASSESSOR))),
    # A trainee without a current assessor is barred; who qualifies by the start needs none.
    two_educators("E11", "qualified, so without an assessor",
                  {"qualification": "trainee_1", "practice_assessor": "E9", "qualifies_on": b.MONDAY, "becomes": "PEPS1"},
                  {"qualification": "trainee_1", "practice_assessor": "E9", "qualifies_on": b.MONDAY + DAY, "becomes": "PEPS1"}),
)  # fmt: skip
E12 = (
    two_educators("E12", "registered", {"registered": "not_checked"}, {"registered": "no"}),
    two_educators("E12", "current until the start", {"current_until": b.MONDAY}, {"current_until": b.MONDAY - DAY}),
    # 24 months after 2024-01-05 is the start, 2026-01-05.
    two_educators("E12", "last student 24 months ago", {"current_until": None, "last_student": date(2024, 1, 5)},
                  {"current_until": None, "last_student": date(2024, 1, 4)}),
    # Qualifying counts as a student: 24 months after 2024-01-05 is the start. Before it a trainee needs no currency.
    two_educators("E12", "qualified 24 months ago", {**TAUGHT, "qualifies_on": date(2024, 1, 5), "becomes": "PEPS2"},
                  {**TAUGHT, "qualifies_on": date(2024, 1, 4), "becomes": "PEPS2"}),
    two_educators("E12", "qualified nobody knows when", {"qualification": "PEPS1", **TAUGHT, "becomes": "PEPS2", "not_known": ("qualifies_on",)},
                  {"qualification": "PEPS1", **TAUGHT}),
    two_educators("E12", "a qualified PE must be current", {"qualification": "trainee_2", "practice_assessor": "university", **TAUGHT, "qualifies_on": b.MONDAY + DAY, "becomes": "PEPS2"},
                  {"qualification": "PEPS1", **TAUGHT, "qualifies_on": b.MONDAY + DAY, "becomes": "PEPS2"}),
    two_educators("E12", "exception until the start", {"current_until": b.MONDAY - DAY}, {"current_until": b.MONDAY - DAY},
                  decisions=(exception("E12", "2026-01-05", pe="E1"), exception("E12", "2026-01-04", pe="E2"))),
)  # fmt: skip
E13 = (
    # The window runs from 2026-01-05 to 2026-04-10.
    two_educators("E13", "available from", {"available_from": b.MONDAY}, {"available_from": b.MONDAY + DAY}),
    two_educators("E13", "leaves on", {"leaves_on": LAST_FRIDAY}, {"leaves_on": LAST_FRIDAY - DAY}),
    two_educators("E13", "absent from the last day", {"absent_from": LAST_FRIDAY + DAY, "absent_to": date(2026, 9, 1)},
                  {"absent_from": LAST_FRIDAY, "absent_to": date(2026, 9, 1)}),
    two_educators("E13", "absent until the first day", {"absent_to": b.MONDAY - DAY}, {"absent_to": b.MONDAY}),
    # Saturday and Sunday in the window are no working days; Friday is.
    two_educators("E13", "absent on a weekend", {"absent_from": date(2026, 2, 7), "absent_to": date(2026, 2, 8)},
                  {"absent_from": date(2026, 2, 6), "absent_to": date(2026, 2, 8)}),
    # Nor is Friday where the agency is closed; the window is a day longer then.
    two_educators("E13", "absent on a closed day", {"absent_from": date(2026, 2, 6), "absent_to": date(2026, 2, 8)},
                  {"absent_from": date(2026, 2, 5), "absent_to": date(2026, 2, 8)}, closed_days=(ClosedDay(date=date(2026, 2, 6), agency="A"),)),
    two_educators("E13", "declined", {}, {}, decisions=(decision("declined", student="S1", pe="E2", offer="O9", party="student"),)),
)  # fmt: skip
E14 = (
    two_offers("E14", "no supervisor for an off-site PE", {"team": "Y", "on_site_supervisor": "to_be_named"},
               {"team": "Y", "on_site_supervisor": "no"}, educators=(b.educator(long_arm=True),)),
    two_educators("E14", "a PE in the team needs none", {}, {"team": "Y", "long_arm": True},
                  offers=(b.offer(on_site_supervisor="no"),)),
)  # fmt: skip
INDEPENDENTS_FREE = {"independent_cap_percent": 100}
E15 = (
    two_educators("E15", "long-arm", {"team": "Y", "long_arm": True}, {"team": "Y"}),
    two_educators("E15", "blank team", {"team": None}, {"team": "Y"}),
    two_educators("E15", "another agency", {}, {"employed_by": "B", "team": "X", "long_arm": True}),
    two_educators("E15", "consultant serves the agency", {"employed_by": "partnership", "team": None, "serves": ("A",)},
                  {"employed_by": "partnership", "team": None}, INDEPENDENTS_FREE),
    two_educators("E15", "independent serves the place", {"employed_by": "independent", "team": None, "serves": ("P1",)},
                  {"employed_by": "independent", "team": None, "serves": ("P2", "B")}, INDEPENDENTS_FREE),
)  # fmt: skip
E16 = (
    two_educators("E16", "do not match with a PE", {}, {}, decisions=(decision("do_not_match", request="S1/first", pe="E2"),)),
)  # fmt: skip
FAILED = b.history("S1", outcome="failed", pe="E2")
E18 = (
    two_educators("E18", "another PE", {}, {}, history=(FAILED,)),
    case("E18", "the same PE by exception", (("S1/first", "O1", "E2"),), (("S1/first", "O2", "E2"),), history=(FAILED,),
         offers=(b.offer("O1"), b.offer("O2")), educators=(b.educator("E2"),), decisions=(exception("E18", "PE", offer="O1"),)),
    two_educators("E18", "a PEPS2", {}, {"qualification": "PEPS1"}, requests=(b.request("S1/first", repeat=True),)),
    two_educators("E18", "a PEPS2 from the start", {"qualification": "PEPS1", "qualifies_on": b.MONDAY, "becomes": "PEPS2"},
                  {"qualification": "PEPS1", "qualifies_on": b.MONDAY + DAY, "becomes": "PEPS2"},
                  requests=(b.request("S1/first", repeat=True),)),
    two_educators("E18", "no PEPS2 by exception", {"qualification": "trainee_2"}, {"qualification": "trainee_2"},
                  requests=(b.request("S1/first", repeat=True),), decisions=(exception("E18", "PEPS2", pe="E1"),)),
    # A History row of the other stage, or that passed, repeats nothing: S1 may have PEPS1 E1, S2 may not.
    case("E18", "only rows of that stage that did not pass", (("S1/first", "O1", "E1"),), (("S2/first", "O1", "E1"),),
         students=(b.student("S1"), b.student("S2")), requests=(b.request("S1/first"), b.request("S2/first")),
         educators=(b.educator(qualification="PEPS1"),),
         history=(b.history("S1", outcome="passed"), b.history("S1", stage="final", outcome="failed"),
                  b.history("S2", outcome="ended_early"))),
)  # fmt: skip
E19 = (two_educators("E19", "named PEs only", {}, {}, offers=(b.offer(educators=b.named("E1", "E3")),)),)

EDUCATOR_CASES: tuple[Case, ...] = (*E05, *E11, *E12, *E13, *E14, *E15, *E16, *E18, *E19)
