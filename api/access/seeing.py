"""Who may see which round and which run. What somebody may not see is not found: not even that it exists is told."""

from sqlalchemy.orm import Session

from api.access.people import Person
from api.problems import NotFoundError
from api.store.tables import Run

_NO_ROUND = "There is no such round, or you are no member of it."
_NO_RUN = "There is no such run, or it is none of yours."


def may_see_round(person: Person, round: str) -> None:
    """Let a member of a round pass.

    Parameters
    ----------
    person
        Who asks.
    round
        Id of the round.

    Raises
    ------
    NotFoundError
        Nobody else may know that there is such a round; an admin is a member of none.
    """
    if person.role == "admin" or round not in person.rounds:
        raise NotFoundError(_NO_ROUND)


def may_see_run(person: Person, run: Run) -> None:
    """Let whoever may see a run pass: of the team the members of its round, without a round who asked for it.

    Agencies and the Alliance may know of runs of their rounds that the team shared; what they see of one is in
    ``api.sharing``.

    Parameters
    ----------
    person
        Who asks.
    run
        The run.

    Raises
    ------
    NotFoundError
        Anybody else.
    """
    of_round = run.round is not None and run.round in person.rounds
    if person.role == "team" and (of_round or (run.round is None and run.created_by == person.account)):
        return
    if person.role in ("agency", "alliance") and of_round and run.shared is not None:
        return
    raise NotFoundError(_NO_RUN)


def seen_run(session: Session, person: Person, id: str) -> Run:
    """A run that somebody may see.

    Parameters
    ----------
    session
        That reads.
    person
        Who asks.
    id
        The run.

    Returns
    -------
    Run
        It is there, and they may see it.

    Raises
    ------
    NotFoundError
        In the same words, whether there is none or it is none of theirs.
    """
    found = session.get(Run, id)
    if found is None:
        raise NotFoundError(_NO_RUN)
    may_see_run(person, found)
    return found
