"""Repairs of generated partnerships: a move more never places fewer, and draws do not depend on who asks for them first."""

import threading
from collections.abc import Iterable, Iterator, Sequence

import pytest

from allocator.reading.reader import register_of
from models.plan import Plan
from models.run import StopSignal
from scenarios.batch.jobs import Finished, Job
from scenarios.batch.serial import Serial
from scenarios.breaking.draws import Told, hit, outcome
from scenarios.breaking.events import Chance, Rates
from scenarios.breaking.repairs import Asked, Repairs
from scenarios.running import Base, Bench
from tests.generated.rows import rows_of
from tests.strategies import generate

MUCH = Rates(children=40, adults=40, months=12, students=10, offers=30, agency=30)
MOVES = (0, 1, 3)


def repairs(seed: int) -> tuple[Bench, Repairs]:
    """Of the partnership of a seed, with one total of placed requests as the first tier."""
    dataset, policy = generate(seed)
    assert policy.as_of is not None
    base = Base(f"seed {seed}", register_of(rows_of(dataset)), {"placed_total": "yes"}, policy.as_of)
    bench = Bench(base)
    return bench, Repairs(base, Chance(bench, MUCH), Serial(), threading.Event(), lambda *_: None)


@pytest.mark.parametrize("seed", range(1, 8))
def test_a_move_more_never_places_fewer(seed: int) -> None:
    bench, made = repairs(seed)
    told = Told.of(bench.plan, bench.reading.dataset)
    draws = made.draws("repairs", [Asked(d, m, 1) for d in (1, 2) for m in MOVES])
    assert draws or all("clash" in (result.problem or "") for result in made.results)
    for draw in draws:
        found = [outcome(told, draw.events, draw.plans[m]) for m in MOVES]
        placed = [len(draw.plans[m].matches) for m in MOVES]
        assert placed == sorted(placed)
        ended = hit(told, draw.events)
        for one, total in zip(found, placed, strict=True):
            # Each placement told is in one of four: its student has gone, or it is the same, elsewhere or lost.
            assert len(ended.student) + one.survive + len(one.lost) == len(told.matches)
            assert one.survive + len(one.added) == total
            assert not set(one.same) & set(ended.place)  # nobody is at an offer that has gone


class _Seen:
    """Solves in order, and keeps what it was given; ``near`` False: nothing to begin with."""

    def __init__(self, *, near: bool) -> None:
        self._near = near
        self.jobs: list[Job] = []

    def finished(self, bases: Sequence[Base], jobs: Iterable[Job], stop: StopSignal) -> Iterator[Finished]:
        mine = [job if self._near else job._replace(begin=None) for job in jobs]
        self.jobs += mine
        return Serial().finished(bases, mine, stop)


def test_a_repair_begins_from_the_one_of_its_draw_with_fewer_moves_and_is_the_same_for_it() -> None:
    bench = repairs(2)[0]
    asked = [Asked(d, m, 1) for d in (1, 2) for m in MOVES]
    found = []
    for near in (True, False):
        seen = _Seen(near=near)
        made = Repairs(bench.base, Chance(bench, MUCH), seen, threading.Event(), lambda *_: None)
        found.append([(draw.number, draw.plans) for draw in made.draws("repairs", asked)])
        plans = dict(found[0])
        begun = [job.begin for job in seen.jobs]
        # both draws with no move, then with one, then with three
        assert begun == [None, None, *(plans[d][m] for m in MOVES[:2] for d in (1, 2))] if near else not any(begun)
    assert found[0] == found[1]
    assert len(found[0]) == 2


def test_draws_are_the_same_in_any_order() -> None:
    def plans(numbers: tuple[int, ...]) -> dict[int, Plan]:
        _, made = repairs(2)
        return {draw.number: draw.plans[0] for n in numbers for draw in made.draws("repairs", [Asked(n, 0, 7)])}

    assert plans((1, 2, 3)) == plans((3, 1, 2))


def test_a_greater_rate_takes_the_same_rows_and_more() -> None:
    bench = repairs(3)[0]
    few, many = (
        Chance(bench, Rates(children=rate, adults=rate, months=12, students=rate, offers=rate, agency=0)).events(1, 1)
        for rate in (20, 60)
    )
    for less, more in zip(few[:3], many[:3], strict=True):
        assert set(less) <= set(more)
