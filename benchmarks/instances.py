"""Public instances with any solver: its matchings through the independent checker, its optima beside the known ones."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from allocator.checker import check
from benchmarks.spa import (
    EVERYBODY,
    GENEROUS,
    GREEDY,
    GREEDY_AT_MAXIMUM,
    LEAST_COST,
    as_dataset,
    instance_files,
    profile,
    ranks,
)
from benchmarks.spa_reader import Instance, Measure, parse_instance, read_known
from models.plan import Match, Plan
from models.policy import Policy

ORDERS: Mapping[str, Policy] = {
    "generous": GENEROUS, "greedy_at_maximum": GREEDY_AT_MAXIMUM, "least_cost": LEAST_COST, "greedy": GREEDY,
    "stable": GENEROUS,
}  # fmt: skip
"""Policy by order; a stable matching has an order of its own, and is only asked whether it is legal and how large."""


class Judged(NamedTuple):
    """One run on one instance: seconds, the rules that its matching breaks, and what it says of which measure."""

    file: Path
    order: str
    seconds: float
    breaks: tuple[str, ...]
    measures: Mapping[str, Measure]
    problem: str | None = None


def as_plan(instance: Instance, matching: Mapping[str, str], policy: Policy, digest: str) -> Plan:
    """A matching (project by student) as a plan of the instance's dataset (``benchmarks.spa``)."""
    supervised = any(project.supervisor for project in instance.projects.values())

    def educator(project: str) -> str:
        return f"PEA{instance.projects[project].supervisor}" if supervised else f"PE{EVERYBODY}"

    return Plan(
        dataset_digest=digest,
        policy=policy,
        policy_digest=policy.digest,
        seed=policy.seed,
        matches=tuple(
            Match(request=f"S{student}/first", offer=f"O{project}", pe=educator(project))
            for student, project in sorted(matching.items())
        ),
    )


def judge(answer: Mapping[str, Any]) -> Judged:
    """Judge what a peer said of one instance (file, order, seconds, matching or problem)."""
    file, order, seconds = Path(answer["file"]), str(answer["order"]), float(answer["seconds"])
    if "problem" in answer:
        return Judged(file, order, seconds, (), {}, str(answer["problem"]))
    matching = answer["matching"]
    if matching is None:
        return Judged(file, order, seconds, (), {"status": "INFEASIBLE"})
    instance = parse_instance(file.read_text(encoding="utf-8"))
    dataset, policy = as_dataset(instance), ORDERS[order]
    plan = as_plan(instance, matching, policy, dataset.digest)
    breaks = tuple(sorted({v.rule for v in check(dataset, policy, plan).violations}))
    # A matching that breaks a rule says nothing of what is possible.
    return Judged(file, order, seconds, breaks, {} if breaks else measures(order, ranks(instance, plan)))


def measures(order: str, matched: list[int]) -> dict[str, Measure]:
    """What a matching that is optimal by an order says of the known measures; a stable one, only how many it places."""
    found: dict[str, Measure] = {} if order == "stable" else {"status": "FEASIBLE"}
    if order == "greedy":
        return found | {"greedy_profile": profile(matched)}
    found["max_size"] = len(matched)
    if order == "generous":
        found |= {"generous_max_profile": profile(matched), "min_degree": max(matched, default=0)}
    if order == "greedy_at_maximum":
        found["greedy_max_profile"] = profile(matched)
    if order == "least_cost":
        found["min_cost"] = sum(matched)
    return found


def summary(judged: Iterable[Judged]) -> dict[str, Any]:
    """Counts of instances and runs, seconds, legal plans, measures that agree with the known optima and that do not."""
    runs = list(judged)
    known = {folder: read_known(folder) for folder in {run.file.parent for run in runs}}
    agrees: Counter[bool] = Counter()
    wrong: set[str] = set()
    for run in runs:
        there = known[run.file.parent].get(run.file.stem, {})
        for measure, value in run.measures.items():
            if measure in there:
                same = value == there[measure]
                agrees[same] += 1
                if not same:
                    wrong.add(f"{run.file.parent.name}/{run.file.stem} {measure}")
    return {
        "instances": len({run.file for run in runs}),
        "runs": len(runs),
        "seconds": round(sum(run.seconds for run in runs), 3),
        "legal": sum(not run.breaks and run.problem is None for run in runs),
        "failed": sum(run.problem is not None for run in runs),
        "problems": sorted({run.problem for run in runs if run.problem})[:5],
        "agree": agrees[True],
        "differ": agrees[False],
        "differing": sorted(wrong)[:20],
    }


def files(folder: Path) -> list[str]:
    """The instances of a folder, as arguments for a peer."""
    return [str(path) for path in instance_files(folder)]
