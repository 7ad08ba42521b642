"""Who stands in an input, so that nobody is named where nobody may be."""

from allocator.intake import read
from api.inputs.sending import Sent
from api.inputs.tasks import written


def people_of(sent: Sent, most_rows: int) -> frozenset[str]:
    """Ids of the students and PEs of an input; to be run in a process apart, as all that reads inputs.

    Parameters
    ----------
    sent
        The input of a run.
    most_rows
        How many rows it may have.

    Returns
    -------
    frozenset of str
        As the input spells them.

    Raises
    ------
    AllocationError
        It cannot be used.
    """
    with written(sent) as (path,):
        dataset = read(path, rows=most_rows).dataset
    return frozenset((*dataset.student_by_id, *dataset.educator_by_id))
