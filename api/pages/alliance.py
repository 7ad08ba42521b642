"""The Alliance's own pages: answers and aggregates that teams shared, as ``api.sharing`` gives them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool

from allocator.views.levels import RETURN_GROUPS
from allocator.views.returns import ALL
from api.inputs.recent import Recent
from api.pages.answers import questions
from api.pages.rendering import page
from api.pages.visiting import AllianceVisit
from api.routes.service import Reading
from api.routes.shared import answers, for_alliance, shared
from api.sharing.alliance import PERCENT, WHOLE, WITHHELD
from api.store.listing import SCENARIOS
from api.store.tables import Round, Run
from api.wire.sharing import AlliancePlan, SharedAnswer, SharedRun
from scenarios.answers.answer import AnswerTable
from scenarios.report.words import cell_text, merged

router = APIRouter(include_in_schema=False)
RoundName = Annotated[str, Query(max_length=200, alias="round")]
MOST = 60
_PLANS: Recent[AlliancePlan] = Recent(MOST)
_ANSWERS: Recent[tuple[SharedAnswer, ...]] = Recent(MOST)
"""By run, which is over and changes no more; that it may be seen is asked each time."""
NOTHING = "\u2013"


class Shown(NamedTuple):
    """A cell: its text, and how long its bar is, in percent (None: no bar); ``less``: it is below nothing."""

    text: str
    bar: float | None = None
    less: bool = False

    @property
    def withheld(self) -> bool:
        """Whether it is not told."""
        return self.text.startswith(WITHHELD)


class AnswerShown(NamedTuple):
    """An answer with its table, and the run that it is of; ``withheld``: names of rows of which nothing is told."""

    answer: SharedAnswer
    run: SharedRun
    headings: tuple[str, ...]
    rows: tuple[tuple[Shown, ...], ...]
    withheld: tuple[str, ...]


class QuestionShown(NamedTuple):
    """A question; ``answer`` is None where nobody has shared one."""

    name: str
    question: str
    reason: str
    answer: AnswerShown | None


class Part(NamedTuple):
    """A table of the yearly return: groups along, rows down; ``gaps`` says what is missing in a row."""

    name: str
    groups: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Shown, ...], str], ...]


@router.get("/alliance")
async def alliance(visit: AllianceVisit, session: Reading, chosen: RoundName = "") -> Response:
    """The questions of the Alliance, with the answers that are shared."""
    found = await run_in_threadpool(shared, visit.person, session)
    round = _round(found, chosen)
    answered: dict[str, AnswerShown] = {}
    for run in found:
        if run.kind == SCENARIOS and run.round == round:
            for answer in await _answers_of(visit, run):
                answered.setdefault(answer.scenario, _answer(answer, run))
    lines = [
        QuestionShown(name, one.question, " ".join(one.reason.split()), answered.pop(name, None))
        for name, one in questions().items()
    ]
    lines += [QuestionShown(f"own-{n}", one.answer.question, "", one) for n, one in enumerate(answered.values())]
    return await run_in_threadpool(page, visit, "alliance.html", lines=lines, **_frame(found, round))


@router.get("/alliance/numbers")
def numbers(visit: AllianceVisit, session: Reading, chosen: RoundName = "") -> Response:
    """Aggregates of the plan that is shared, by group."""
    found = shared(visit.person, session)
    round = _round(found, chosen)
    run = next((one for one in found if one.kind != SCENARIOS and one.round == round), None)
    plan = None
    if run is not None:
        of_round = session.get_one(Round, session.get_one(Run, run.id).round)
        key = (run.id, tuple(of_round.plans_shared))
        plan = _PLANS.of(key, lambda: for_alliance(visit.person, run.id, session))
    return page(
        visit,
        "alliance-numbers.html",
        run=run,
        plan=plan,
        part_list=_parts(plan) if plan else (),
        **_frame(found, round),
    )


async def _answers_of(visit: AllianceVisit, run: SharedRun) -> tuple[SharedAnswer, ...]:
    """The answers of a run that is shared now."""
    if (known := _ANSWERS.get(run.id)) is not None:
        return known
    found = tuple(await answers(visit.person, run.id, visit.service))
    _ANSWERS.put(run.id, found)
    return found


def _round(found: Sequence[SharedRun], chosen: str) -> str:
    """The round that is looked at: the one that was chosen, else that of what was shared last; blank for none."""
    names = [run.round for run in found]
    return chosen if chosen in names else next(iter(names), "")


def _frame(found: Sequence[SharedRun], round: str) -> dict[str, Any]:
    return {"round_name": round, "round_names": sorted({run.round for run in found})}


def _answer(answer: SharedAnswer, run: SharedRun) -> AnswerShown:
    headings, rows, _ = merged(AnswerTable(headings=answer.headings, rows=answer.rows))
    first = [n for n, heading in enumerate(answer.headings) if heading not in (WHOLE, PERCENT)]
    alone = [n for n in first if answer.headings[n + 1 : n + 2] != (WHOLE,)]
    # Bars of numbers without a whole are on one scale, so that they can be compared along a row, too.
    longest = max((abs(v) for row in answer.rows for n in alone if isinstance(v := row[n], int | float)), default=0)
    shown = []
    for text, row in zip(rows, answer.rows, strict=True):
        cells = [
            _cell(words, row[n], longest if n in alone else row[n + 1])
            for words, n in zip(text[1:], first[1:], strict=True)
        ]
        shown.append((Shown(text[0]), *cells))
    told = tuple(row for row in shown if not all(cell.withheld for cell in row[1:]))
    return AnswerShown(answer, run, tuple(headings), told, tuple(row[0].text for row in shown if row not in told))


def _cell(words: str, value: object, whole: object) -> Shown:
    if not isinstance(value, int | float) or not isinstance(whole, int | float) or not whole:
        return Shown(words)
    return Shown(words, min(100.0, round(100 * abs(value) / whole, 1)), value < 0)


def _parts(plan: AlliancePlan) -> tuple[Part, ...]:
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for row in plan.rows:
        parts.setdefault(row["part"], []).append(row)
    return tuple(_part(name, rows) for name, rows in parts.items())


def _part(name: str, rows: Sequence[Mapping[str, Any]]) -> Part:
    groups = tuple(g for g in (*RETURN_GROUPS, ALL) if any(g in row["values"] for row in rows))
    shown = [(row["row"], tuple(_value(row["values"].get(g)) for g in groups), row["gaps"]) for row in rows]
    return Part(name, groups, tuple(shown))


def _value(value: Mapping[str, Any] | None) -> Shown:
    if value is None:
        return Shown("")
    if value.get(WITHHELD):
        return Shown(WITHHELD)
    number, whole = value["number"], value.get("of")
    if number is None:
        return Shown(NOTHING)
    if whole is None:
        return Shown(cell_text(number))
    percent = f" ({value['percent']:.0f}%)" if value["percent"] is not None else ""
    return _cell(f"{cell_text(number)} of {cell_text(whole)}{percent}", number, whole)
