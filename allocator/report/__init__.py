"""The meeting workbook, the agencies' files and the summary page."""

from allocator.report.writing import write_report

__all__ = ["write_report"]
