"""Plans with their data beside each other: measures, tiers, who is affected, agencies."""

from collections.abc import Sequence
from statistics import median

from allocator.comparison import Result, compare
from allocator.comparison.tiers import first_difference, tier_changes
from allocator.views.facts import Facts
from allocator.views.words import tier_words
from models.base import natural_key
from models.comparison import TierChange
from models.plan import Plan, TierResult
from scenarios.answers import Answer, AnswerTable, Chart, Series
from scenarios.answers.words import of_whole, percent_of, signed, title_of, turned
from scenarios.measures import measured, name_of
from scenarios.model import Measure
from scenarios.results import Measured

MEASURES = (
    Measure(name="placed", title="requests with a place"),
    Measure(name="placed", stage="final", title="finals with a place"),
    Measure(name="placed", stage="first", title="firsts with a place"),
    Measure(name="firm", title="firm placements"),
    Measure(name="statutory_final", title="students with a statutory final"),
    Measure(name="two_statutory", title="students with two statutory placements"),
    Measure(name="partners", title="placements with partners"),
    Measure(name="independents", title="placements with independent PEs"),
    Measure(name="trainees", stage="final", title="finals that rest on trainees"),
    Measure(name="first_band", title="requests in their best band"),
)
BY_AGENCY = Measure(name="placed", by="agency", title="placements")
SCENARIO = "compare"


def plan_by_plan(results: Sequence[Result], facts: Sequence[Facts]) -> tuple[Answer, ...]:
    """Results beside each other; the first is the one that others are compared with.

    Parameters
    ----------
    results
        Two or more.
    facts
        Of each: measures are counted anew from plan and facts.

    Returns
    -------
    tuple of Answer
        Measures; tiers; who is affected; agencies.
    """
    names = short_names([r.name for r in results])
    found = [measured(f, MEASURES) for f in facts]
    proofs = _proofs(results, names)
    closed = all(is_proved(r.plan) for r in results)
    measures = _measures(names, found)
    return tuple(
        Answer(
            scenario=name, question=question, reason="", base=" and ".join(names), sentence=sentence, proof=proofs,
            assumes=(), table=table, chart=chart, plans=len(results), closed=closed,
        )
        for name, question, (sentence, table, chart) in (
            ("measures", "What is different?", measures),
            ("tiers", "Which tiers are better or worse?", _tiers(results, names)),
            ("people", "Who is affected?", _people(results, names)),
            ("agencies", "Which agencies have more or fewer?", _agencies(facts, names)),
        )
    )  # fmt: skip


_Shown = tuple[str, AnswerTable, Chart]


def short_names(names: Sequence[str]) -> list[str]:
    """Names as short as tell them apart."""
    ends = [name.rstrip("/").rpartition("/")[2] for name in names]
    return ends if len(set(ends)) == len(ends) else list(names)


def is_proved(plan: Plan) -> bool:
    """Whether every tier of a plan is proved."""
    return plan.stopped is None and bool(plan.tiers) and all(t.proved for t in plan.tiers)


def first_tier(before: Sequence[TierResult], after: Sequence[TierResult]) -> TierChange | None:
    """The first tier that differs, of those that both orders have; None where there is none."""
    return first_difference(change for change in tier_changes(before, after) if change.verdict is not None)


def _proofs(results: Sequence[Result], names: Sequence[str]) -> str:
    still_open = [n for r, n in zip(results, names, strict=True) if not is_proved(r.plan)]
    return f"Not proved in every tier: {', '.join(still_open)}." if still_open else "Every tier of each plan is proved."


def _of(found: Sequence[Measured], measure: Measure) -> Measured:
    return next(m for m in found if m.measure == name_of(measure))


def _measures(names: Sequence[str], found: Sequence[Sequence[Measured]]) -> _Shown:
    first, sentences = MEASURES[0], list[str]()
    before = _of(found[0], first)
    told = [f"{names[0]} {of_whole(before)}"]
    told += [
        f"{name} {of_whole(_of(one, first))} ({signed(_of(one, first).part - before.part)})"
        for name, one in zip(names[1:], found[1:], strict=True)
    ]
    sentences.append(f"Requests with a place: {'; '.join(told)}.")
    for measure in MEASURES:
        for name, one in zip(names[1:], found[1:], strict=True):
            misleading = turned(_of(found[0], measure), _of(one, measure))
            if misleading:
                sentences.append(f"{name}, {title_of(measure)}: {misleading[:1].lower()}{misleading[1:]}")
    rows: list[tuple[str | int | float | None, ...]] = []
    for measure in MEASURES:
        cells: list[str | int | float | None] = [title_of(measure)]
        for one in found:
            share = percent_of(_of(one, measure))
            cells += [_of(one, measure).part, _of(one, measure).whole, None if share is None else round(share, 1)]
        rows.append(tuple(cells))
    headings = tuple(h for name in names for h in (name, "of", "%"))
    chart = Chart(
        kind="bars", labels=tuple(title_of(m) for m in MEASURES), unit="requests, placements or students",
        series=tuple(
            Series(name=name, values=tuple(float(_of(one, m).part) for m in MEASURES))
            for name, one in zip(names, found, strict=True)
        ),
    )  # fmt: skip
    return " ".join(sentences), AnswerTable(headings=("measure", *headings), rows=tuple(rows)), chart


def _tiers(results: Sequence[Result], names: Sequence[str]) -> _Shown:
    """Every tier in the order of the first result; the sentence says where each other one first differs."""
    values = [{t.tier: t for t in r.plan.tiers} for r in results]
    order = list(dict.fromkeys(t.tier for r in results for t in r.plan.tiers))
    preference = results[0].plan.policy.preference_order
    rows = tuple(
        (tier_words(tier, preference), *(v[tier].value if tier in v else None for v in values)) for tier in order
    )
    sentences = []
    for name, other in zip(names[1:], results[1:], strict=True):
        first = first_tier(results[0].plan.tiers, other.plan.tiers)
        if first is None:
            sentences.append(f"{name}: every tier that both have is the same.")
            continue
        words = tier_words(first.tier, preference)
        sentences.append(
            f"{name} is {first.verdict} in the first tier that differs, {words}: {first.before}, now {first.after}."
        )
    return " ".join(sentences), AnswerTable(headings=("tier", *names), rows=rows), Chart(kind="none")


def _people(results: Sequence[Result], names: Sequence[str]) -> _Shown:
    rows: list[tuple[str | int | float | None, ...]] = []
    sentences = []
    for name, result in zip(names[1:], results[1:], strict=True):
        found = compare(results[0], result)
        kinds = [change.kind for change in found.requests or ()]
        students = [s.verdict for s in found.students or ()]
        counts = [kinds.count(k) for k in ("newly_placed", "newly_unplaced", "moved", "other_pe")]
        rows.append((name, *counts, students.count("better"), students.count("worse")))
        sentences.append(
            f"{name}: {counts[0]} newly placed, {counts[1]} not placed any more, {counts[2]} moved; students "
            f"better off {students.count('better')}, worse off {students.count('worse')}."
        )
    headings = (
        f"against {names[0]}", "newly placed", "not placed any more", "moved", "another PE", "students better off",
        "students worse off",
    )  # fmt: skip
    return " ".join(sentences), AnswerTable(headings=headings, rows=tuple(rows)), Chart(kind="none")


def _agencies(facts: Sequence[Facts], names: Sequence[str]) -> _Shown:
    found = [{m.group: m.part for m in measured(f, [BY_AGENCY])} for f in facts]
    groups = sorted({g for one in found for g in one}, key=natural_key)
    rows = tuple((g, *(one.get(g, 0) for one in found)) for g in groups)
    steps = [abs(one.get(g, 0) - found[0].get(g, 0)) for g in groups for one in found[1:]]
    changed = sum(any(one.get(g, 0) != found[0].get(g, 0) for one in found[1:]) for g in groups)
    sentence = f"{changed} of {len(groups)} agencies have more or fewer placements"
    sentence += f"; the middle one of those that differ by {median([s for s in steps if s]):g}." if changed else "."
    chart = Chart(
        kind="bars", labels=tuple(groups), unit="placements",
        series=tuple(
            Series(name=name, values=tuple(float(one.get(g, 0)) for g in groups))
            for name, one in zip(names, found, strict=True)
        ),
    )  # fmt: skip
    return sentence, AnswerTable(headings=("agency", *names), rows=rows), chart
