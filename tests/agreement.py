"""The agreement run: engine, reference, checker and brute force judge the same generated partnerships.

``python -m tests.agreement N=2000 seed=1`` prints what was compared and every disagreement with the seed that makes
it and a shrunken dataset; it exits 1 on any. ``judges=reference,checker`` leaves a judge out while a fault is sought.
"""

import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from allocator import checker, reference
from allocator.pipeline import allocate
from models.base import natural_key
from models.catalogue import JUDGED
from models.dataset import Dataset
from models.plan import ForcedChanges, Match, MovedMatch, Plan, TierResult
from models.policy import Policy
from models.reasons import Unplaced
from tests.brute_force import BruteResult, judge, solve
from tests.brute_force.candidates import choices, window
from tests.brute_force.case import Case
from tests.brute_force.educators import supervisors
from tests.brute_force.limits import moved_requests
from tests.brute_force.solving import naming_key
from tests.generated.met import FACTS, met
from tests.generated.shrinking import describe, shrink
from tests.strategies import generate

JUDGES = ("engine", "reference", "checker")
RANDOM_PLANS = 4
HandPlan = dict[str, tuple[str, str]]
Values = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Disagreement:
    """What two judges see differently. ``kind`` stays the same while the dataset shrinks."""

    kind: str
    detail: str


@dataclass
class Tally:
    """What an agreement run compared, and what it found."""

    datasets: int = 0
    clashes: int = 0
    nontrivial: int = 0
    plans_written: int = 0
    random_plans: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    disagreements: list[tuple[int, Disagreement]] = field(default_factory=list)


def values(tiers: tuple[TierResult, ...]) -> Values:
    """Names and values of tiers."""
    return tuple((t.tier, t.value) for t in tiers)


def as_plan(
    dataset: Dataset, policy: Policy, plan: Mapping[str, tuple[str, str]], forced_changes: int | None = None
) -> Plan:
    """A plan that the checker can read, with the computed (or published) dates, and the fewest changes if known."""
    case = Case(dataset, policy)
    matches = []
    for name in sorted(plan, key=natural_key):
        offer, pe = plan[name]
        start, end = window(case, dataset.request_by_id[name], dataset.offer_by_id[offer])
        matches.append(Match(request=name, offer=offer, pe=pe, start=start, end=end))
    unplaced = [Unplaced(request=name, code="none", reason="none") for name in case.live if name not in plan]
    return Plan(
        dataset_digest=dataset.digest,
        policy=policy,
        policy_digest=policy.digest,
        seed=policy.seed,
        matches=tuple(matches),
        unplaced=tuple(unplaced),
        forced_changes=_stated(case, plan, forced_changes),
    )


def _stated(case: Case, plan: Mapping[str, tuple[str, str]], fewest: int | None) -> ForcedChanges | None:
    """What a plan says of changes; an illegal one may make fewer than a legal one has to."""
    if fewest is None:
        return None
    there = moved_requests(case)
    moved = tuple(MovedMatch(request=r, offer=o) for r, o in there.items() if plan.get(r, ("", ""))[0] != o)
    freed = tuple(
        MovedMatch(request=row.request, offer=row.offer)
        for row in case.dataset.published
        if row.standing in ("in_force", "freed") and plan.get(row.request, ("", ""))[0] != row.offer
        if row.request not in there
    )
    stated = min(fewest, len(moved))
    return ForcedChanges(fewest=stated, bound=stated, proved=True, moved=moved, freed=freed)


def random_plan(dataset: Dataset, policy: Policy, luck: random.Random) -> HandPlan:
    """A plan, mostly illegal: choices that a request alone may have, and now and then any offer and any PE."""
    case = Case(dataset, policy)
    plan: HandPlan = {}
    for name, request in case.live.items():
        if luck.random() < 0.15:
            continue
        if luck.random() < 0.8:
            chosen = luck.choice(choices(case, request))
            if chosen is not None:
                plan[name] = (chosen.offer.offer, chosen.pe)
        elif dataset.offers:
            offer = luck.choice(dataset.offers)
            pes = {s.pe for s in supervisors(case, offer)} | set(dataset.educator_by_id)
            if pes:  # an offer may have nobody at all
                plan[name] = (offer.offer, luck.choice(sorted(pes)))
    return plan


def compare(
    dataset: Dataset, policy: Policy, luck: random.Random, judges: tuple[str, ...] = JUDGES, tally: Tally | None = None
) -> list[Disagreement]:
    """Every disagreement of the judges about one dataset.

    Parameters
    ----------
    dataset, policy
        Tiny, with ``as_of`` filled.
    luck
        Draws the random plans that checker and brute force judge.
    judges
        Those that are held against the brute force.
    tally
        Counts what was compared.

    Returns
    -------
    list of Disagreement
        Empty when all agree.
    """
    tally = tally if tally is not None else Tally()
    began = time.perf_counter()
    truth = solve(dataset, policy)
    _count(tally, truth)
    tally.facts.update(met(dataset, policy))
    found: list[Disagreement] = []
    for name, judged in (
        ("brute force", iter(())),
        ("checker", _checker(dataset, policy, truth, luck, tally)),
        ("reference", _reference(dataset, policy, truth)),
        ("engine", _engine(dataset, policy, truth)),
    ):
        if name in judges:
            try:
                found.extend(judged)
            except Exception as error:  # a judge that fails is a finding like any other
                found.append(Disagreement(f"{name} raises {type(error).__name__}", str(error)))
        tally.seconds[name] += time.perf_counter() - began
        began = time.perf_counter()
    return found


def _count(tally: Tally, truth: BruteResult) -> None:
    tally.datasets += 1
    tally.clashes += truth.status == "clash"
    tally.nontrivial += len(truth.best) >= 2 and bool(truth.binding)
    tally.plans_written += truth.plan_count
    tally.rules.update(truth.excluding | truth.binding)


def _differ(kind: str, theirs: Values, truth: Values) -> Iterator[Disagreement]:
    if theirs != truth:
        wrong = [f"{t[0]} {t[1]} (brute force {u[0]} {u[1]})" for t, u in zip(theirs, truth, strict=False) if t != u]
        detail = "; ".join(wrong) or f"{len(theirs)} tiers (brute force {len(truth)})"
        yield Disagreement(kind, detail)


def _checker(
    dataset: Dataset, policy: Policy, truth: BruteResult, luck: random.Random, tally: Tally
) -> Iterator[Disagreement]:
    plans = [random_plan(dataset, policy, luck) for _ in range(RANDOM_PLANS)]
    if truth.status == "optimal":
        plans.append({request: (offer, pe) for request, offer, pe in truth.best})
    for plan in plans:
        judged = judge(dataset, policy, plan, truth.forced_changes)
        report = checker.check(dataset, policy, as_plan(dataset, policy, plan, truth.forced_changes))
        tally.random_plans["legal" if judged.legal else "illegal"] += 1
        named = {v.rule for v in report.violations}
        text = f"plan {plan}: checker {sorted(named)}, brute force {sorted(judged.broken)}"
        if report.passed != judged.legal:
            yield Disagreement("checker and brute force disagree whether a plan is legal", text)
        elif "E" not in judged.broken and named != judged.broken:
            yield Disagreement("checker and brute force name other limits", text)
        for d in _differ("checker recomputes other tiers", values(report.tiers), judged.tiers):
            yield Disagreement(d.kind, f"plan {plan}: {d.detail}")


def _reference(dataset: Dataset, policy: Policy, truth: BruteResult) -> Iterator[Disagreement]:
    solved = reference.solve(dataset, policy)
    if solved.status != truth.status:
        yield Disagreement("reference has another status", f"{solved.status} (brute force {truth.status})")
    elif truth.status == "optimal":
        if solved.forced_changes != truth.forced_changes:
            detail = f"{solved.forced_changes} (brute force {truth.forced_changes})"
            yield Disagreement("reference has another number of forced changes", detail)
        yield from _differ("reference has other tiers", values(solved.tiers), truth.tiers)


def _engine(dataset: Dataset, policy: Policy, truth: BruteResult) -> Iterator[Disagreement]:
    plan = allocate(dataset, policy).plan
    status = "optimal" if plan.clash is None else "clash"
    if status != truth.status:
        yield Disagreement("engine has another status", f"{status} (brute force {truth.status})")
        return
    if status == "clash":
        return
    stated = plan.forced_changes
    if (stated and stated.fewest) != truth.forced_changes or (stated is not None and not stated.proved):
        detail = f"{stated} (brute force {truth.forced_changes})"
        yield Disagreement("engine has another number of forced changes", detail)
    yield from _differ("engine has other tiers", values(plan.tiers), truth.tiers)
    unproved = [t.tier for t in plan.tiers if not t.proved]
    if unproved:
        yield Disagreement("engine leaves tiers unproved", ", ".join(unproved))
    report = checker.check(dataset, policy, plan)
    if not report.passed:
        yield Disagreement("checker refuses the engine's plan", "; ".join(v.message for v in report.violations))
    yield from _differ("checker recomputes other tiers for the engine's plan", values(report.tiers), truth.tiers)
    matched = {m.request: (m.offer, m.pe or "") for m in plan.matches}
    if not judge(dataset, policy, matched, truth.forced_changes).legal:
        yield Disagreement("brute force refuses the engine's plan", str(matched))
        return
    assignment = tuple((name, *matched[name]) for name in sorted(matched, key=natural_key))
    same_offers = [o for o in truth.optimal if [m[:2] for m in o] == [m[:2] for m in assignment]]
    named = min(same_offers, key=lambda o: naming_key(dataset, o), default=assignment)
    if named != assignment:
        yield Disagreement("engine names other PEs", f"{assignment} (brute force {named})")


def smallest(
    case: tuple[Dataset, Policy],
    disagreement: Disagreement,
    seed: int,
    judges: tuple[str, ...] = JUDGES,
    tries: int = 400,
) -> str:
    """The disagreement with its seed (that of the random plans) and the smallest dataset found that still shows it."""

    def fails(dataset: Dataset, policy: Policy) -> bool:
        try:
            found = compare(dataset, policy, random.Random(seed), judges)
        except (KeyError, ValueError, ZeroDivisionError):
            return False  # simpler than any dataset that reading leaves
        return any(d.kind == disagreement.kind for d in found)

    dataset, policy = shrink(case, fails, tries)
    details = [d.detail for d in compare(dataset, policy, random.Random(seed), judges) if d.kind == disagreement.kind]
    return "\n".join((f"seed {seed}: {disagreement.kind}", *details, describe(dataset, policy)))


def run(number: int, first: int, judges: tuple[str, ...] = JUDGES) -> Tally:
    """Compares ``number`` generated datasets, those of the seeds from ``first`` on; progress goes to stderr."""
    tally = Tally()
    for seed in range(first, first + number):
        dataset, policy = generate(seed)
        found = compare(dataset, policy, random.Random(seed), judges, tally)
        tally.disagreements += [(seed, d) for d in found]
        if (seed - first + 1) % 100 == 0:
            print(f"{seed - first + 1} of {number}, {len(tally.disagreements)} disagreements", file=sys.stderr)
    return tally


def report(tally: Tally, first: int, judges: tuple[str, ...]) -> str:
    """What a run compared, as text."""
    per_dataset = ", ".join(f"{name} {1000 * s / tally.datasets:.0f}" for name, s in tally.seconds.items())
    rules = ", ".join(f"{rule} {tally.rules[rule]}" for rule in JUDGED)
    return "\n".join(
        (
            f"seeds {first} to {first + tally.datasets - 1}; brute force against {', '.join(judges)}",
            f"datasets {tally.datasets}; clashes {tally.clashes}; plans written down {tally.plans_written}",
            f"non-trivial (at least 2 placed, and a limit that alone makes some plan illegal): {tally.nontrivial}",
            f"plans judged by checker and brute force: {dict(sorted(tally.random_plans.items()))}",
            f"datasets in which a rule excluded something (E) or alone made a plan illegal (L): {rules}",
            f"datasets with a rarer fact: {', '.join(f'{name} {tally.facts[name]}' for name in FACTS)}",
            f"milliseconds a dataset: {per_dataset}",
            f"disagreements: {len(tally.disagreements)}",
        )
    )


def main(arguments: list[str]) -> int:
    """Command line: ``N=``, ``seed=`` and ``judges=``; 1 when anything disagrees."""
    options = dict(argument.split("=", 1) for argument in arguments)
    number, first = int(options.get("N", "2000")), int(options.get("seed", "1"))
    judges = tuple(options["judges"].split(",")) if "judges" in options else JUDGES
    tally = run(number, first, judges)
    print(report(tally, first, judges))
    kinds: dict[str, tuple[int, Disagreement]] = {}
    for seed, disagreement in tally.disagreements:
        kinds.setdefault(disagreement.kind, (seed, disagreement))
    for seed, disagreement in tally.disagreements:
        print(f"seed {seed}: {disagreement.kind}: {disagreement.detail}")
    for seed, disagreement in kinds.values():
        print(f"\nThe smallest found:\n{smallest(generate(seed), disagreement, seed, judges)}")
    return 1 if tally.disagreements else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
