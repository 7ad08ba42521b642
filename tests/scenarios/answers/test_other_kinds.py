"""Answers along a parameter, by agency, over draws, of need and of growth: each number derived from the results."""

import pytest

from scenarios.answers import answered
from scenarios.answers.by_agency import RANGE
from scenarios.answers.need import POSTS, finals_needed
from scenarios.model import Measure
from tests.scenarios.answers.cases import BY_AGENCY, FINALS, PLACED, base, case, question


def test_levels_are_a_line_for_each_measure() -> None:
    points = [case(f"part={p}", {PLACED: (n, 10), FINALS: (f, 4)}, {"part": p}) for p, n, f in ((0, 7, 2), (50, 8, 4))]
    answer = answered(question("levels", PLACED, FINALS, along="%"), "b", [base({PLACED: (9, 10)}), *points])
    assert answer.chart.labels == ("0", "50")
    assert [s.values for s in answer.chart.series] == [(7, 8), (2, 4)]
    assert answer.sentence == (
        "As it is, requests with a place: 9 of 10. Requests with a place: 7 of 10 at 0; 8 of 10 (+1) at 50. "
        "Finals with a place: 2 of 4 at 0; 4 of 4 (+2) at 50."
    )


def test_frontier_has_the_first_measure_along_and_the_second_up() -> None:
    results = [base({FINALS: (2, 4), PLACED: (9, 10)}), case("rule", {FINALS: (4, 4), PLACED: (6, 10)})]
    answer = answered(question("frontier", FINALS, PLACED), "b", results)
    assert [s.values for s in answer.chart.series] == [(2, 4), (9, 6)]
    assert answer.sentence == (
        "As it is, finals with a place: 2 of 4; requests with a place: 9 of 10. Rule: 4 of 4 (+2) and 6 of 10 (\u22123)."
    )


def test_agencies_that_have_most_more_and_fewer_are_named() -> None:
    results = [
        base({PLACED: (9, 9), BY_AGENCY: {"A": (5, 5), "B": (4, 4)}}),
        case("x", {PLACED: (9, 9), BY_AGENCY: {"A": (2, 2), "B": (5, 5), "C": (2, 2)}}),
    ]
    answer = answered(question("by_agency", PLACED, BY_AGENCY), "b", results)
    # A 5 to 2; B 4 to 5; C 0 to 2
    assert answer.table.rows == (("A", 5, 2), ("B", 4, 5), ("C", 0, 2))
    assert answer.sentence.endswith("More: C (+2) and B (+1). Fewer: A (\u22123).")


def test_dumbbell_shows_the_range_of_the_other_case() -> None:
    results = [
        base({PLACED: (9, 9), BY_AGENCY: {"A": (5, 5), "B": (4, 4)}}),
        case(
            "hard range",
            {PLACED: (9, 9), BY_AGENCY: {"A": (4, 4), "B": (5, 5)}, RANGE: {"A": (2, 4)}},
            affected={"moved": ["S1/final"]},
        ),
    ]
    answer = answered(question("dumbbell", PLACED, BY_AGENCY, RANGE), "b", results)
    assert answer.chart.series[1].low == (2, None)
    assert answer.chart.series[1].high == (4, None)
    assert answer.sentence.endswith("Requests that lose their place: 0; that get one: 0; that move: 1.")


def test_held_up_are_students_with_a_place_as_it_is_and_none_in_a_case() -> None:
    students, there = Measure(name="students", title="students with a place"), Measure(name="placed", by="agency")
    results = [
        base({students: (9, 10), there: {"A": (5, 5), "B": (4, 4), "C": (2, 2)}}),
        case("agency=A", {students: (7, 10)}, {"agency": "A"}, affected={"moved": ["S1/final"]}),
        case("agency=B", {students: (6, 10)}, {"agency": "B"}),
        case("agency=C", {students: (9, 10)}, {"agency": "C"}),
    ]
    answer = answered(question("held_up", students, there), "b", results)
    assert answer.sentence == (
        "As it is, students with a place: 9 of 10. Students held up if one agency is absent: B 3 and A 2. "
        "Nobody is held up if C is absent."
    )
    assert answer.table.rows == (("B", 4, 3, 6, 10, 0), ("A", 5, 2, 7, 10, 1), ("C", 2, 0, 9, 10, 0))
    assert answer.chart.series[0].values == (3, 2, 0)


def test_a_range_that_cannot_be_a_rule_still_says_who_is_outside_of_it() -> None:
    results = [
        base({PLACED: (9, 9), BY_AGENCY: {"A": (5, 5), "B": (4, 4)}, RANGE: {"A": (2, 4), "B": (6, 8)}}),
        case("hard", {}, problem="rules clash: B takes at most 4", proved=False),
    ]
    assert answered(question("dumbbell", PLACED, BY_AGENCY, RANGE), "b", results).sentence == (
        "As it is, requests with a place: 9 of 9. As it is, below their range: B (4, range 6 to 8). As it is, above their range: "
        "A (5, range 2 to 4). Not possible, because rules clash: hard."
    )


def test_takes_over_says_what_partners_have_then() -> None:
    partners = Measure(name="partners", title="placements with partners")
    results = [
        base({PLACED: (9, 10), partners: (5, 9), BY_AGENCY: {"A": (5, 5), "out": (4, 4)}}),
        case("without", {PLACED: (4, 10), partners: (4, 4), BY_AGENCY: {"A": (8, 8)}}),
    ]
    answer = answered(question("takes_over", PLACED, BY_AGENCY, partners), "b", results)
    # 5 of 9 are 56%, 4 of 4 are 100%: one fewer, and a percentage that looks better
    assert (
        "Placements with partners: 5 of 9, then 4 of 4 (\u22121). The percentage rises (56% to 100%) while the number "
        "falls (5 of 9 to 4 of 4)."
    ) in answer.sentence
    # out 4 to 0, A 5 to 8
    assert [s.values for s in answer.chart.series] == [(5, 0), (3, 0), (0, 4)]


def test_draws_have_median_range_and_who_matters_most() -> None:
    # PE1 goes in draws 1 and 2 (6 and 7, mean 6.5), stays in 3 and 4 (9 and 9, mean 9): 2.5 fewer without PE1
    told: tuple[tuple[int, int, list[str]], ...] = ((1, 6, ["PE1"]), (2, 7, ["PE1"]), (3, 9, ["PE2"]), (4, 9, []))
    drawn = [case("leave", {PLACED: (n, 10)}, draw=d, touched=who) for d, n, who in told]
    answer = answered(question("draws", PLACED), "b", [base({PLACED: (10, 10)}), *drawn])
    assert answer.sentence == (
        "As it is, requests with a place: 10 of 10. Leave, 4 draws, in each of which 0 to 1 go: "
        "requests with a place: median 8, from 6 to 9, of 10. "
        "Most is lost in draws without PE1 (\u22122.5), against draws with them."
    )
    assert answer.table.rows == (("leave", "requests with a place", 4, 6, 8.0, 9, "10"),)
    assert answer.chart.series[0].values == (6, 7, 9, 9)


@pytest.mark.parametrize(("posts", "finals"), [(67, 84), (12, 15), (0, 0), (1, 2), (4, 5)])
def test_finals_that_posts_justify(posts: int, finals: int) -> None:
    # 67 / 0.8 = 83.75, so 84; 12 / 0.8 = 15; 1 / 0.8 = 1.25, so 2; 4 / 0.8 = 5
    assert finals_needed(posts) == finals


def test_need_of_kent_and_medway() -> None:
    answer = answered(question("need", POSTS), "b", [base({POSTS: {"Kent": (67, 75), "Medway": (12, 30)}})])
    assert answer.table.rows == (("Kent", 67, 84, 75, -9), ("Medway", 12, 15, 30, 15))
    # 84 + 15 = 99 needed, 75 + 30 = 105 offered
    assert answer.sentence == (
        "79 newly qualified posts need 99 finals if 80% are recruited; 105 are offered. "
        "Fewer than needed: Kent (75 offered, 84 needed)."
    )


def test_need_says_that_nobody_states_posts() -> None:
    assert "No agency states" in answered(question("need", POSTS), "b", [base({POSTS: {}})]).sentence


def test_growth_breaks_where_the_share_without_a_place_rises_most() -> None:
    firsts = Measure(name="placed", stage="first", by="programme")
    finals = Measure(name="placed", stage="final", by="programme")
    # at 100: BA 0 of 10, MSW 1 of 10 without; at 110: BA 1 of 11 (9%), MSW 4 of 11 (36%, from 10%): MSW rises most
    points = [
        case("i=100", {PLACED: (19, 20), firsts: {"BA": (10, 10)}, finals: {"MSW": (9, 10)}}, {"i": 100}),
        case("i=110", {PLACED: (17, 22), firsts: {"BA": (10, 11)}, finals: {"MSW": (7, 11)}}, {"i": 110}),
    ]
    answer = answered(question("capacity", PLACED, firsts, finals), "b", points)
    assert answer.sentence == (
        "Requests with a place: 19 of 20 at 100 and 17 of 22 at 110. It breaks first for MSW finals, at 110: "
        "1 of 10 had no place at 100, 4 of 11 then."
    )
    assert answer.table.rows == (("BA first", 0, 10, 1, 11), ("MSW final", 1, 10, 4, 11))


def test_growth_that_finds_no_more_places_is_said() -> None:
    finals = Measure(name="placed", stage="final", by="programme")
    points = [
        case(f"i={i}", {PLACED: (9, due), finals: {"MSW": (9, due)}}, {"i": i}) for i, due in ((100, 10), (110, 11))
    ]
    assert answered(question("capacity", PLACED, finals, sign="%"), "b", points).sentence == (
        "Requests with a place: 9 of 10 at 100% and 9 of 11 at 110%. However many more come, no more are placed. "
        "It breaks first for MSW finals, at 110%: 1 of 10 had no place at 100%, 2 of 11 then."
    )


def test_curves_say_where_a_line_changes() -> None:
    points = [
        case(f"d={d}, cap={c}", {PLACED: (n, 10)}, {"d": d, "cap": c})
        for d, c, n in (("a", 0, 7), ("a", 5, 9), ("a", 10, 9), ("b", 0, 9), ("b", 5, 9), ("b", 10, 9))
    ]
    answer = answered(question("curves", PLACED, a="alone", b="both"), "b", points)
    assert answer.sentence == "Alone: 7 of 10 at 0, 9 of 10 from 5 to 10. Both: 9 of 10 from 0 to 10."
    assert [s.name for s in answer.chart.series] == ["alone", "both"]
