"""Folders of answers beside each other, case by case; a plan beside them is set against every case."""

from collections.abc import Mapping, Sequence
from statistics import median

from allocator.views.words import tier_words
from models.comparison import RequestKind
from models.errors import UsageError
from scenarios.answers import Answer, AnswerTable, Chart, Series
from scenarios.answers.words import listed, others_words, signed, spread, turned
from scenarios.comparing.opening import Side
from scenarios.comparing.plans import first_tier
from scenarios.comparing.shared import Cases, Group, Pair
from scenarios.results import CaseResult, Measured

MOST_NAMED = 6
"""Cases that a sentence names."""
MOST_DRAWN = 20
"""Cases of the chart; the table has them all."""
Cell = str | int | float | None
Draws = Mapping[int, CaseResult]
_KINDS: tuple[RequestKind, ...] = ("newly_placed", "newly_unplaced", "moved", "other_pe")
_Shown = tuple[str, AnswerTable, Chart]


def case_by_case(sides: Sequence[Side]) -> tuple[Answer, ...]:
    """Sides of which one or more are folders of answers, or plans without their data.

    Parameters
    ----------
    sides
        Two or more; the first is the one that others are compared with.

    Returns
    -------
    tuple of Answer
        Cases; measures; tiers; who is affected; the sentences of the questions.

    Raises
    ------
    UsageError
        The first has no case, and no question, that another one has, too.
    """
    cases = Cases(sides)
    sentences = _sentences(cases)
    made: list[tuple[str, str, _Shown]] = []
    if any(cases.shared(n) for n, _ in cases.others()):
        made += [
            ("cases", "What is different, case by case?", _placed(cases)),
            ("measures", "Which numbers differ?", _measures(cases)),
            ("tiers", "Which tiers are better or worse?", _tiers(cases)),
            ("people", "Who is affected?", _people(cases)),
        ]
    if sentences is not None:
        made.append(("answers", "Which questions are answered otherwise?", sentences))
    if not made:
        raise UsageError(f"nothing of '{sides[0].name}' can be compared: {_why(cases)}")
    planned = [r for of_side in cases.found for draws in of_side.values() for r in draws.values()]
    closed = all(r.proved for r in planned if r.problem is None)
    return tuple(
        Answer(
            scenario=name, question=question, reason="", base=" and ".join(cases.names), sentence=sentence,
            proof=_proof(cases), assumes=(), table=table, chart=chart, failed=_failed(cases) if name == "cases" else (),
            plans=sum(r.problem is None for r in planned) if name == "cases" else 0, closed=closed,
        )
        for name, question, (sentence, table, chart) in made
    )  # fmt: skip


def _why(cases: Cases) -> str:
    """Why there is nothing in common, in words."""
    said = []
    for side, name, found in zip(cases.sides, cases.names, cases.found, strict=True):
        named = [cases.label(group) for group in found] or [a.scenario for a in side.answers]
        more = [others_words(len(named) - MOST_NAMED)] if len(named) > MOST_NAMED else []
        said.append(f"{name} has {listed([*named[:MOST_NAMED], *more])}")
    return "; ".join(said)


def _proof(cases: Cases) -> str:
    still_open = []
    for name, found in zip(cases.names, cases.found, strict=True):
        names = [
            cases.label(g)
            for g, draws in found.items()
            if any(r.problem is None and not r.proved for r in draws.values())
        ]
        more = [others_words(len(names) - MOST_NAMED)] if len(names) > MOST_NAMED else []
        if names:
            still_open.append(f"{name}: {listed([*names[:MOST_NAMED], *more])}")
    if still_open:
        return f"Not proved in every tier: {'; '.join(still_open)}."
    return "Every tier of each plan is proved."


def _failed(cases: Cases) -> tuple[str, ...]:
    return tuple(
        f"{name}, {words}"
        for name, found in zip(cases.names, cases.found, strict=True)
        for group, draws in found.items()
        for words in (
            f"{cases.label(group)}{f' #{n}' if n else ''}: {r.problem}" for n, r in draws.items() if r.problem
        )
    )


def _numbers(draws: Draws) -> tuple[Cell, Cell, Cell]:
    """Requests with a place, with their whole and percent; of several draws the median with its range."""
    planned = [r for r in draws.values() if r.problem is None]
    if not planned:
        return None, None, None
    wholes = {r.requests for r in planned}
    whole = f"{min(wholes)} to {max(wholes)}" if len(wholes) > 1 else wholes.pop()
    if len(planned) > 1:
        return spread([r.placed for r in planned]), whole, None
    (one,) = planned
    return one.placed, one.requests, round(100 * one.placed / one.requests, 1) if one.requests else None


def _placed(cases: Cases) -> _Shown:
    rows: list[tuple[Cell, ...]] = []
    steps: dict[Group, float] = {}
    for group in cases.groups:
        cells: list[Cell] = [cases.label(group), max(len(found.get(group, {})) for found in cases.found)]
        for found in cases.found:
            cells += _numbers(found.get(group, {}))
        for other, _ in cases.others():
            difference = _step(cases.pairs(group, other))
            cells.append(difference)
            steps[group] = max(steps.get(group, 0.0), abs(difference or 0.0))
        rows.append(tuple(cells))
    headings = ["case", "draws"]
    headings += [h for name in cases.names for h in (name, "of", "%")]
    headings += [f"{name} against {cases.names[0]}" for _, name in cases.others()]
    drawn = [g for g in sorted(cases.groups, key=lambda g: -steps.get(g, 0.0)) if steps.get(g)][:MOST_DRAWN]
    chart = Chart(
        kind="bars" if drawn else "none", labels=tuple(cases.label(g) for g in drawn), unit="requests with a place",
        series=tuple(
            Series(name=name, values=tuple(_middle(found.get(g, {})) for g in drawn))
            for name, found in zip(cases.names, cases.found, strict=True)
        ),
    )  # fmt: skip
    sentence = " ".join(_told(cases, other, name) for other, name in cases.others())
    return sentence, AnswerTable(headings=tuple(headings), rows=tuple(rows)), chart


def _middle(draws: Draws) -> float | None:
    placed = [r.placed for r in draws.values() if r.problem is None]
    return float(median(placed)) if placed else None


def _step(pairs: Sequence[Pair]) -> int | float | None:
    """What the other places more; of several draws the median of the differences."""
    found = [p.after.placed - p.before.placed for p in pairs]
    if not found:
        return None
    middle = median(found)
    return int(middle) if middle == int(middle) else float(middle)


def _told(cases: Cases, other: int, name: str) -> str:
    """How many cases are in both, how many have the same plan, and which differ most."""
    first, shared = cases.names[0], cases.shared(other)
    pairs = {g: cases.pairs(g, other) for g in shared}
    planned = [g for g in shared if pairs[g]]
    same = [g for g in planned if all(cases.changes(other, p) == () for p in pairs[g])]
    number = len(shared)
    said = [
        f"{number} case{' is' if number == 1 else 's are'} in both {first} and {name}; in {len(same)} of "
        f"{len(planned)} with a plan in both everybody has the same."
    ]
    steps = {g: _step(pairs[g]) for g in planned}
    differing = sorted((g for g in planned if steps[g]), key=lambda g: -abs(steps[g] or 0))
    if differing:
        named = [_change(cases, g, pairs[g]) for g in differing[:MOST_NAMED]]
        more = [f"{others_words(len(differing) - MOST_NAMED)} in the table"] if len(differing) > MOST_NAMED else []
        said.append(f"Requests with a place, {first} then {name}: {'; '.join([*named, *more])}.")
    elif planned:
        said.append(
            "As many requests have a place in each."
            if len(planned) > 1
            else f"As many requests have a place: {_change(cases, planned[0], pairs[planned[0]])}."
        )
    for where, missing in (
        (first, [g for g in cases.groups if g in cases.found[0] and g not in cases.found[other]]),
        (name, [g for g in cases.groups if g not in cases.found[0] and g in cases.found[other]]),
    ):
        more = [others_words(len(missing) - MOST_NAMED)] if len(missing) > MOST_NAMED else []
        if missing:
            said.append(f"Only in {where}: {listed([*map(cases.label, missing[:MOST_NAMED]), *more])}.")
    return " ".join(said)


def _change(cases: Cases, group: Group, pairs: Sequence[Pair]) -> str:
    if len(pairs) == 1:
        before, after = pairs[0]
        difference = signed(after.placed - before.placed)
        told = f"{before.placed} of {before.requests}, then {after.placed} of {after.requests} ({difference})"
        return f"{cases.label(group)}, {told}"
    old, new = spread([p.before.placed for p in pairs]), spread([p.after.placed for p in pairs])
    return f"{cases.label(group)}, {len(pairs)} draws, {old}, then {new}"


def _measures(cases: Cases) -> _Shown:
    """Every measure of a case and group that another side has, too, and that is not the same there."""
    rows: list[tuple[Cell, ...]] = []
    compared, differing, misleading = 0, 0, list[str]()
    for group in cases.groups:
        label = cases.label(group)
        for other, name in cases.others():
            for measure, numbers in _both(cases.pairs(group, other)).items():
                compared += 1
                if all(old == new for old, new in numbers):
                    continue
                differing += 1
                called = " ".join(filter(None, measure))
                old, new = ([n[side] for n in numbers] for side in (0, 1))
                rows.append((label, called, name, *_parts(old), *_parts(new)))
                text = turned(old[0], new[0]) if len(numbers) == 1 else ""
                misleading += [f"{label}, {called}: {text[:1].lower()}{text[1:]}"] if text else []
    sentence = f"{differing} of {compared} numbers that both have differ." if compared else "No number is in both."
    more = [f"{others_words(len(misleading) - MOST_NAMED)} in the table."] if len(misleading) > MOST_NAMED else []
    headings = ("case", "measure", f"against {cases.names[0]}", cases.names[0], "of", "there", "of")
    said = " ".join([sentence, *misleading[:MOST_NAMED], *more])
    return said, AnswerTable(headings=headings, rows=tuple(rows)), Chart(kind="none")


def _both(pairs: Sequence[Pair]) -> dict[tuple[str, str], list[tuple[Measured, Measured]]]:
    """The measures that both have, draw by draw; a group without anything is not listed by a plan, and counts 0."""
    found: dict[tuple[str, str], list[tuple[Measured, Measured]]] = {}
    for before, after in pairs:
        names = {m.measure for m in before.measured} & {m.measure for m in after.measured}
        keys = dict.fromkeys((m.measure, m.group) for m in (*before.measured, *after.measured) if m.measure in names)
        for key in keys:
            found.setdefault(key, []).append((before.measure(*key), after.measure(*key)))
    return found


def _parts(numbers: Sequence[Measured]) -> tuple[Cell, Cell]:
    if len(numbers) == 1:
        return numbers[0].part, numbers[0].whole
    return spread([n.part for n in numbers]), spread([n.whole for n in numbers])


def _tiers(cases: Cases) -> _Shown:
    """Where each case of another side first differs, in the order of its tiers."""
    rows: list[tuple[Cell, ...]] = []
    said = []
    for other, name in cases.others():
        verdicts: list[str] = []
        for group in cases.groups:
            for pair in cases.pairs(group, other):
                found = first_tier(pair.before.tiers, pair.after.tiers)
                verdicts.append("same" if found is None else str(found.verdict))
                if found is not None:
                    words = tier_words(found.tier, cases.preference(other, pair.after))
                    rows.append((cases.label_of(group, pair), name, found.verdict, words, found.before, found.after))
        counts = [f"{word} in {verdicts.count(word)}" for word in ("better", "worse")]
        said.append(
            f"{name} against {cases.names[0]}: {listed(counts)}; in {verdicts.count('same')} every tier that both have "
            "is the same."
        )
    headings = ("case", f"against {cases.names[0]}", "is", "in the first tier that differs", cases.names[0], "there")
    return " ".join(said), AnswerTable(headings=headings, rows=tuple(rows)), Chart(kind="none")


def _people(cases: Cases) -> _Shown:
    """Requests that another plan treats otherwise, in each case whose plans differ."""
    rows: list[tuple[Cell, ...]] = []
    said = []
    for other, name in cases.others():
        differing = unread = 0
        for group in cases.groups:
            for pair in cases.pairs(group, other):
                changes = cases.changes(other, pair)
                if changes is None:
                    unread += 1
                elif changes:
                    differing += 1
                    kinds = [change.kind for change in changes]
                    counts = [kinds.count(kind) for kind in _KINDS]
                    rows.append((cases.label_of(group, pair), name, *counts, len(kinds) - sum(counts)))
        said.append(f"{name}: {differing} plan{' treats' if differing == 1 else 's treat'} somebody otherwise.")
        said += [f"{unread} plans of it cannot be read any more."] if unread else []
    headings = (
        "case", f"against {cases.names[0]}", "newly placed", "not placed any more", "moved", "another PE",
        "other changes",
    )  # fmt: skip
    return " ".join(said), AnswerTable(headings=headings, rows=tuple(rows)), Chart(kind="none")


def _sentences(cases: Cases) -> _Shown | None:
    """What each question was answered with, side by side; None where no two folders answer one question."""
    found = [{("" if cases.one_base else a.base, a.scenario): a for a in side.answers} for side in cases.sides]
    keys = list(dict.fromkeys(key for of_side in found for key in of_side))
    shared = [key for key in keys if sum(key in of_side for of_side in found) > 1]
    if not shared:
        return None
    rows, differing = [], list[str]()
    for base, scenario in shared:
        answers = [of_side.get((base, scenario)) for of_side in found]
        question = next(a.question for a in answers if a is not None)
        several = len({a.sentence for a in answers if a is not None}) > 1
        differing += [f"{base}, {scenario}" if base else scenario] if several else []
        rows.append(
            (f"{question} ({base})" if base else question, *(None if a is None else a.sentence for a in answers))
        )
    more = [others_words(len(differing) - MOST_NAMED)] if len(differing) > MOST_NAMED else []
    sentence = f"{len(differing)} of {len(shared)} questions that are answered more than once have another sentence"
    sentence += f": {listed([*differing[:MOST_NAMED], *more])}." if differing else "."
    return sentence, AnswerTable(headings=("question", *cases.names), rows=tuple(rows)), Chart(kind="none")
