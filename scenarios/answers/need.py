"""How many finals the newly qualified posts of an agency justify, against what it offers."""

from collections.abc import Sequence

from scenarios.answers.answer import AnswerTable, Chart, Series
from scenarios.answers.by_agency import groups_of
from scenarios.answers.parts import Parts
from scenarios.answers.words import base_and_others, listed, number
from scenarios.model import Measure, Scenario
from scenarios.results import CaseResult

POSTS = Measure(name="posts", by="agency")
RECRUITED_PERCENT = 80


def finals_needed(posts: int, percent: int = RECRUITED_PERCENT) -> int:
    """Finals to place so that the posts are filled where so many percent of those placed are recruited, rounded up.

    Source: the aim of Kent and Medway to recruit 80% of those placed (67 posts: 84 finals; 12: 15).
    """
    return -(-posts * 100 // percent)


def need(scenario: Scenario, results: Sequence[CaseResult]) -> Parts:
    """Finals needed and offered, agency by agency, of those that state posts or vacancies."""
    percent = int(scenario.answer.words.get("recruited_percent", RECRUITED_PERCENT))
    base = base_and_others(results)[0] or results[0]
    rows: list[tuple[str | int | float | None, ...]] = []
    for agency in groups_of([base], POSTS):
        told = number(base, POSTS, agency)
        needed = finals_needed(told.part, percent)
        rows.append((agency, told.part, needed, told.whole, told.whole - needed))
    headings = ("agency", "newly qualified posts", "finals needed", "finals offered", "offered less needed")
    table = AnswerTable(headings=headings, rows=tuple(rows))
    chart = Chart(
        kind="bars", labels=tuple(str(r[0]) for r in rows), unit="finals in the academic year",
        series=(
            Series(name="needed", values=tuple(float(r[2] or 0) for r in rows)),
            Series(name="offered", values=tuple(float(r[3] or 0) for r in rows)),
        ),
    )  # fmt: skip
    assumed = f"{percent}% of those placed in a final are recruited, so a post needs {100 / percent:g} finals."
    return Parts(_sentence(rows, percent), table, chart, (assumed,))


def _sentence(rows: Sequence[tuple[str | int | float | None, ...]], percent: int) -> str:
    if not rows:
        return (
            "No agency states its newly qualified posts (Agencies, nqsw_posts) or vacancies (Teams, vacancies), so "
            "nothing can be said of what they justify."
        )
    posts, needed, offered = (sum(int(r[n] or 0) for r in rows) for n in (1, 2, 3))
    short = [f"{r[0]} ({r[3]} offered, {r[2]} needed)" for r in rows if int(r[4] or 0) < 0]
    sentence = f"{posts} newly qualified posts need {needed} finals if {percent}% are recruited; {offered} are offered."
    return sentence + (f" Fewer than needed: {listed(short)}." if short else " No agency offers fewer than it needs.")
