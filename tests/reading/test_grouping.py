"""One cause, one message: with all its rows, before what follows from it."""

from typing import Any

import pytest

from allocator.reading.grouping import grouped, in_order
from models.errors import Issue
from tests.reading.sheets import FULL, Sheets, issues, sheets


def many(n: int) -> dict[str, list[dict[str, Any]]]:
    students = [{"student": str(k), "programme": "MSW", "home": "CR0"} for k in range(1, n + 1)]
    requests = [{"student": f"{k:03}", "stage": "first", "tranche": "T1"} for k in range(1, n + 1)]
    return sheets(Students=students, Requests=requests, History=[], Published=[], Decisions=[])


def test_leading_zeros_that_were_lost_are_one_message() -> None:
    # 36 students 1 to 36, and 36 requests of 001 to 036: not 36 messages, and the cause is said.
    # That nothing is left to plan (V131) follows from it, and is said below.
    issue, stop = [i for i in issues(many(36)) if i.sheet == "Requests"]
    assert (stop.code, stop.level) == ("V131", "stop")
    assert (issue.code, issue.level, issue.row, issue.rows) == ("V303", "set_aside", 2, tuple(range(2, 38)))
    assert issue.message.startswith(
        "'001' is not on Students, so the row cannot be used. Did you mean '1'? Leading zeros may have been lost."
    )
    assert issue.message.endswith("And 33 more like these.")


def test_that_nothing_is_left_stands_below_its_causes() -> None:
    unread = issues(sheets(Students=[{**row, "stage": "year 1"} for row in FULL["Students"]], Requests=None))
    aside = [n for n, i in enumerate(unread) if i.level == "set_aside"]
    (stop,) = [n for n, i in enumerate(unread) if i.code == "V131"]
    # S1 to S3 have no request since their stage cannot be read; the warnings, which decide nothing, come last.
    assert max(aside) < stop < min(n for n, i in enumerate(unread) if i.level == "warning")
    # Where no row is the cause it stands first, as any stop.
    past = issues(sheets(Tranches=[{**row, "status": "past"} for row in FULL["Tranches"]]))
    assert (past[0].code, past[0].sheet) == ("V131", "Tranches")


def test_new_words_are_one_message_a_column() -> None:
    rows = [dict(row) for row in FULL["Students"]] + [
        {"student": f"S{k}", "programme": "MSW", "home": "CR0", "stage": "first", "preferred_areas": f"area {k}"}
        for k in range(10, 60)
    ]
    found = [i for i in issues(sheets(Students=rows)) if i.code == "V203"]
    assert [(i.column, len(i.rows)) for i in found] == [("preferred_areas", 50)]


def test_a_few_problems_stay_each_by_itself() -> None:
    assert len([i for i in issues(many(3)) if i.code == "V303"]) == 3
    assert len([i for i in issues(many(4)) if i.code == "V303"]) == 1


def test_the_cause_comes_before_what_follows_from_it() -> None:
    # Educators stands behind Offers; the PE's own row is the cause of what Offers says.
    follows = Issue(level="set_aside", code="V308", message="'PE1' was set aside (V202, row 2)", sheet="Offers", row=2)
    cause = Issue(level="set_aside", code="V202", message="'PEPS3' is not a word", sheet="Educators", row=2)
    assert grouped([follows, cause]) == (cause, follows)


@pytest.mark.parametrize(
    "given", [many(30), sheets(Offers=[{**FULL["Offers"][0], "offer": f"O{k}", "agency": "Z"} for k in range(40)])]
)
def test_no_row_is_lost_by_grouping(given: Sheets) -> None:
    found = issues(given)
    again = grouped(found)
    assert {row for i in found for row in (i.rows or (i.row,))} == {row for i in again for row in (i.rows or (i.row,))}
    assert list(again) == in_order(again)


def test_two_causes_are_two_messages() -> None:
    def issue(row: int, cause: int) -> Issue:
        return Issue(
            level="set_aside",
            code="V308",
            message=f"'A' was set aside (V202, row {cause})",
            sheet="Offers",
            row=row,
            column="agency",
        )

    found = grouped([issue(row, cause) for cause in (2, 3) for row in range(10 * cause, 10 * cause + 5)])
    assert [i.rows for i in found] == [(20, 21, 22, 23, 24), (30, 31, 32, 33, 34)]


def test_of_many_that_ask_for_different_things_the_remedies_of_those_that_are_shown_stand_in_their_order() -> None:
    bare = [{"decision": kind, "request": f"S{n}/first", "by": "AB"} for n in (1, 2) for kind in ("fix", "exception")]
    (found,) = [i for i in issues(sheets(Decisions=bare)) if i.code == "V503"]
    assert found.rows == (2, 3, 4, 5)
    # Two fixes and two exceptions; three messages are shown, which ask for two things, each of which is said once.
    assert found.remedy == "Fill in one request and an offer. Fill in a rule and why."
