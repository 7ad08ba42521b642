"""What runs of scenarios answered, and their charts: read from the store once, and kept while people look."""

from functools import cache
from typing import NamedTuple

from sqlalchemy.orm import Session

from api.inputs.recent import Recent
from api.jobs.asked import LIBRARIES, ScenariosAsked, library
from api.sharing.alliance import answers_of
from api.store.contents import content
from api.store.listing import last_change, scenario_runs
from api.store.runs import files_of
from api.store.tables import Run
from api.wire import OVER
from scenarios.answers.answer import Answer
from scenarios.expanding import number_of_cases
from scenarios.model import Scenario
from scenarios.report.charts import chart_svg
from scenarios.report.writing import DATA, PAGE, WORKBOOK

DOWNLOADS = {PAGE: "as a page", WORKBOOK: "as a workbook", DATA: "as data (JSON)"}
"""Files of a run of scenarios that people save, and what each is."""
_FONT = "'DejaVu Sans'"


_ANSWERS: Recent[dict[str, Answer]] = Recent(40)
_CHARTS: Recent[str] = Recent(200)
_PLANS: Recent[int | None] = Recent(40)


class AnsweredRun(NamedTuple):
    """A run of scenarios: ``names`` of what it asks; ``own``: files of the team's own; ``current``: of today's data.

    ``answers``: by name, none before its end; ``files``: which of :data:`DOWNLOADS` it has.
    """

    run: Run
    names: tuple[str, ...]
    own: bool
    current: bool
    answers: dict[str, Answer]
    files: tuple[str, ...]

    @property
    def over(self) -> bool:
        """Whether nothing follows."""
        return self.run.state in OVER


@cache
def questions() -> dict[str, Scenario]:
    """The questions of the Alliance by name, in their order."""
    return {s.name: s for name in LIBRARIES for s in library(name)}


def plans_of(question: Scenario) -> int | None:
    """How many plans a question takes; None where that depends on the data."""
    return _PLANS.of(question.name, lambda: number_of_cases(question))


def answered_runs(session: Session, round: str) -> tuple[AnsweredRun, ...]:
    """The runs of scenarios of a round with what they answered, newest first.

    Parameters
    ----------
    session
        That reads.
    round
        Id.
    """
    change = last_change(session, round)
    return tuple(_answered(session, run, current=change.is_seen_by(run)) for run in scenario_runs(session, round))


def _answered(session: Session, run: Run, *, current: bool) -> AnsweredRun:
    digests = {file.path: file.digest for file in files_of(session, run.id)} if run.state in OVER else {}
    asked = ScenariosAsked.model_validate(run.settings)
    answers: dict[str, Answer] = {}
    if (digest := digests.get(DATA)) is not None:
        answers = _ANSWERS.of(digest, lambda: {one.scenario: one for one in answers_of(content(session, digest))})
    names = tuple(answers) or asked.only or (() if asked.files else tuple(questions()))
    files = tuple(path for path in DOWNLOADS if path in digests)
    return AnsweredRun(run, names, bool(asked.files), current, answers, files)


def chart_of(answer: Answer) -> str:
    """The chart of an answer as an SVG file; blank where there is nothing to draw."""
    drawn = _CHARTS.of(answer.model_dump_json(), lambda: chart_svg(answer.chart, answer.scenario))
    return drawn.replace(_FONT, f"{_FONT}, Verdana, Arial, sans-serif")  # where the reader has not what it is drawn in
