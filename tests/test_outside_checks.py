"""An outside check of engine and tiers: where only places limit, allocation is a flow that networkx solves.

Students rank some offers (E17), offers have a capacity, every team has PEs enough. Then `placed.total` is a maximum
flow, and `preferences.sum` the least cost of a maximum flow whose arcs cost the rank.
"""

import random

import networkx as nx
import pytest

from allocator.pipeline import allocate
from models.dataset import Dataset
from models.policy import Policy
from tests.builders import MONDAY, agency, educator, offer, request, student, tranche, travel

POLICY = Policy(
    as_of=MONDAY, placed_total=True, preference_order="sum", tiers=("placed", "preferences"), rules_off=("L08",)
)


def partnership(seed: int) -> Dataset:
    luck = random.Random(seed)
    offers = [f"O{i}" for i in range(1, luck.randint(3, 9))]
    students = [f"S{i}" for i in range(1, luck.randint(4, 16))]
    ranked = {s: luck.sample(offers, luck.randint(1, min(4, len(offers)))) for s in students}
    return Dataset(
        tranches=(tranche(),),
        students=tuple(student(s, ranked_offers=tuple((o,) for o in ranked[s])) for s in students),
        requests=tuple(request(f"{s}/first") for s in students),
        agencies=(agency(),),
        offers=tuple(offer(o, capacity=luck.randint(0, 3)) for o in offers),
        educators=(educator(load=len(students)),),
        travel=travel(),
    )


def flow(dataset: Dataset) -> tuple[int, int]:
    """Size and cost of the cheapest maximum flow student -> offer."""
    graph = nx.DiGraph()
    for s in dataset.students:
        graph.add_edge("source", s.student, capacity=1, weight=0)
        for rank, tied in enumerate(s.ranked_offers, start=1):
            graph.add_edge(s.student, tied[0], capacity=1, weight=rank)
    for o in dataset.offers:
        graph.add_edge(o.offer, "sink", capacity=o.capacity, weight=0)
    found = nx.max_flow_min_cost(graph, "source", "sink")
    return sum(found["source"].values()), nx.cost_of_flow(graph, found)


@pytest.mark.parametrize("seed", range(25))
def test_placed_and_least_total_are_those_of_a_flow(seed: int) -> None:
    dataset = partnership(seed)
    plan = allocate(dataset, POLICY).plan
    assert [t.value for t in plan.tiers] == list(flow(dataset))
    assert all(t.proved for t in plan.tiers)
