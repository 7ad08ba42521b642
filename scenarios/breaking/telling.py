"""The break test in answers: sentences with numbers over draws, tables, charts. No more is said than the draws show."""

from collections.abc import Callable, Sequence
from statistics import median
from typing import NamedTuple

from allocator.views.words import tier_words
from models.plan import Plan
from scenarios.answers import AnswerTable, Chart, Series
from scenarios.answers.words import listed, signed, spread
from scenarios.breaking.draws import Draw, Hit, Moves, Outcome, Told, hit, outcome
from scenarios.breaking.fragile import BEYOND_CHANCE, SEEN_WITH, FragileRow, FragileStudent
from scenarios.breaking.repairs import moves_words
from scenarios.breaking.reserve import Reserve
from scenarios.breaking.steadier import LAST, Found, differing

NAMED = 5
"""Rows that a sentence names."""
SHOWN = 40
"""Rows that a table of fragile students, offers and PEs has at most."""
Cell = str | int | float | None
PLACED = "placed."
"""Tiers that count requests placed begin so."""
PUBLISHED = (
    "The base's own plan is published: each placement that could stay counts as a move where its offer changes. At n "
    "moves at most n such placements move, beyond the fewest that events force. What is confirmed or started already "
    "never moves."
)
BROKEN = (
    "A placement breaks where its student is still there and has no place, or another offer, after the repair. A final "
    "goes with its first."
)


class Part(NamedTuple):
    """What an answer says, before proof and base are put to it."""

    name: str
    question: str
    sentence: str
    table: AnswerTable
    chart: Chart
    assumes: tuple[str, ...] = ()


class Confirmed(NamedTuple):
    """A reserve with what it buys in each draw repaired with it: requests placed more, placements told that survive."""

    reserve: Reserve
    placed: tuple[int, ...]
    survive: tuple[int, ...]


class Judged(NamedTuple):
    """Breaks of the base's plan and of another one in the draws that were repaired for both, of so many."""

    asked: int
    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def is_better(self) -> bool:
        """Whether the other plan has fewer breaks over all draws, and every draw was repaired."""
        return len(self.before) == self.asked and sum(self.after) < sum(self.before)


def stopped_words(asked: int, done: int) -> str:
    """How far it was when somebody stopped it."""
    return f"Stopped: of {draws_words(asked)} {done} {'is' if done == 1 else 'are'} repaired. "


def nothing() -> Part:
    """No draw has all its repairs."""
    return Part(
        "breaks", "What breaks?", "No draw has all its repairs.", AnswerTable(headings=("draw",), rows=()),
        Chart(kind="none"),
    )  # fmt: skip


def survival(told: Told, draws: Sequence[Draw], moves: Sequence[Moves], requests: int) -> Part:
    """How many placements survive: medians and ranges over draws."""
    hits = [hit(told, d.events) for d in draws]
    outcomes = {m: [outcome(told, d.events, d.plans[m]) for d in draws] for m in moves}
    count = len(told.matches)
    ended: list[tuple[str, list[int]]] = [
        ("student withdraws", [len(h.student) for h in hits]),
        ("place goes", [len(h.place) for h in hits]),
        ("PE goes", [len(h.educator) for h in hits]),
    ]
    rows = [("placements told", [count] * len(draws), str(requests)), *((n, v, str(count)) for n, v in ended)]
    strips = list(ended)
    for m in moves:
        for what, value in _OUTCOMES:
            counted = [value(o) for o in outcomes[m]]
            whole = str(count) if value is not _added else str(requests - count)
            rows.append((f"{what}, {moves_words(m)}", counted, whole))
            if value in (_lost, _elsewhere):
                strips.append((f"{what}, {moves_words(m)}", counted))
        rows.append(
            (f"requests with a place, {moves_words(m)}", [len(d.plans[m].matches) for d in draws], str(requests))
        )
    table = AnswerTable(
        headings=("what", "draws", "least", "median", "most", "of"),
        rows=tuple((name, len(v), min(v), float(median(v)), max(v), whole) for name, v, whole in rows),
    )
    chart = Chart(
        kind="strip", labels=tuple(n for n, _ in strips), unit=f"placements, of {count} told; a dot is a draw",
        series=tuple(Series(name=n, values=tuple(map(float, v))) for n, v in strips),
    )  # fmt: skip
    return Part(
        "breaks", "Of the plan that is published, what survives?",
        _survival_words(told, draws, hits, outcomes, requests), table, chart, (PUBLISHED,),
    )  # fmt: skip


def _survival_words(
    told: Told, draws: Sequence[Draw], hits: Sequence[Hit], outcomes: dict[Moves, list[Outcome]], requests: int
) -> str:
    count, number = len(told.matches), len(hits)
    said = [
        f"{count} of {requests} requests have a place, and are told. Over {draws_words(number)} (median and range), of "
        f"{count}: for {spread([len(h.student) for h in hits])} the student withdraws, for "
        f"{spread([len(h.place) for h in hits])} the place goes, for {spread([len(h.educator) for h in hits])} the PE."
    ]
    before: list[Outcome] | None = None
    before_moves = 0
    for m, found in outcomes.items():
        if before is not None and [o[:-1] for o in found] == [o[:-1] for o in before]:
            said.append(f"At {moves_words(m)} it is the same in every draw.")
            continue
        said.append(
            f"At {moves_words(m)} {spread([o.survive for o in found])} of {count} survive, "
            f"{spread([len(o.same) for o in found])} of them at the same offer; {spread([len(o.lost) for o in found])} "
            f"whose student is still there have no place; of {requests - count} others "
            f"{spread([len(o.added) for o in found])} are newly placed."
        )
        if before is not None:
            more = sum(o.survive + len(o.added) for o in found) - sum(o.survive + len(o.added) for o in before)
            said.append(
                f"That is {signed(more)} placements over {draws_words(number)}{_by_tier(draws, before_moves, m)}."
            )
        before, before_moves = found, m
    return " ".join(said)


def _by_tier(draws: Sequence[Draw], before: Moves, after: Moves) -> str:
    """How the placements that more moves buy are shared among the first aims: a final may cost two firsts."""
    steps: dict[str, int] = {}
    for draw in draws:
        for moves, sign in ((before, -1), (after, 1)):
            for tier in draw.plans[moves].tiers:
                if tier.tier.startswith(PLACED) and tier.tier != f"{PLACED}total":
                    steps[tier.tier] = steps.get(tier.tier, 0) + sign * tier.value
    said = [f"{word_start(tier_words(tier, ''))}: {signed(step)}" for tier, step in steps.items()]
    return f" (in the order of aims: {'; '.join(said)})" if said else ""


def word_start(text: str) -> str:
    """The text without a capital at its start."""
    return text[:1].lower() + text[1:]


def draws_words(number: int) -> str:
    """``1 draw``, ``20 draws``."""
    return f"{number} draw{'' if number == 1 else 's'}"


def _added(found: Outcome) -> int:
    return len(found.added)


def _lost(found: Outcome) -> int:
    return len(found.lost)


def _elsewhere(found: Outcome) -> int:
    return len(found.elsewhere)


_OUTCOMES: tuple[tuple[str, Callable[[Outcome], int]], ...] = (
    ("survive", lambda o: o.survive),
    ("at the same offer", lambda o: len(o.same)),
    ("of these with a PE to be found", lambda o: len(o.to_find)),
    ("at another offer", _elsewhere),
    ("without a place", _lost),
    ("newly placed", _added),
)


def each_draw(told: Told, draws: Sequence[Draw], moves: Sequence[Moves]) -> Part:
    """Draw by draw."""
    rows: list[tuple[Cell, ...]] = []
    for d in draws:
        ended = hit(told, d.events)
        cells: list[Cell] = [d.number, d.events.agency or None, len(d.events.offers), len(d.events.educators)]
        cells += [len(ended.student), len(ended.place), len(ended.educator)]
        for m in moves:
            found = outcome(told, d.events, d.plans[m])
            cells += [len(found.same), len(found.elsewhere), len(found.lost), len(found.added)]
        rows.append(tuple(cells))
    by_moves = [
        f"{what}, {moves_words(m)}" for m in moves
        for what in ("same offer", "another offer", "no place", "newly placed")
    ]  # fmt: skip
    headings = (
        "draw", "agency that pulls out", "offers gone", "PEs gone", "told: student withdraws", "told: place goes",
        "told: PE goes", *by_moves,
    )  # fmt: skip
    out = sum(bool(d.events.agency) for d in draws)
    worst = max(draws, key=lambda d: (len(outcome(told, d.events, d.plans[moves[0]]).broken), -d.number))
    broken = len(outcome(told, worst.events, worst.plans[moves[0]]).broken)
    sentence = (
        f"An agency pulls out in {out} of {len(draws)} draws. Most break in draw {worst.number}: {broken} of "
        f"{len(told.matches)} placements told, at {moves_words(moves[0])}."
    )
    return Part(
        "breaks-draws", "What happens in each draw?", sentence, AnswerTable(headings=headings, rows=tuple(rows)),
        Chart(kind="none"), (BROKEN,),
    )  # fmt: skip


def students(found: Sequence[FragileStudent], told: Told, draws: int, moves: Sequence[Moves]) -> Part:
    """Who loses the place most often through what happens to others."""
    first = moves[0]
    lost = [s for s in found if s.lost[first]]
    if lost:
        named = [f"{s.request} ({s.lost[first]} of {s.there})" for s in lost[:NAMED]]
        more = f"; {len(lost) - NAMED} others in one draw or more" if len(lost) > NAMED else ""
        sentence = (
            f"Without a place at {moves_words(first)}, in draws in which the student is there: {listed(named)}{more}. "
            f"{len(told.matches) - len(lost)} of {len(told.matches)} never are, in {draws} draws."
        )
    else:
        sentence = f"In none of {draws} draws is anybody who is told, and still there, without a place."
    headings = ["request", "offer", "PE", "draws there", "place or PE goes"]
    headings += [f"{what}, {moves_words(m)}" for m in moves for what in ("no place", "another offer")]
    rows = [
        (
            s.request, told.matches[s.request].offer, _pe_words(told.matches[s.request].pe), s.there, s.hit,
            *(n for m in moves for n in (s.lost[m], s.elsewhere[m])),
        )
        for s in found[:SHOWN]
    ]  # fmt: skip
    return Part(
        "breaks-students", "Which students are fragile?", sentence + _cut(len(found)),
        AnswerTable(headings=tuple(headings), rows=tuple(rows)), Chart(kind="none"), (BROKEN,),
    )  # fmt: skip


def rows(found: Sequence[FragileRow], draws: int, moves: Moves) -> Part:
    """Offers and PEs whose going costs most."""
    costly = [r for r in found if r.own > 0]
    if costly:
        named = [f"{_row_words(r)} ({r.own:g}; gone in {r.gone} of {draws} draws)" for r in costly[:NAMED]]
        sentence = f"Of its own placements break at {moves_words(moves)} when it goes, mean: {listed(named)}."
    elif found:
        sentence = (
            f"Of {len(found)} offers and PEs that go in {SEEN_WITH} draws or more none breaks a placement of its own."
        )
    else:
        sentence = (
            f"In {draws} draws no offer or PE both goes in {SEEN_WITH} or more and stays in {SEEN_WITH} or more: "
            "nothing can be said of any. More draws say more."
        )
    if found:
        beyond = [f"{_row_words(r)} (+{r.difference:.1f})" for r in found if r.is_beyond_chance]
        said = f": {listed(beyond[:NAMED])}" if beyond else " for none"
        sentence += (
            f" All placements that break in draws without it, less those in draws with it: {BEYOND_CHANCE} standard "
            f"errors or more{said}, of {len(found)}."
        )
    table = AnswerTable(
        headings=(
            "offer or PE", "kind", "draws gone", "of its own break, mean", "draws there", "all breaks without it, mean",
            "all breaks with it, mean", "difference", "standard error",
        ),
        rows=tuple(
            (r.row, r.kind, r.gone, r.own, r.there, r.without, r.with_it, r.difference, r.error) for r in found[:SHOWN]
        ),
    )  # fmt: skip
    top = costly[: 2 * NAMED]
    chart = Chart(
        kind="tornado" if top else "none", labels=tuple(f"{_row_words(r)} ({r.gone} draws)" for r in top),
        unit="placements of its own that break when it goes, mean",
        series=(Series(name="of its own", values=tuple(round(r.own, 2) for r in top)),) if top else (),
    )  # fmt: skip
    apart = (
        "Draws differ in other events, too: a difference of fewer standard errors may be chance, and what goes "
        "together (an agency with all it has) is not told apart."
    )
    return Part(
        "breaks-rows", "Which offers and PEs are fragile?", sentence + _cut(len(found)), table, chart, (BROKEN, apart)
    )


def _row_words(row: FragileRow) -> str:
    """An offer or a PE in a sentence; ids that say what they are are not said twice."""
    return row.row if row.row.casefold().startswith(row.kind.casefold()) else f"{row.kind} {row.row}"


def _pe_words(pe: str | None) -> str | None:
    """A PE as a table shows it: of a pool its kind, as its offer stands beside."""
    return None if pe is None else pe.partition("@")[0]


def _cut(number: int) -> str:
    return f" The table has the first {SHOWN} of {number}." if number > SHOWN else ""


def reserve(found: Sequence[Confirmed], candidates: int, draws: int, short: int, moves: Moves) -> Part:
    """What a reserve buys, confirmed."""
    ordered = sorted(found, key=lambda c: (len(c.placed) < draws, -sum(c.placed), -sum(c.survive)))
    whole = [c for c in ordered if len(c.placed) == draws]
    best = [c for c in whole if sum(c.placed) > 0]
    if not short:
        sentence = f"In none of {draws} draws is anybody without a place: nothing in reserve could place more."
    elif not candidates:
        sentence = (
            f"Nobody without a place in {short} of {draws} draws could have had a place or a PE more of those known."
        )
    elif best:
        named = [
            f"{c.reserve.what} ({c.reserve.where}): {signed(sum(c.placed))} requests placed, "
            f"{signed(sum(c.survive))} placements told that survive"
            for c in best[:NAMED]
        ]
        sentence = f"Most is bought by {named[0]}" + "".join(f"; then {n}" for n in named[1:])
        sentence += f". Each confirmed over {draws} draws, in sums over all of them."
    elif whole:
        sentence = f"None of {len(whole)} candidates places anybody more, confirmed over {draws} draws."
    else:
        sentence = f"None of {candidates} candidates is confirmed over all {draws} draws."
    rows = tuple(
        (
            c.reserve.what, sum(c.placed), min(c.placed), float(median(c.placed)), max(c.placed), sum(c.survive),
            len(c.placed), c.reserve.where, c.reserve.wanted,
        )
        for c in ordered
    )  # fmt: skip
    headings = (
        "in reserve", "placed more, in all", "least", "median", "most", "survive more, in all", "confirmed over draws",
        "where", "could have it (draws x requests)",
    )  # fmt: skip
    chart = Chart(
        kind="bars" if best else "none", labels=tuple(c.reserve.what for c in best),
        unit=f"requests placed more, over {draws} draws",
        series=(Series(name="placed more", values=tuple(float(sum(c.placed)) for c in best)),) if best else (),
    )  # fmt: skip
    held = (
        "A reserve is kept free until the events have happened, and nothing happens to it. Candidates are chosen by "
        "who could have them, a few of each kind, and each is confirmed: the draws are repaired once more with it, at "
        f"{moves_words(moves)}; others may buy as much."
    )
    return Part(
        "breaks-reserve", "Which place or PE in reserve buys most?", sentence,
        AnswerTable(headings=headings, rows=rows), chart, (held,),
    )  # fmt: skip


def steadier(plan: Plan, found: Found | None, judged: Sequence[Judged], *, stopped: bool) -> Part:
    """Whether there is a plan as good through ``firm`` with fewer breaks."""
    table = AnswerTable(headings=("request", "offer told", "PE", "offer instead", "PE instead"), rows=())
    if found is None:
        sentence = (
            "Stopped before it was looked at." if stopped
            else f"The order of aims has no tier '{LAST}', so nothing says how far another plan has to be as good."
        )  # fmt: skip
    elif len(judged) == 2 and all(j.is_better for j in judged):
        assert found.plan is not None
        here, fresh = judged
        differ = differing(plan, found.plan)
        without = listed([f"{request} at {offer}" for request, offer in found.forbidden])
        sentence = (
            f"There is one: the best plan without {without}, equal in every tier through '{LAST}', proved. Breaks over "
            f"{here.asked} draws: {sum(here.after)} against {sum(here.before)}; over {fresh.asked} fresh draws: "
            f"{sum(fresh.after)} against {sum(fresh.before)}. {len(differ)} requests have another offer or PE. Tiers "
            f"after '{LAST}' may be worse."
        )
        table = AnswerTable(
            headings=table.headings, rows=tuple((r, a, _pe_words(b), c, _pe_words(d)) for r, a, b, c, d in differ)
        )
    else:
        sentence = (
            f"None was found: {found.tried} match{'' if found.tried == 1 else 'es'} that events hit "
            f"{'was' if found.tried == 1 else 'were'} forbidden, in turn; {found.equal} of the plans without "
            f"{'it' if found.tried == 1 else 'them'} are equal in every tier through '{LAST}', proved"
        )
        if not judged:
            sentence += ", and none of these has fewer placements whose place or PE goes." if found.equal else "."
        else:
            where, last = "the same" if len(judged) == 1 else "fresh", judged[-1]
            counted = f"{sum(last.after)} against {sum(last.before)} over {draws_words(len(last.before))}"
            sentence += f"; the best of them does not have fewer breaks in {where} draws ({counted})."
            if len(last.before) < last.asked:
                sentence += f" Of {draws_words(last.asked)} not all were repaired."
    return Part(
        "breaks-plan", f"Is there a plan as good through '{LAST}' with fewer breaks?", sentence, table,
        Chart(kind="none"), (BROKEN,),
    )  # fmt: skip
