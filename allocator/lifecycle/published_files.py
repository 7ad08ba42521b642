"""A plan published into the next version of an input, and frozen beside it."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from allocator.begun import folder_made
from allocator.checker import check
from allocator.comparison import open_result
from allocator.files import check_folder
from allocator.lifecycle.frozen import frozen, versions_folder
from allocator.lifecycle.next_file import next_name, taken, write_step
from allocator.lifecycle.publishing import Candidate, Publication, publish
from allocator.reading.reader import read_register
from allocator.settling.settling import settle
from models.base import Date
from models.errors import UsageError


class PublishedFiles(NamedTuple):
    """What was published, the next version of the input, the folder of the frozen version, and what was left out."""

    publication: Publication
    target: Path
    folder: Path
    left_out: tuple[str, ...]


def publish_files(
    results: Path, source: Path, *, by: str, on: Date, settings: Mapping[str, str] = {}, target: Path | None = None
) -> PublishedFiles:
    """Publish the plan of a folder of results.

    Parameters
    ----------
    results
        The folder, or the ``plan.json`` in it.
    source
        The input that the plan was made from; it is not touched.
    by
        Who publishes: initials or a role.
    on
        The day.
    settings
        Settings over those of the input, as the plan was made with.
    target
        The next version of the input, whose folder is made if absent; by default beside it under the next name.

    Returns
    -------
    PublishedFiles
        What was done.

    Raises
    ------
    RefusedError
        The plan may not be published.
    UsageError
        Something is missing, or stands where the step would be written.
    AllocationError
        The input cannot be used.
    """
    target = target or next_name(source)
    if target.exists():
        raise UsageError(taken(source, target))
    check_folder(target)
    found = open_result(results)
    plan = found.plan
    register, today = read_register(source), plan.policy.as_of  # a blank as_of is the plan's own day
    reading = settle(register, settings, today)
    candidate = Candidate(
        plan, found.facts.dataset if found.facts else None, check(reading.dataset, reading.policy, plan)
    )
    publication = publish(register, reading, candidate, by=by, on=on)
    folder = versions_folder(target, is_folder=source.is_dir()) / str(publication.version.version)
    with folder_made(target.parent), frozen(results if results.is_dir() else results.parent, folder):
        left_out = write_step(source, target, register, publication.edits, settings, today)
    return PublishedFiles(publication, target, folder, left_out)
