"""Reading: workbook, CSV folder or JSON to typed rows, and back; the template. Nothing of what the rows mean."""

from allocator.reading.template import write_template
from allocator.reading.write_back import write_back_ids
from allocator.reading.writer import write_workbook

__all__ = ["write_back_ids", "write_template", "write_workbook"]
