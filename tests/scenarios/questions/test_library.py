"""Every question on a small partnership: its numbers are those of the plans, and go in the direction that they must."""

import re

import pytest

from scenarios.answers.need import finals_needed
from scenarios.measures import name_of
from tests.scenarios.questions.small import QUESTIONS, Answered, Recount, asked

OF = re.compile(r"(\d+) of (\d+)")
ACCOUNTS = ("used", "range", "posts")
"""Measures of the accounts of agencies, which have tests of their own."""
SETTINGS = re.compile(r"from \d+% to \d+%|(range of|at|if) \d+%")
"""A percentage that is a setting, not a result."""


def recounts(found: Answered) -> list[Recount]:
    return [Recount(s.plan, s.dataset) for s in found.solutions if s.plan is not None and s.dataset is not None]


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_answered_with_proof(name: str) -> None:
    answer, solutions = asked(name)
    assert answer.plans == len(solutions) - len(answer.failed) >= 1
    assert answer.closed
    assert answer.sentence.endswith(".")
    assert "  " not in answer.sentence
    assert answer.reason
    assert answer.assumes
    assert answer.table.rows
    assert all(len(row) == len(answer.table.headings) for row in answer.table.rows)
    assert (answer.chart.kind == "none") == (name == "internships")
    points = 12 if answer.chart.kind == "strip" else len(answer.chart.labels)
    assert all(len(series.values) == points for series in answer.chart.series)


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_is_measured_is_counted_again_from_the_plan(name: str) -> None:
    for solution in asked(name).solutions:
        if solution.plan is None or solution.dataset is None or solution.result.problem is not None:
            continue
        count = Recount(solution.plan, solution.dataset)
        for measure in QUESTIONS[name].answer.measures:
            if measure.name in ACCOUNTS:
                continue
            if measure.by == "agency":
                told = {m.group: m.part for m in solution.result.measured if m.measure == name_of(measure)}
                assert told == count.at_agencies(measure)
            elif not measure.by:
                told_of_all = solution.result.measure(name_of(measure))
                assert (told_of_all.part, told_of_all.whole) == count.number(measure), (solution.result.case, measure)


@pytest.mark.parametrize("name", [n for n in QUESTIONS if n != "workforce"])
def test_every_number_with_its_whole_in_the_sentence_is_of_a_plan(name: str) -> None:
    found = asked(name)
    allowed = set()
    for solution in found.solutions:
        allowed |= {(m.part, m.whole) for m in solution.result.measured}
        allowed |= {(m.whole - m.part, m.whole) for m in solution.result.measured}
    told = {(int(a), int(b)) for a, b in OF.findall(found.answer.sentence)}
    assert told <= allowed
    assert told or name == "posts"


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_percentage_stands_alone(name: str) -> None:
    sentence = SETTINGS.sub("", asked(name).answer.sentence)
    sentence = re.sub(r"\d+ of \d+ \(\d+%\)", "", sentence)
    sentence = re.sub(
        r"percentage \w+ \(\d+% to \d+%\) while the number \w+ \(\d+ of \d+ to \d+ of \d+\)", "", sentence
    )
    assert "%" not in sentence


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_percent_in_a_table_is_of_the_number_and_the_whole_before_it(name: str) -> None:
    table = asked(name).answer.table
    for n, heading in enumerate(table.headings):
        if heading != "%":
            continue
        for row in table.rows:
            part, whole, percent = row[n - 2], row[n - 1], row[n]
            assert isinstance(part, int)
            assert isinstance(whole, int)
            assert percent == (round(100 * part / whole, 1) if whole else None)


@pytest.mark.parametrize("name", [n for n in QUESTIONS if n not in ("posts", "fair-share", "internships")])
def test_a_chart_draws_numbers_of_plans_or_differences_between_them(name: str) -> None:
    found = asked(name)
    parts = {m.part for s in found.solutions for m in s.result.measured}
    left = {m.whole - m.part for s in found.solutions for m in s.result.measured}
    base = {(m.measure, m.group): m.part for m in found.solutions[0].result.measured}
    steps = {m.part - base.get((m.measure, m.group), 0) for s in found.solutions for m in s.result.measured} | {
        -part for part in base.values()
    }
    drawn = {value for series in found.answer.chart.series for value in series.values if value is not None}
    assert drawn <= parts | left | steps | {-step for step in steps} | {0}


def test_posts_are_set_against_finals() -> None:
    for agency, posts, needed, offered, difference in asked("posts").answer.table.rows:
        assert isinstance(posts, int)
        assert needed == finals_needed(posts)
        assert isinstance(offered, int)
        assert difference == offered - finals_needed(posts), agency


def test_draws_have_their_median_and_range() -> None:
    answer, solutions = asked("workforce")
    drawn = sorted(s.result.measure("placed").part for s in solutions[1:])
    # 12 draws: the median is between the sixth and the seventh
    assert answer.table.rows[0][3:6] == (drawn[0], (drawn[5] + drawn[6]) / 2, drawn[-1])
    assert f"from {drawn[0]} to {drawn[-1]}" in answer.sentence


def test_students_held_up_are_those_who_had_a_place() -> None:
    answer, solutions = asked("an-agency-is-absent")
    counts = [Recount(s.plan, s.dataset) for s in solutions if s.plan is not None and s.dataset is not None]
    measure = QUESTIONS["an-agency-is-absent"].answer.measures[0]
    before = counts[0].number(measure)[0]
    held = {
        str(s.result.parameters["agency"]): before - c.number(measure)[0]
        for s, c in zip(solutions[1:], counts[1:], strict=True)
    }
    assert {row[0]: row[2] for row in answer.table.rows} == held
    assert max(held.values()) > 0


# ---- directions: the policy places finals of now, then firsts of now, then what comes later ---------------------------
LESS_THEN_MORE = [
    ("causes", "as it is", "without Think Ahead"),
    ("causes", "as it is", "without Frontline"),
    ("causes", "as it is", "without newly qualified workers (ASYE)"),
    ("causes", "as it is", "with more PEPS2"),
    ("consultants", "0", "1.5"),
    ("consultants", "1.5", "1.8"),
    ("consultants", "1.8", "3.4"),
    ("trainees", "all go on", "all have qualified"),
    ("two-statutory", "rule for MSW", "as it is"),
    ("two-statutory", "rule for BA and MSW", "rule for MSW"),
    ("two-statutory", "rule for all programmes", "rule for BA and MSW"),
    ("front-line", "as it is", "one final from every front-line team"),
    ("contrast", "as it is", "no contrast asked"),
    ("contrast", "another area", "as it is"),
    ("contrast", "another setting", "as it is"),
    ("contrast", "area and setting", "another area"),
    ("contrast", "area and setting", "another setting"),
    ("contrast", "children's and adults'", "no contrast asked"),
    ("intake", "intake=100", "intake=110"),
    ("intake", "intake=110", "intake=120"),
    ("intake", "intake=120", "intake=140"),
    ("intake", "intake=140", "intake=160"),
    ("without-outside", "without outside agencies", "as it is"),
    ("internships", "more interns, nobody makes room", "as it is"),
    ("internships", "more interns, nobody makes room", "more interns in Frontline's places"),
    ("other-ways", "60 minutes", "as it is"),
    ("other-ways", "as it is", "PEs with two students"),
]


def placed_in_order(found: Answered, case: str) -> tuple[int, ...]:
    """What a plan places, in the order of the policy."""
    plan = found.of(case).plan
    assert plan is not None
    return tuple(t.value for t in plan.tiers if t.tier.startswith("placed."))


@pytest.mark.parametrize(("name", "less", "more"), LESS_THEN_MORE)
def test_less_supply_or_a_tighter_rule_never_places_more(name: str, less: str, more: str) -> None:
    found = asked(name)
    assert placed_in_order(found, less) <= placed_in_order(found, more)


def test_an_aim_for_two_statutory_placements_costs_nobody_a_place() -> None:
    found = asked("two-statutory")
    for aim in ("aim: MSW first", "aim: final-year BA and MSW first"):
        assert placed_in_order(found, aim) == placed_in_order(found, "as it is")


@pytest.mark.parametrize("name", ["a-partner-leaves", "an-agency-is-absent", "workforce", "fair-share"])
def test_who_goes_or_does_not_answer_never_lets_more_be_placed(name: str) -> None:
    found = asked(name)
    planned = [s for s in found.solutions if s.result.problem is None]
    orders = [tuple(t.value for t in s.result.tiers if t.tier.startswith("placed.")) for s in planned]
    assert all(order <= orders[0] for order in orders)


def test_a_looser_cap_never_places_fewer_and_a_wider_definition_never_more() -> None:
    found = asked("independents")
    orders = {
        (str(s.result.parameters["policy.independent_counts"]), int(str(s.result.parameters["policy.independent_cap_percent"]))):
        tuple(t.value for t in s.result.tiers if t.tier.startswith("placed."))
        for s in found.solutions if s.result.parameters
    }  # fmt: skip
    definitions = list(dict.fromkeys(d for d, _ in orders))
    caps = sorted({cap for _, cap in orders})
    for definition in definitions:
        along = [orders[definition, cap] for cap in caps]
        assert along == sorted(along)
    for cap in caps:
        down = [orders[definition, cap] for definition in definitions]
        assert down == sorted(down, reverse=True)
