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
    plan = alliance_plan(facts, alone=True)
    assert plan.smallest_group == max(10, smallest)
    values = [v for row in plan.rows if row["row"] == "with two statutory placements" for v in row["values"].values()]
    assert values
    assert all(v == {"withheld": True} for v in values)
    assert Policy().smallest_group == 10


def test_large_numbers_are_rounded() -> None:
    shown = alliance_answer(answer(("as it is", 296, 354, 83.6, 0), ("fewer", 280, 354, 79.1, 25)), set())
    # 296 to 300, 354 to 350, and 300 / 350 = 85.7%; a half goes up: 25 to 30
    assert shown.rows == (("as it is", 300, 350, 85.7, 0), ("fewer", 280, 350, 80.0, 30))
    assert (shown.sentence, shown.rounded_to) == ("Enough.", 10)


def test_few_are_withheld_and_do_not_follow() -> None:
    shown = alliance_answer(answer(("as it is", 300, 354, 84.7, 0), ("fewer", 296, 354, 83.6, 4)), set())
    # 4 of them moved; 300 less 296 would say so again, and rounded they are the same.
    assert shown.rows == (("as it is", 300, 350, 85.7, 0), ("fewer", 300, 350, 85.7, WITHHELD))


def test_all_but_few_are_not_told_from_all() -> None:
    for part in (346, 350, 354):
        [row] = alliance_answer(answer(("as it is", part, 354, 100 * part / 354, 0)), set()).rows
        assert row[1:4] == (350, 350, 100.0)


def test_a_sum_over_persons_is_rounded_to_what_ten_of_them_have() -> None:
    # 300 placements of 41 minutes on average: ten have 410, so to thousands. One who has 90 more is not seen.
    rows = [alliance_answer(answer(("as it is", sum, 300, 4100.0, 0)), set()).rows[0] for sum in (12300, 12390)]
    assert rows == [("as it is", 12000, 300, 4000.0, 0)] * 2


@pytest.mark.parametrize("sentence", ["3 of 354 lose theirs.", "Placed falls by 9.", "S1 loses the place."])
def test_a_sentence_that_says_few_or_names_somebody_is_withheld(sentence: str) -> None:
    shown = alliance_answer(answer(("as it is", 300, 354, 84.7, 0), sentence=sentence), {"S1"})
    assert shown.sentence in ("", WITHHELD)


def test_a_sentence_that_says_an_exact_number_is_withheld() -> None:
    shown = alliance_answer(answer(("as it is", 300, 354, 84.7, 0), sentence="As it is 301 of 354 are placed."), set())
    assert shown.sentence == ""


@pytest.mark.parametrize("label", ["S1", "without s1", "S1/first", "(S1)", "S1.", "Jo Doe leaves"])
def test_whoever_is_named_is_withheld(label: str) -> None:
    shown = alliance_answer(answer((label, 300, 354, 84.7, 0)), {"S1", "Jo Doe"})
    assert shown.rows[0][0] == WITHHELD
    assert "S1" not in shown.model_dump_json()  # nor among the cases that failed


def test_labels_stay_though_they_hold_numbers() -> None:
    shown = alliance_answer(answer(("2 agencies fewer", 300, 350, 84.7, 0), ("S12", 300, 350, 84.7, 0)), {"S1"})
    assert [row[0] for row in shown.rows] == ["2 agencies fewer", "S12"]


def test_numbers_in_words_count() -> None:
    said = {
        "3 of 12": WITHHELD,
        "352 of 354": "350 of 350",
        "350 to 354": "350 to 350",
        "in 2027/28": WITHHELD,
        "no": "no",
    }
    for words, shown in said.items():
        assert alliance_answer(answer(("x", words), headings=("case", "placed")), set()).rows[0][1] == shown
