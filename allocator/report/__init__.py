"""The meeting workbook, the agencies' files and the summary page."""

from allocator.report.writing import write_report
from allocator.views.published import DEVELOPING_TOGETHER, PublishedYear

__all__ = ["DEVELOPING_TOGETHER", "PublishedYear", "write_report"]
