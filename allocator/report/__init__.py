"""The meeting workbook, the agencies' files and the summary page."""

from allocator.report.published import DEVELOPING_TOGETHER, PublishedYear
from allocator.report.writing import write_report

__all__ = ["DEVELOPING_TOGETHER", "PublishedYear", "write_report"]
