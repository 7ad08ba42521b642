"""What planning all rounds together is worth: by round and stage, who loses by short sight, tiers, forecasts."""

from collections.abc import Callable, Sequence
from statistics import median

from allocator.comparison import compare, result_of
from allocator.views.words import tier_words
from models.base import natural_key
from models.comparison import StudentChange, StudentState
from models.plan import Plan
from models.run import StopSignal
from scenarios.answers import Answer, AnswerTable, Chart, Series
from scenarios.answers.words import clashing, failed_words, failing, faults_of, listed, proof_words, signed
from scenarios.batch.jobs import Executor, Job
from scenarios.errors import NoPlanError
from scenarios.horizon.rounds import OneByOne, one_by_one
from scenarios.model import Case, Withdraw
from scenarios.results import CaseResult
from scenarios.running import Bench, clash_words

Cell = str | int | float | None
SCENARIO = "horizon"
FORECASTS = "forecasts"
TOGETHER, ONE_BY_ONE = "together", "round by round"
NAMED = 8
"""Requests that a sentence names; the table has them all."""
ASSUMED = (
    "Round by round: the rounds that are being decided now first, then each later one. What a round places is "
    "confirmed and stays; who is not placed in it is not placed later; requests and offers of rounds to come are not "
    "known.",
    "Forecast offers come, in both.",
)
BY_DRAW = (
    "Each forecast offer comes with its probability, whatever the others do; one without a probability comes.",
    "What does not come is known before anything is planned.",
)
Told = Callable[[str], None]


def horizon(
    bench: Bench, draws: int, executor: Executor, stop: StopSignal, seed: int = 1, told: Told | None = None
) -> tuple[Answer, ...]:
    """The plan of all rounds together beside round by round, and what forecast offers are worth.

    Parameters
    ----------
    bench
        The base.
    draws
        How often the forecast offers are drawn; 0: not at all.
    executor
        Who solves the draws.
    stop
        Set it to stop with what is done.
    seed
        Of the draws.
    told
        Told in a line of each plan.

    Returns
    -------
    tuple of Answer
        By round and stage; students; tiers; the draws, where there are forecasts with a probability.

    Raises
    ------
    NoPlanError
        The base has no plan.
    """
    tell = told or (lambda _: None)
    plan = bench.plan
    if plan.clash is not None:
        raise NoPlanError(f"{bench.base.name} has no plan: {clash_words(plan)}")
    tell(f"all rounds together: {len(plan.matches)} placed")
    other = one_by_one(
        bench.solver.dataset, bench.solver.policy, bench.limits, stop,
        lambda names, step: tell(f"up to {' and '.join(names)}: {len(step.matches)} placed"),
    )  # fmt: skip
    if other.plan is None or other.check is None:
        answers: tuple[Answer, ...] = (_no_union(bench, other),)
    else:
        answers = (_by_round(bench, other, other.plan), _people(bench, other, other.plan), _tiers(bench, other))
    return (*answers, *_forecasts(bench, draws, seed, tell, executor, stop))


def _answer(
    bench: Bench, name: str, question: str, shown: tuple[str, AnswerTable, Chart], other: OneByOne, failed: str = ""
) -> Answer:
    proved = other.proved and bench.plan.stopped is None and all(t.proved for t in bench.plan.tiers)
    sentence, table, chart = shown
    counted = f"the plan of all rounds and {len(other.steps)} round by round"
    return Answer(
        scenario=name, question=question, reason="", base=bench.base.name, sentence=sentence,
        proof=f"Every tier is proved in {counted}." if proved else f"Not every tier is proved in {counted}.",
        assumes=ASSUMED, table=table, chart=chart, failed=(failed,) if failed else (),
        plans=1 + len(other.steps) if name == SCENARIO else 0,
        closed=proved, clashing=int(bool(failed)),
    )  # fmt: skip


_QUESTION = "What is it worth to plan all rounds together, instead of one after the other?"


def _no_union(bench: Bench, other: OneByOne) -> Answer:
    names = " and ".join(other.rounds[len(other.steps) - 1])
    sentence = f"Together {len(bench.plan.matches)} requests have a place; round by round {names} has no plan."
    shown = (sentence, AnswerTable(headings=("round",), rows=()), Chart(kind="none"))
    return _answer(bench, SCENARIO, _QUESTION, shown, other, f"{names}: {clash_words(other.steps[-1])}")


def _by_round(bench: Bench, other: OneByOne, union: Plan) -> Answer:
    """Requests with a place by round and stage, and whether the union holds."""
    facts = bench.facts
    with_, without = {m.request for m in bench.plan.matches}, {m.request for m in union.matches}
    groups: dict[tuple[str, str], list[str]] = {}
    for request in facts.horizon.live:
        groups.setdefault((request.tranche, request.stage), []).append(request.request)
    order = {t.tranche: (t.first_day, natural_key(t.tranche)) for t in facts.dataset.tranches}
    rows: list[tuple[Cell, ...]] = []
    for tranche, stage in sorted(groups, key=lambda g: (order[g[0]], g[1])):
        due = groups[tranche, stage]
        a, b = (sum(name in placed for name in due) for placed in (with_, without))
        rows.append((f"{tranche} {stage}s", a, len(due), b, len(due), b - a))
    due_all = len(facts.horizon.live)
    rows.append(("all", len(with_), due_all, len(without), due_all, len(without) - len(with_)))
    students = facts.horizon.by_student
    whole = [
        sum(all(r is None or r.request in placed for r in (s.first, s.final)) for s in students.values())
        for placed in (with_, without)
    ]
    rows.append(
        ("students with all that they need", whole[0], len(students), whole[1], len(students), whole[1] - whole[0])
    )
    chart = Chart(
        kind="bars", labels=tuple(str(r[0]) for r in rows[:-2]), unit="requests with a place",
        series=tuple(
            Series(name=name, values=tuple(float(r[n] or 0) for r in rows[:-2]))
            for name, n in ((TOGETHER, 1), (ONE_BY_ONE, 3))
        ),
    )  # fmt: skip
    headings = ("round and stage", TOGETHER, "of", ONE_BY_ONE, "of", "difference")
    table = AnswerTable(headings=headings, rows=tuple(rows))
    return _answer(bench, SCENARIO, _QUESTION, (_sentence(rows, other), table, chart), other)


def _sentence(rows: Sequence[tuple[Cell, ...]], other: OneByOne) -> str:
    _, a, due, b, _, difference = rows[-2]
    _, whole, students, whole_then, _, fewer = rows[-1]
    differing = [f"{name} {then} of {of} instead of {now}" for name, now, of, then, _, step in rows[:-2] if step and of]
    by_round = f" It differs in {listed(differing)}." if differing else " No round and stage has another number."
    report = other.check
    assert report is not None
    rules = sorted({v.rule for v in report.violations}, key=natural_key)
    judged = "passes the independent check of the whole."
    if not report.passed:
        count = len(report.violations)
        judged = f"breaks {listed(rules)} in the whole ({count} times; first: {report.violations[0].message})."
    judged = f"What the rounds place, put together, {judged}"
    return (
        f"Together {a} of {due} requests have a place, "
        f"round by round {b} of {due} ({signed(int(difference or 0))}).{by_round} "
        f"Students with all that they need: {whole} of {students} together, {whole_then} of {students} round by round "
        f"({signed(int(fewer or 0))}). {judged}"
    )


def _people(bench: Bench, other: OneByOne, union: Plan) -> Answer:
    """Students who are better or worse off by short sight: placed before not placed, then band, then minutes."""
    dataset = bench.solver.dataset
    found = compare(result_of(TOGETHER, bench.plan, dataset), result_of(ONE_BY_ONE, union, dataset, other.check))
    programmes = {s.student: s.programme for s in dataset.students}
    words = {"better": "gains by short sight", "worse": "loses by short sight"}
    rows = tuple(
        (
            s.student, programmes[s.student], words[s.verdict], *_state(s.before), *_state(s.after),
        )
        for s in sorted(found.students or (), key=_by_loss)
    )  # fmt: skip
    changes = found.requests or ()
    lost = [c.request for c in changes if c.kind == "newly_unplaced"]
    gained = [c.request for c in changes if c.kind == "newly_placed"]
    verdicts = [s.verdict for s in found.students or ()]
    moved = sum(c.kind == "moved" for c in changes)
    sentence = (
        f"Of {len(bench.facts.horizon.by_student)} students {verdicts.count('worse')} lose by short sight and "
        f"{verdicts.count('better')} gain. {_named(lost, 'no place round by round')} "
        f"{_named(gained, 'a place round by round alone')} {moved} have another place."
    )
    headings = (
        "student", "programme", "what it does", "placed together", "band, summed", "minutes, summed",
        "placed round by round", "band, summed", "minutes, summed",
    )  # fmt: skip
    table = AnswerTable(headings=headings, rows=rows)
    return _answer(
        bench, "short-sight", "Who loses by short sight, and who gains?", (sentence, table, Chart(kind="none")), other
    )


def _by_loss(change: StudentChange) -> tuple[int, bool, tuple[object, ...]]:
    """Those who lose placements first, then those who are worse off otherwise, those who gain last."""
    lost = len(change.before.placed) - len(change.after.placed)
    return -lost, change.verdict != "worse", natural_key(change.student)


def _state(state: StudentState) -> tuple[Cell, Cell, Cell]:
    if not state.placed:
        return ("nothing", None, None)
    return (" and ".join(reversed(state.placed)), state.bands, state.minutes)


def _named(requests: Sequence[str], what: str) -> str:
    number = len(requests)
    count = f"{number} request{'' if number == 1 else 's'} {'has' if number == 1 else 'have'} {what}"
    more = f" and {number - NAMED} more" if number > NAMED else ""
    return f"{count}: {', '.join(requests[:NAMED])}{more}." if requests else f"{count}."


def _tiers(bench: Bench, other: OneByOne) -> Answer:
    """Every tier in its order, as the checker counts it on the whole dataset."""
    plan, report = bench.plan, other.check
    assert report is not None
    after = {t.tier: t for t in report.tiers}
    preference = plan.policy.preference_order
    rows = tuple(
        (tier_words(t.tier, preference), t.value, after[t.tier].value, after[t.tier].value - t.value)
        for t in plan.tiers
    )  # fmt: skip
    first = next((t for t in plan.tiers if after[t.tier].value != t.value), None)
    if first is None:
        sentence = "Every tier is the same: nothing is lost by deciding round by round."
    else:
        worse = (after[first.tier].value < first.value) == (first.sense == "max")
        verdict = "worse" if worse else "better"
        words = tier_words(first.tier, preference)
        sentence = (
            f"Round by round is {verdict} in the first tier that differs, {words}: {after[first.tier].value}, "
            f"{first.value} together."
        )
    headings = ("tier, in their order", TOGETHER, ONE_BY_ONE, "difference")
    shown = (sentence, AnswerTable(headings=headings, rows=rows), Chart(kind="none"))
    return _answer(bench, "horizon-tiers", "Which tiers does short sight change?", shown, other)


def _forecasts(
    bench: Bench, draws: int, seed: int, tell: Told, executor: Executor, stop: StopSignal
) -> tuple[Answer, ...]:
    """The plan of all rounds under draws in which each forecast offer comes or does not."""
    forecast = [o for o in bench.solver.dataset.offers if o.state == "forecast" and not o.withdrawn]
    drawn = [o for o in forecast if o.probability is not None and o.probability < 1]
    if not draws or not drawn:
        return ()
    edit = Withdraw(edit="withdraw", sheet="Offers", where={"state": "forecast"}, probability="1 - probability")
    name = "forecast offers come or do not"
    cases = [
        Case(scenario=FORECASTS, name=name, draw=number, seed=seed, edits=(edit,)) for number in range(1, draws + 1)
    ]
    results: list[CaseResult] = []
    for finished in executor.finished([bench.base], [Job(0, case) for case in cases], stop):
        results.append(finished.result)
        became = finished.result.problem or f"{finished.result.placed} placed"
        tell(f"forecasts, {len(results)} of {draws} draws done; draw {finished.result.draw}: {became}")
    results.sort(key=lambda result: result.draw)
    planned = [r for r in results if r.problem is None]
    facts = bench.facts
    all_come, due = len(bench.plan.matches), len(facts.horizon.live)
    of = f"of {all_come} placements when all come"
    lines = [
        ("forecast offers that do not come", [len(r.touched) for r in planned], f"of {len(drawn)} with a probability"),
        ("requests with a place", [r.placed for r in planned], f"of {due} due"),
        ("still placed", [all_come - len(r.affected.lost) for r in planned], of),
        ("placed where they were", [all_come - len(r.affected.lost) - len(r.affected.moved) for r in planned], of),
    ]
    rows = tuple((name, min(v), float(median(v)), max(v), whole) for name, v, whole in lines if v)
    resting = sum(facts.offer(m).state == "forecast" for m in bench.plan.matches)
    sentence = (
        f"When all forecast offers come, {all_come} of {due} requests have a place; {resting} of these rest on one."
    )
    if planned:
        _, placed, kept, same = ((min(v), f"{median(v):g}", max(v)) for _, v, _ in lines)
        sentence += (
            f" In {len(planned)} draws {placed[1]} have a place (median; from {placed[0]} to {placed[2]} of {due}); of "
            f"the {all_come} placements {kept[1]} are kept (from {kept[0]} to {kept[2]}), {same[1]} where they were "
            f"(from {same[0]} to {same[2]})."
        )
    chart = Chart(
        kind="strip", labels=tuple(name for name, _, _ in lines[1:]), unit="requests",
        series=tuple(Series(name=name, values=tuple(map(float, v))) for name, v, _ in lines[1:]),
    )  # fmt: skip
    return (
        Answer(
            scenario=FORECASTS, question="How much of the plan stands when forecast offers do not come?", reason="",
            base=bench.base.name, sentence=sentence, proof=proof_words(results), assumes=BY_DRAW,
            table=AnswerTable(headings=("what", "least", "median", "most", "of"), rows=rows),
            chart=chart if planned else Chart(kind="none"), failed=failed_words(results), plans=len(planned),
            closed=bool(planned) and all(r.proved for r in planned), clashing=clashing(results),
            failing=failing(results), faults=faults_of(results),
        ),
    )  # fmt: skip
