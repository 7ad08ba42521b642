"""The break test from a base to its answers: draws, who is fragile, a reserve, a plan with fewer breaks."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from models.errors import UsageError
from models.plan import Plan
from models.run import Limits, StopSignal
from scenarios.answers import Answer
from scenarios.answers.words import clashing, failed_words, failing, faults_of, proof_words
from scenarios.batch.jobs import Executor
from scenarios.breaking import telling
from scenarios.breaking.draws import Draw, Told, outcome
from scenarios.breaking.events import Chance, Rates
from scenarios.breaking.fragile import fragile_rows, fragile_students
from scenarios.breaking.repairs import BASE_PLAN, Asked, Repairs
from scenarios.breaking.reserve import candidates
from scenarios.breaking.steadier import TRIES, search
from scenarios.breaking.telling import Confirmed, Judged, Part
from scenarios.errors import NoPlanError
from scenarios.running import Base, Bench, clash_words

FRESH = 1
"""The seed of fresh draws is greater by so much."""


class Breaking(NamedTuple):
    """What is asked: so many draws of a seed, at these rates, repaired with each of these numbers of moves."""

    draws: int = 20
    seed: int = 1
    moves: tuple[int, ...] = (0, 3)
    rates: Rates = Rates()


def breaks(
    base: Base, asked: Breaking, executor: Executor, stop: StopSignal,
    told: Callable[[str, int, int], None] = lambda *_: None,
) -> tuple[Answer, ...]:  # fmt: skip
    """Publish the base's own plan, let things happen to it many times, and say what breaks and what would help.

    Parameters
    ----------
    base
        The base.
    asked
        Draws, moves, rates.
    executor
        Who solves the repairs.
    stop
        Set it to stop: answers are then made of the draws that are done, and say what was not looked at.
    told
        Told what is being done, how much of it is, of how much.

    Returns
    -------
    tuple of Answer
        What survives; each draw; students; offers and PEs; the reserve; another plan.

    Raises
    ------
    NoPlanError
        The base has no plan.
    UsageError
        Its plan places nobody.
    """
    bench = Bench(base)
    told("the plan of the base", 0, 1)
    plan = bench.plan
    if plan.clash is not None:
        raise NoPlanError(f"{base.name} has no plan: {clash_words(plan)}")
    if not plan.matches:
        raise UsageError(f"the plan of {base.name} cannot be tested: it places nobody")
    repairs = Repairs(base, Chance(bench, asked.rates), executor, stop, told)
    published = Told.of(plan, bench.reading.dataset)
    draws = repairs.draws("repairs", [Asked(d, m, asked.seed) for d in range(1, asked.draws + 1) for m in asked.moves])
    parts: list[Part] = []
    requests = len(bench.facts.horizon.live)
    fewest = asked.moves[0]
    if draws:
        parts += [
            telling.survival(published, draws, asked.moves, requests),
            telling.each_draw(published, draws, asked.moves),
            telling.students(fragile_students(published, draws, asked.moves), published, len(draws), asked.moves),
            telling.rows(fragile_rows(published, draws, fewest), len(draws), fewest),
            _reserve(bench, repairs, draws, asked),
            _steadier(bench, repairs, draws, asked),
        ]
    else:
        parts.append(telling.nothing())
    proof = proof_words(repairs.results)
    failed = failed_words(repairs.results)
    closed = not repairs.stopped and bool(draws) and all(r.proved for r in repairs.results if r.problem is None)
    stopped = telling.stopped_words(asked.draws, len(draws)) if repairs.stopped else ""
    return tuple(
        Answer(
            scenario=part.name, question=part.question, reason="", base=base.name, sentence=stopped + part.sentence,
            proof=proof, assumes=(*part.assumes, *asked.rates.words) if n == 0 else part.assumes, table=part.table,
            chart=part.chart, failed=failed if n == 0 else (), plans=len(repairs.results) if n == 0 else 0,
            closed=closed, clashing=clashing(repairs.results) if n == 0 else 0,
            failing=failing(repairs.results) if n == 0 else 0,
            faults=faults_of(repairs.results) if n == 0 else (),
        )
        for n, part in enumerate(parts)
    )  # fmt: skip


def _reserve(bench: Bench, repairs: Repairs, draws: Sequence[Draw], asked: Breaking) -> Part:
    """Each candidate is confirmed: the draws in which somebody has no place are repaired once more with it."""
    fewest = asked.moves[0]
    short = [d for d in draws if _unplaced(bench, d, fewest)]
    found = candidates(bench, short, fewest)
    wanted = {
        (n, draw.number): Asked(draw.number, fewest, asked.seed, reserve=one.edits, name=f"with {one.what}")
        for n, one in enumerate(found)
        for draw in short
    }
    solved = repairs.solved("reserve", list(wanted.values()))
    published = Told.of(bench.plan, bench.reading.dataset)
    confirmed = []
    for n, one in enumerate(found):
        placed, kept = [], []
        for draw in draws:
            before = draw.plans[fewest]
            if (n, draw.number) not in wanted:  # everybody has a place: nobody can gain one
                placed.append(0)
                kept.append(0)
                continue
            repaired = solved.get(wanted[n, draw.number].key)
            if repaired is None or repaired.plan is None:
                continue
            placed.append(len(repaired.plan.matches) - len(before.matches))
            kept.append(
                outcome(published, draw.events, repaired.plan).survive - outcome(published, draw.events, before).survive
            )
        if placed:
            confirmed.append(Confirmed(one, tuple(placed), tuple(kept)))
    return telling.reserve(confirmed, len(found), len(draws), len(short), fewest)


def _unplaced(bench: Bench, draw: Draw, moves: int) -> bool:
    placed = {m.request for m in draw.plans[moves].matches}
    return any(r.request not in placed and r.student not in draw.events.students for r in bench.facts.horizon.live)


def _steadier(bench: Bench, repairs: Repairs, draws: Sequence[Draw], asked: Breaking) -> Part:
    """A plan of equal tiers is judged on the same draws, and, where it is better there, on fresh ones."""
    if repairs.stopped:
        return telling.steadier(bench.plan, None, (), stopped=True)
    found = search(bench, [d.events for d in draws], TRIES, Limits(), repairs.stop, repairs.told)
    judged: list[Judged] = []
    if found is not None and found.plan is not None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "plan.json"
            path.write_text(found.plan.model_dump_json(), encoding="utf-8")
            judged.append(_judged(bench, repairs, draws, found.plan, str(path), asked, asked.seed))
            if judged[0].is_better:
                judged.append(_judged(bench, repairs, (), found.plan, str(path), asked, asked.seed + FRESH))
    return telling.steadier(bench.plan, found, judged, stopped=repairs.stopped)


def _judged(
    bench: Bench, repairs: Repairs, draws: Sequence[Draw], plan: Plan, path: str, asked: Breaking, seed: int
) -> Judged:
    """Breaks of both plans in the same draws; those of the base's own are known where the draws are given."""
    fewest, dataset = asked.moves[0], bench.reading.dataset
    numbers = [d.number for d in draws] or list(range(1, asked.draws + 1))
    words = "another plan" if draws else "another plan, fresh draws"
    if not draws:
        fresh = "fresh draws"
        draws = repairs.draws(fresh, [Asked(n, fewest, seed, BASE_PLAN, name=fresh) for n in numbers])
    others = {d.number: d for d in repairs.draws(words, [Asked(n, fewest, seed, path, name=words) for n in numbers])}
    base_told, other_told = Told.of(bench.plan, dataset), Told.of(plan, dataset)
    both = [(d, others[d.number]) for d in draws if d.number in others]
    return Judged(
        len(numbers),
        tuple(len(outcome(base_told, d.events, d.plans[fewest]).broken) for d, _ in both),
        tuple(len(outcome(other_told, o.events, o.plans[fewest]).broken) for _, o in both),
    )
