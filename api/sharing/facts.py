"""A plan that a run kept, with the data that it was made from."""

from pydantic import ValidationError
from sqlalchemy.orm import Session

from allocator.results import DATA, PLAN, ResultData
from allocator.views.facts import Facts
from api.problems import NotFoundError
from api.store import runs
from models.errors import Issue
from models.plan import Plan


def facts_of_run(session: Session, run: str, issues: tuple[Issue, ...] = ()) -> Facts:
    """Dataset, policy and plan of a run.

    Parameters
    ----------
    session
        That reads.
    run
        Id of the run.
    issues
        What was said of its input, for whoever may see that.

    Returns
    -------
    Facts
        Of the best plan that it kept.

    Raises
    ------
    NotFoundError
        It has no plan, or one of an earlier version of the program.
    """
    try:
        plan = Plan.model_validate_json(runs.file_of(session, run, PLAN))
        data = ResultData.model_validate_json(runs.file_of(session, run, DATA))
    except (NotFoundError, ValidationError) as error:
        raise NotFoundError("This run has no plan that can be shown.") from error
    return Facts(data.dataset, plan.policy, plan, issues)
