"""What is done with the results of runs in a process of its own: two of them side by side."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from allocator.comparison import Result, compare, open_result
from allocator.comparison.tiers import first_difference
from allocator.results import CHECK, DATA, PLAN
from allocator.views.compared import changes_table, decided_words, sentences
from allocator.views.table import Table
from api.wire.results import ComparisonView
from models.comparison import Comparison

NEEDED = (PLAN, CHECK, DATA)
"""Files of a run's results that a comparison reads."""


class Compared(NamedTuple):
    """What is different between two results: in sentences, which tier decides, everything in lines, and as data."""

    sentences: tuple[str, ...]
    decides: str
    table: Table
    comparison: Comparison


def compared(before: Mapping[str, bytes], after: Mapping[str, bytes], names: tuple[str, str]) -> ComparisonView:
    """What is different between two results.

    Parameters
    ----------
    before, after
        The files of each, by name.
    names
        What they are called in words.

    Returns
    -------
    ComparisonView
        In sentences, and whole.
    """
    found = compared_in_words(before, after, names)
    return ComparisonView(sentences=found.sentences, comparison=found.comparison)


def compared_in_words(before: Mapping[str, bytes], after: Mapping[str, bytes], names: tuple[str, str]) -> Compared:
    """What is different between two results, as people read it; parameters as for :func:`compared`."""
    with TemporaryDirectory(prefix="placements-") as folder:
        results = [_opened(Path(folder) / str(n), files) for n, files in enumerate((before, after))]
    old, new = (result._replace(name=name) for result, name in zip(results, names, strict=True))
    found, policy = compare(old, new), new.plan.policy
    table = Table("Changes", "", (), ()) if new.facts is None else changes_table(found, policy, old.facts, new.facts)
    decides = decided_words(first_difference(found.tiers), policy) if found.tiers else ""
    return Compared(tuple(sentences(found)), decides, table, found)


def _opened(folder: Path, files: Mapping[str, bytes]) -> Result:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return open_result(folder)
