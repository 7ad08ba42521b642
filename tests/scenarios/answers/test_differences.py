"""Cases against the base as it is."""

from scenarios.answers import answered
from scenarios.answers.differences import DO_NOT_ADD
from scenarios.answers.words import signed, turned
from scenarios.results import Measured
from tests.scenarios.answers.cases import FINALS, PLACED, base, case, losing, question


def test_sentence_names_parts_wholes_and_differences() -> None:
    # 45 of 52 as it is; 49 is 4 more, 44 is 1 fewer
    results = [base({FINALS: (45, 52)}), case("without Step Up", {FINALS: (49, 52)}), case("snow", {FINALS: (44, 52)})]
    answer = answered(question("differences", FINALS), "b", results)
    assert answer.sentence == (
        "As it is, finals with a place: 45 of 52. Without Step Up: 49 of 52 (+4); snow: 44 of 52 (\u22121)."
    )
    assert answer.proof == "Every tier of all 3 plans is proved."
    assert answer.closed
    assert answer.plans == 3


def test_table_has_part_whole_percent_and_who_is_affected() -> None:
    results = [base({FINALS: (3, 4)}), case("x", {FINALS: (2, 4)}, affected=losing("S1/final"))]
    table = answered(question("differences", FINALS), "b", results).table
    assert table.headings == ("case", "finals with a place", "of", "%", "newly placed", "not placed any more", "moved")
    assert table.rows == (("as it is", 3, 4, 75.0, 0, 0, 0), ("x", 2, 4, 50.0, 0, 1, 0))


def test_a_share_that_rises_while_its_number_falls_is_said() -> None:
    # 23 of 29 are 79%, 21 of 25 are 84%: fewer students, and a percentage that looks better
    results = [base({FINALS: (23, 29)}), case("fewer due", {FINALS: (21, 25)})]
    sentence = answered(question("differences", FINALS), "b", results).sentence
    assert "Fewer due: the percentage rises (79% to 84%) while the number falls (23 of 29 to 21 of 25)." in sentence
    both_fall = turned(
        Measured(measure="m", group="", part=23, whole=29), Measured(measure="m", group="", part=20, whole=29)
    )
    assert both_fall == ""


def test_worth_is_drawn_as_steps_to_what_is_due_and_says_that_they_do_not_add() -> None:
    results = [base({FINALS: (45, 52)}), case("a", {FINALS: (49, 52)}), case("b", {FINALS: (52, 52)})]
    answer = answered(question("worth", FINALS), "b", results)
    assert answer.chart.kind == "waterfall"
    assert answer.chart.series[0].values == (45, 49, 52)
    assert answer.chart.target == 52
    assert DO_NOT_ADD in answer.assumes


def test_worth_says_how_many_are_short_each_cause_by_what_it_is_worth_and_all_together() -> None:
    # 52 due, 45 placed: 7 short
    results = [
        base({FINALS: (45, 52)}), case("a", {FINALS: (49, 52)}), case("b", {FINALS: (52, 52)}),
        case("c", {FINALS: (45, 52)}), case("all", {FINALS: (52, 52)}),
    ]  # fmt: skip
    assert answered(question("worth", FINALS, together="all"), "b", results).sentence == (
        "As it is, finals with a place: 45 of 52, so 7 are short. Alone, b: 52 of 52 (+7); a: 49 of 52 (+4). "
        "Alone, no difference: c. All: 52 of 52 (+7)."
    )


def test_where_none_is_short_no_cause_is_named_as_one() -> None:
    results = [base({FINALS: (52, 52)}), case("a", {FINALS: (52, 52)})]
    assert answered(question("worth", FINALS), "b", results).sentence == (
        "As it is, finals with a place: 52 of 52. None is short, so no cause can be worth anything."
    )


def test_differences_speak_of_the_first_two_measures_and_name_cases_without_any_once() -> None:
    results = [
        base({FINALS: (3, 4), PLACED: (8, 10)}), case("x", {FINALS: (4, 4), PLACED: (7, 10)}),
        case("y", {FINALS: (3, 4), PLACED: (8, 10)}),
    ]  # fmt: skip
    assert answered(question("differences", FINALS, PLACED), "b", results).sentence == (
        "As it is, finals with a place: 3 of 4; requests with a place: 8 of 10. X: 4 of 4 (+1) and 7 of 10 (\u22121). "
        "No difference: y."
    )


def test_without_the_base_the_sentence_says_what_is_counted() -> None:
    """A number without its name says nothing: with_base = false leaves no "As it is, requests with a place"."""
    results = [case("x", {PLACED: (2, 6)}), case("y", {PLACED: (3, 6)})]
    for kind in ("differences", "table", "worth"):
        assert answered(question(kind, PLACED), "b", results).sentence == "Requests with a place: x: 2 of 6; y: 3 of 6."
    sorted_ones = answered(question("costs", PLACED), "b", results)
    assert sorted_ones.sentence == "Requests with a place: x: 2 of 6; y: 3 of 6."
    assert sorted_ones.chart.unit == sorted_ones.chart.series[0].name == "requests with a place"


def test_that_finals_come_first_is_said_where_the_whole_goes_the_other_way() -> None:
    def tiers(finals: int) -> list[dict[str, object]]:
        return [{"tier": "placed.finals", "sense": "max", "value": finals, "bound": finals, "proved": True}]

    before = case("as it is", {FINALS: (3, 4)}, placed=8, tiers=tiers(3))
    more_finals = case("x", {FINALS: (4, 4)}, placed=7, tiers=tiers(4))
    more_of_both = case("y", {FINALS: (4, 4)}, placed=9, tiers=tiers(4))
    assumes = answered(question("differences", FINALS), "b", [before, more_finals, more_of_both]).assumes
    assert assumes == (
        "Finals of the round being decided come before all else, so that they and the number placed in all may go "
        "opposite ways: x.",
    )
    assert not answered(question("differences", FINALS), "b", [before, more_of_both]).assumes


def test_worth_has_no_target_where_cases_have_not_the_same_number_due() -> None:
    results = [base({FINALS: (45, 52)}), case("a", {FINALS: (43, 43)})]
    assert answered(question("worth", FINALS), "b", results).chart.target is None


def test_costs_are_sorted_the_greatest_loss_first_and_those_that_cost_nothing_are_counted() -> None:
    results = [
        base({PLACED: (10, 12)}),
        case("leaves=A", {PLACED: (9, 12)}, {"leaves": "A"}),
        case("leaves=B", {PLACED: (5, 12)}, {"leaves": "B"}),
        case("leaves=C", {PLACED: (10, 12)}, {"leaves": "C"}),
    ]
    answer = answered(question("costs", PLACED), "b", results)
    assert answer.chart.labels == ("B", "A", "C")
    assert answer.chart.series[0].values == (-5, -1, 0)
    assert answer.sentence == (
        "As it is, requests with a place: 10 of 12. B: 5 of 12 (\u22125); A: 9 of 12 (\u22121). No difference: C."
    )


def test_a_case_without_a_plan_is_named_and_sinks_nothing() -> None:
    results = [base({FINALS: (3, 4)}), case("x", {}, problem="rules clash: a and b", proved=False)]
    answer = answered(question("differences", FINALS), "b", results)
    assert answer.failed == ("x: rules clash: a and b",)
    assert answer.plans == 1
    assert answer.closed


def test_the_sentence_names_cases_that_are_not_possible() -> None:
    clash = case("hard", {}, problem="rules clash: a and b", proved=False)
    results = [base({FINALS: (3, 4)}), clash, case("odd", {}, problem="no such team", proved=False)]
    assert answered(question("differences", FINALS), "b", results).sentence.endswith(
        "Not possible, because rules clash: hard. Without an answer: odd."
    )


def test_no_plan_at_all_says_so() -> None:
    answer = answered(question("worth", FINALS), "b", [case("x", {}, problem="no", proved=False)])
    assert answer.sentence == "No case has a plan."
    assert not answer.closed


def test_what_is_not_proved_is_part_of_the_answer() -> None:
    open_tier = {"tier": "placed.finals", "sense": "max", "value": 3, "bound": 4}
    results = [base({FINALS: (3, 4)}), case("x", {FINALS: (3, 4)}, proved=False, tiers=[open_tier])]
    answer = answered(question("differences", FINALS), "b", results)
    assert answer.proof == "1 of 2 plans are proved; x: placed.finals 3, at best 4."
    assert not answer.closed


def test_signs() -> None:
    assert [signed(n) for n in (4, 0, -2)] == ["+4", "0", "\u22122"]


def test_cases_that_change_nothing_of_the_input_are_named() -> None:
    results = [
        case("as it is", {PLACED: (9, 10)}, digest="a"), case("x", {PLACED: (9, 10)}, digest="a"),
        case("y", {PLACED: (9, 10)}, digest="b"), case("z", {PLACED: (9, 10)}, digest="a", draw=1),
    ]  # fmt: skip
    assert "Nothing of the input is changed in: x." in answered(question("differences", PLACED), "b", results).assumes


def test_a_problem_does_not_name_its_scenario_again() -> None:
    results = [base({PLACED: (9, 10)}), case("x", {}, problem="q: edits[1] set: no such row.", proved=False)]
    assert answered(question("differences", PLACED), "b", results).failed == ("x: edits[1] set: no such row.",)
