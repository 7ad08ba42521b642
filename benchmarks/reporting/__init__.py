"""From a study to the page: tables between two marks, plots beside it."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.families import family_of
from benchmarks.reporting import plots, tables
from benchmarks.reporting.analysis import Line
from benchmarks.reporting.families import families_plot, families_table
from benchmarks.reporting.goals import goals
from models.errors import UsageError

PAGE = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- measured: written by python -m benchmarks report -->", "<!-- end of what is measured -->"


def write_page(lines: Sequence[Line], page: Path = PAGE) -> list[Path]:
    """Put what a study says between the marks of a page, and draw its plots beside it.

    Parameters
    ----------
    lines
        The runs.
    page
        Markdown with the two marks; the rest stays as it is.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    UsageError
        The page has no marks.
    """
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, behind = rest.partition(END)
    if not begin or not end:
        raise UsageError(f"{page.name} has no place for the tables: it needs the lines '{BEGIN}' and '{END}'")
    pictures = (plots.quality, plots.growth_over_size, families_plot)
    drawn = [path for draw in pictures if (path := draw(lines, page.parent))]
    body = "\n".join(measured(lines, [path.name for path in drawn]))
    page.write_text(f"{before}{BEGIN}\n\n{body}\n{END}{behind}", encoding="utf-8")
    return [page, *drawn]


def measured(lines: Sequence[Line], pictures: Sequence[str]) -> list[str]:
    """All tables, in the order of the page."""
    # The growth series and the families have tables of their own.
    partnerships = dict.fromkeys(line["size"] for line in lines if line["kind"] == "partnership")
    sizes = [size for size in partnerships if not size.startswith("students-") and not family_of(size)]
    text = [*tables.surroundings(lines), *goals(lines)]
    for size in sizes:
        text += tables.side_by_side(lines, size)
    if plots.QUALITY in pictures:
        text += [f"![Requests placed over solving time, by method]({plots.QUALITY})", ""]
    for size in sizes:
        text += [*tables.phases(lines, size), *tables.tiers(lines, size)]
    text += tables.growth(lines)
    if plots.GROWTH in pictures:
        text += [f"![Seconds and memory over eligible pairs, with fitted powers]({plots.GROWTH})", ""]
    text += families_table(lines, pictures)
    return [
        *text, *tables.decisions(lines), *tables.instances(lines), *tables.reading(lines), *tables.losses(lines),
    ]  # fmt: skip
