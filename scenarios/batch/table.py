"""Results as tables that pandas, R or a spreadsheet read: a row per case and draw, and one per measure and group.

CSV, and not Parquet: its library would be the largest of all that this program needs, for tables of some thousand rows;
``pandas.read_csv("results.csv").convert_dtypes()`` has the types again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from allocator.files import whole
from scenarios.batch.keeping import plan_path
from scenarios.results import CaseResult

TABLE, MEASURES = "results.csv", "measures.csv"
MEASURE_COLUMNS = ("base", "scenario", "case", "draw", "measure", "group", "part", "whole")
CHUNK = 1000
_LAST = {"done": 1, "digest": 2, "seconds": 3, "plan": 4}
"""Columns behind those that only some scenarios have."""


def write_tables(out: Path, results: Callable[[], Iterable[CaseResult]]) -> tuple[Path, Path]:
    """Write both tables, some rows at a time.

    Parameters
    ----------
    out
        The folder.
    results
        Gives them in their order, as often as it is called.

    Returns
    -------
    tuple of Path
        The files written.
    """
    rows, measures = out / TABLE, out / MEASURES
    columns = dict.fromkeys(column for result in results() for column in row_of(result))
    order = sorted(columns, key=lambda column: _LAST.get(column, 0))
    _write(rows, order, map(row_of, results()))
    _write(measures, MEASURE_COLUMNS, (row for result in results() for row in measure_rows(result)))
    return rows, measures


def _write(path: Path, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    import pandas as pd  # noqa: PLC0415 - half a second, and nobody else needs it

    left = iter(rows)
    with whole(path) as partial:
        pd.DataFrame(columns=list(columns)).to_csv(partial, index=False, lineterminator="\n")
        while part := list(islice(left, CHUNK)):
            table = pd.DataFrame(part, columns=list(columns), dtype=object)  # whole numbers beside blanks stay whole
            table.to_csv(partial, mode="a", header=False, index=False, lineterminator="\n")


def row_of(result: CaseResult) -> dict[str, Any]:
    """One row: parameters, tiers and measures by name, each measure with its whole."""
    row: dict[str, Any] = {
        "base": result.base, "scenario": result.scenario, "case": result.case, "draw": result.draw,
        "seed": result.seed, "problem": result.problem, "proved": result.proved, "stopped": result.stopped,
        "placed": result.placed, "requests": result.requests,
    }  # fmt: skip
    row |= {f"parameter {name}": value for name, value in result.parameters.items()}
    for tier in result.tiers:
        row |= {f"tier {tier.tier}": tier.value, f"tier {tier.tier} bound": tier.bound}
    for measured in result.measured:
        if not measured.group:
            row |= {f"measure {measured.measure}": measured.part, f"measure {measured.measure} of": measured.whole}
    row |= {f"{name} by the case": len(ids) for name, ids in result.affected}
    return row | {
        "done": "; ".join(result.done) or None, "digest": result.digest or None, "seconds": result.seconds,
        "plan": None if result.problem else plan_path(result).as_posix(),
    }  # fmt: skip


def measure_rows(result: CaseResult) -> Iterator[dict[str, Any]]:
    """One row for every measure and group, with what tells its case apart."""
    case = {"base": result.base, "scenario": result.scenario, "case": result.case, "draw": result.draw}
    for one in result.measured:
        yield case | {"measure": one.measure, "group": one.group or None, "part": one.part, "whole": one.whole}
