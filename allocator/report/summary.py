"""Writes the summary: one HTML page that opens offline and prints on A4."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from allocator.report.charts import agencies_chart, figures_chart, programme_chart
from allocator.views.facts import Facts
from allocator.views.summary import Summary, summary
from models.plan import CheckReport

_TEMPLATES = Environment(
    loader=PackageLoader("allocator.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip


def summary_page(facts: Facts, check: CheckReport) -> str:
    """Render the summary page.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    check
        The independent check's findings.

    Returns
    -------
    str
        A whole HTML document.
    """
    page = summary(facts, check)
    return _TEMPLATES.get_template("summary.html").render(page._asdict(), charts=charts(page))


def charts(page: Summary) -> dict[str, str]:
    """The charts of a summary as SVG, by name; blank where there is nothing to draw."""
    return {
        "programmes": programme_chart(page.bars) if page.bars else "",
        "figures": figures_chart(page.dots) if page.dots else "",
        "agencies": agencies_chart(page.agencies) if page.agencies else "",
    }
