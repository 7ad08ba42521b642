"""What is done with the results of runs in a process of its own: two of them side by side."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from allocator.comparison import Result, compare, open_result
from allocator.results import CHECK, DATA, PLAN
from allocator.views.compared import sentences
from api.wire.results import ComparisonView

NEEDED = (PLAN, CHECK, DATA)
"""Files of a run's results that a comparison reads."""


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
    with TemporaryDirectory(prefix="placements-") as folder:
        results = [_opened(Path(folder) / str(n), files) for n, files in enumerate((before, after))]
        old, new = (result._replace(name=name) for result, name in zip(results, names, strict=True))
        found = compare(old, new)
    return ComparisonView(sentences=tuple(sentences(found)), comparison=found)


def _opened(folder: Path, files: Mapping[str, bytes]) -> Result:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return open_result(folder)
