"""What the Alliance sees: nobody can be recognised, by counts or by what they follow from."""

import pytest

from api.sharing.alliance import WITHHELD, alliance_answer, alliance_plan
from models.policy import Policy
from scenarios.answers.answer import Answer, AnswerTable, Chart
from tests import builders as b
from tests.report.looking import POLICY, facts_of, match


def answer(*rows: tuple[str | int | float | None, ...], headings: tuple[str, ...] = ("case", "placed", "of", "%", "moved"), sentence: str = "Enough.") -> Answer:  # fmt: skip
    return Answer(
        scenario="cut", question="Fewer places?", reason="", base="b", sentence=sentence, proof="all proved",
        assumes=("As it is.",), table=AnswerTable(headings=headings, rows=rows), chart=Chart(kind="bars"),
        failed=("case X: S1 has no place",),
    )  # fmt: skip


@pytest.mark.parametrize("smallest", [1, 10, 30])
def test_groups_under_ten_are_withheld_whatever_the_policy_says(smallest: int) -> None:
    # One student due a final: a group of one.
    dataset = b.dataset(requests=(b.request("S1/final"),), history=(b.history(),))
    facts = facts_of(dataset, match("S1/final"), policy=POLICY.model_copy(update={"smallest_group": smallest}))
    plan = alliance_plan(facts)
    assert plan.smallest_group == max(10, smallest)
    values = [v for row in plan.rows if row["row"] == "with two statutory placements" for v in row["values"].values()]
    assert values
    assert all(v == {"withheld": True} for v in values)
    assert Policy().smallest_group == 10


def test_large_numbers_are_shown() -> None:
    shown = alliance_answer(answer(("as it is", 300, 354, 84.7, 0), ("fewer", 280, 354, 79.1, 20)), set())
    assert shown.rows == (("as it is", 300, 354, 84.7, 0), ("fewer", 280, 354, 79.1, 20))
    assert shown.sentence == "Enough."


def test_few_are_withheld_and_what_they_follow_from() -> None:
    shown = alliance_answer(answer(("as it is", 300, 354, 84.7, 0), ("fewer", 280, 354, 79.1, 4)), set())
    # 4 moved: withheld; alone in its row, so the next smallest, 280, goes too, and the percent with it; then 280 is
    # alone in its column, so 300 goes; alone in its row among 300, 354 and 0, so 354 goes; and alone in the column
    # of wholes, so the other 354.
    assert shown.rows == (
        ("as it is", WITHHELD, WITHHELD, WITHHELD, 0),
        ("fewer", WITHHELD, WITHHELD, WITHHELD, WITHHELD),
    )
    assert shown.sentence == ""


def test_all_but_few_are_few() -> None:
    # 350 of 354 says that 4 are not.
    [row] = alliance_answer(answer(("as it is", 350, 354, 98.9, 0)), set()).rows
    assert row[1:4] == (WITHHELD, WITHHELD, WITHHELD)


@pytest.mark.parametrize("sentence", ["3 of 354 lose theirs.", "Placed falls by 9.", "S1 loses the place."])
def test_a_sentence_that_says_few_or_names_somebody_is_withheld(sentence: str) -> None:
    shown = alliance_answer(answer(("as it is", 300, 354, 84.7, 0), sentence=sentence), {"S1"})
    assert shown.sentence in ("", WITHHELD)


@pytest.mark.parametrize("label", ["S1", "without s1", "S1/first", "(S1)", "S1.", "Jo Doe leaves"])
def test_whoever_is_named_is_withheld(label: str) -> None:
    shown = alliance_answer(answer((label, 300, 354, 84.7, 0)), {"S1", "Jo Doe"})
    assert shown.rows[0][0] == WITHHELD
    assert "S1" not in shown.model_dump_json()  # nor among the cases that failed


def test_labels_stay_though_they_hold_numbers() -> None:
    shown = alliance_answer(answer(("2 agencies fewer", 300, 354, 84.7, 0), ("S12", 300, 354, 84.7, 0)), {"S1"})
    assert [row[0] for row in shown.rows] == ["2 agencies fewer", "S12"]


def test_numbers_in_words_count() -> None:
    shown = alliance_answer(answer(("x", "3 of 12"), headings=("case", "placed")), set())
    assert shown.rows[0][1] == WITHHELD
