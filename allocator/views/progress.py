"""The sheet Progress: the rows of the annual progress report, one value a cell, to be pasted."""

from allocator.views.facts import Facts
from allocator.views.figures import Figure, figures, stage_two
from allocator.views.past import PastYears, past_target, why_beside_none
from allocator.views.share import Share
from allocator.views.table import CellValue, Column, Table
from allocator.views.year import Year
from models.entities import Past

STAGE_TWO = "PEs at stage 2"


def progress_table(facts: Facts) -> Table:
    """One row for each measure: target, every past year, and this year's share with its numbers.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    """
    year, past = Year(facts), PastYears(facts)
    rows = figures(year)
    educators = stage_two(facts)
    five = Figure(
        "M05", "M05 stage two", STAGE_TWO, "all PEs", educators, educators, "", past.of("M05 stage two", "M05")
    )
    rows.append(five)
    own = past.others(p for figure in rows for p in figure.past)
    columns = (
        Column("Measure", 28),
        Column("What it counts", 44),
        Column("For", 18),
        Column("Target", 16),
        *(Column(name, 9, "centred", "Past years, percent") for name in past.years),
        Column("Firm, percent", 9, "centred", f"{year.words}"),
        Column("Firm, number", 9, "whole", f"{year.words}"),
        Column("With provisional, percent", 11, "centred", f"{year.words}"),
        Column("With provisional, number", 11, "whole", f"{year.words}"),
        Column("Of how many", 9, "whole", f"{year.words}"),
        Column("Of those placed, percent", 10, "centred", f"{year.words}"),
    )
    return Table(
        title="Progress",
        note="The rows of the annual progress report, to copy. Earlier years: sheet Past, found by the first column.",
        columns=columns,
        rows=[*(_row(f) for f in rows), *(_own(past, measure) for measure in own)],
        paper="A3",
        empty="No figure.",
    )


def _row(figure: Figure) -> list[CellValue]:
    return [
        figure.measure,
        figure.title,
        figure.group,
        figure.target or past_target(figure.past, share=True),
        *map(_value, figure.past),
        None if figure.ceiling else _percent(figure.firm),
        figure.firm.part,
        _percent(figure.all),
        figure.all.part,
        figure.all.whole,
        _percent(figure.placed[1]) if figure.placed else None,
    ]


def _own(past: PastYears, measure: str) -> list[CellValue]:
    rows = past.of(measure)
    why = why_beside_none(measure)
    about = f"{why}; figures are spelt as in this column" if why else "own measure"
    return [measure, about, "", past_target(rows, share=False), *map(_value, rows), *[None] * 6]


def _percent(share: Share) -> float | None:
    return None if share.percent is None else round(share.percent, 1)


def _value(past: Past | None) -> float | None:
    return None if past is None else float(past.value)
