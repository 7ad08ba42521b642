"""The meeting workbook, the agencies' files and the summary page."""
