"""Plans as pages show them: read from the store once, with the tables of the report, and kept while people look."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from allocator.comparison import Result, compare, published_result
from allocator.report.summary import charts
from allocator.results import CHECK
from allocator.views.blocks import Block
from allocator.views.board import Board, board
from allocator.views.calendar import calendar_table
from allocator.views.chase import chase_table
from allocator.views.facts import Facts
from allocator.views.figure_blocks import figure_blocks
from allocator.views.front import NotPlaced, front_blocks, not_placed_together
from allocator.views.headlines import Card, headlines
from allocator.views.in_meeting import Words
from allocator.views.not_placed import not_placed_table
from allocator.views.numbers import number_blocks
from allocator.views.open_questions import Question, open_questions
from allocator.views.outcomes import outcome_blocks
from allocator.views.partners import partner_blocks
from allocator.views.pipeline import pipeline_blocks
from allocator.views.progress import progress_table
from allocator.views.record import decisions_table
from allocator.views.returns import return_rows, return_table
from allocator.views.shared_tables import Wall
from allocator.views.students import Kept, students_table
from allocator.views.summary import Summary, summary
from allocator.views.supply import agencies_table, educators_table, offers_table
from allocator.views.table import Table
from allocator.views.unused import Unused
from api.inputs.recent import Recent
from api.sharing.facts import facts_of_run
from api.store.runs import file_of, files_of
from api.store.tables import Run
from api.wire import OVER
from models.comparison import Comparison, RequestChange
from models.entities import Request
from models.errors import Issue
from models.plan import CheckReport

MOST = 8
"""Plans that are kept at a time."""


class Shown:
    """A plan, the data that it was made from, and the tables of its report, each made when it is first looked at.

    Parameters
    ----------
    run
        Id of the run that made it.
    created
        When that was asked for.
    state, answer
        Of the run.
    facts, check
        Data and plan, and what the independent check found.
    """

    def __init__(
        self, run: str, created: datetime, state: str, answer: str | None, facts: Facts, check: CheckReport
    ) -> None:
        self.run, self.created, self.state, self.answer = run, created, state, answer
        self.facts, self.check = facts, check

    @cached_property
    def published(self) -> Result | None:
        """What is published, as a result that the plan is compared with."""
        return published_result(self.facts)

    @cached_property
    def changes(self) -> Comparison | None:
        """What is new since the published version; None where nothing is published."""
        if self.published is None:
            return None
        return compare(self.published, Result("this plan", self.facts.plan, self.facts, self.check))

    @cached_property
    def front(self) -> tuple[Block, ...]:
        """The front page."""
        return tuple(front_blocks(self.facts, self.check, {}))

    @cached_property
    def numbers(self) -> tuple[Block, ...]:
        """What the front page counts, in full."""
        return tuple(number_blocks(self.facts, self.check))

    @cached_property
    def students(self) -> Table:
        """Every request of the plan."""
        return students_table(self.facts, Kept(self.changed, self.published.name if self.published else None, {}, {}))

    @cached_property
    def not_placed(self) -> Table:
        """Who is not placed, and why."""
        return not_placed_table(self.facts, {})

    @cached_property
    def offers(self) -> Table:
        """Every offer."""
        return offers_table(self.facts, {})

    @cached_property
    def agencies(self) -> Table:
        """Every agency."""
        return agencies_table(self.facts)

    @cached_property
    def educators(self) -> Table:
        """Every PE."""
        return educators_table(self.facts, {})

    @cached_property
    def decisions(self) -> Table:
        """Decisions of the data, and what became of each in this plan."""
        return decisions_table(self.facts)

    @cached_property
    def chase(self) -> Table:
        """What is waited for, of whom, since when."""
        return chase_table(self.facts, {})

    @cached_property
    def calendar(self) -> Table:
        """Steps of the tranches, and what is open for each."""
        return calendar_table(self.facts)

    @cached_property
    def unused(self) -> Unused:
        """Free places: why, and who could take them."""
        return Unused(self.facts)

    @cached_property
    def changed(self) -> Mapping[str, RequestChange]:
        """What is new since the published version, by request."""
        return {c.request: c for c in (self.changes.requests or ())} if self.changes else {}

    @cached_property
    def board(self) -> Board:
        """A column for each agency, a card for each place."""
        return board(self.facts, self.unused, self.changed)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What the meeting has still to talk about."""
        return open_questions(self.facts, self.unused)

    @cached_property
    def words(self) -> Words:
        """Sentences as the team reads them."""
        return Words(self.facts, shared=False)

    @cached_property
    def shared_words(self) -> Words:
        """Sentences as they may stand on a wall."""
        return Words(self.facts, shared=True)

    @cached_property
    def wall(self) -> Wall:
        """What tables for a wall are made with."""
        return Wall(self.facts, self.shared_words, self.unused)

    @cached_property
    def summary(self) -> Summary:
        """Tiles, bars and dots."""
        return summary(self.facts, self.check)

    @cached_property
    def together(self) -> tuple[tuple[tuple[Request, ...], NotPlaced], ...]:
        """Who of the tranche being decided is not placed, those in the same position together."""
        return tuple(not_placed_together(self.facts, {}))

    @cached_property
    def headlines(self) -> tuple[Card, ...]:
        """Figures of the year at a glance."""
        return tuple(headlines(self.facts))

    @cached_property
    def year(self) -> tuple[tuple[str, tuple[Block, ...]], ...]:
        """What the partnership owes each year, page by page; a page with nothing to say is left out."""
        pages = (
            ("Figures", figure_blocks), ("Partners", partner_blocks), ("PEPS pipeline", pipeline_blocks),
            ("Outcomes", outcome_blocks),
        )  # fmt: skip
        found = ((title, tuple(blocks(self.facts))) for title, blocks in pages)
        return tuple((title, blocks) for title, blocks in found if blocks)

    @cached_property
    def progress(self) -> Table:
        """Rows of the annual progress report."""
        return progress_table(self.facts)

    @cached_property
    def yearly_return(self) -> Table:
        """The yearly return, nothing withheld."""
        return return_table(self.facts, return_rows(self.facts))

    @cached_property
    def charts(self) -> dict[str, str]:
        """Charts of the summary as SVG, by name."""
        return charts(self.summary)


class ShownPlans:
    """The plans that people look at; of a run that goes on, the best so far."""

    def __init__(self) -> None:
        self._kept: Recent[Shown] = Recent(MOST)

    def shown(self, session: Session, run: str) -> Shown:
        """A plan as pages show it.

        Parameters
        ----------
        session
            That reads.
        run
            Id of a run that has a plan.

        Raises
        ------
        NotFoundError
            It has none that can be shown.
        """
        row = session.get_one(Run, run)
        # Of a run that is over nothing changes any more; one that goes on replaces its plan by better ones.
        files = () if row.state in OVER else (f"{file.path}={file.digest}" for file in files_of(session, run))

        def made() -> Shown:
            check = CheckReport.model_validate_json(file_of(session, run, CHECK))
            issues = tuple(Issue.model_validate(issue) for issue in row.issues)
            return Shown(run, row.created, row.state, row.answer, facts_of_run(session, run, issues), check)

        return self._kept.of((run, row.state, ";".join(files)), made)
