"""Reading: workbook, CSV folder or JSON to a dataset and a policy; validation; the template."""

from allocator.reading.plans import read_plan
from allocator.reading.reader import Reading, read, read_sheets
from allocator.reading.settings import PolicyKey, policy_keys, read_policy_toml
from allocator.reading.template import write_template
from allocator.reading.write_back import write_back_ids
from allocator.reading.writer import write_workbook

__all__ = [
    "PolicyKey",
    "Reading",
    "policy_keys",
    "read",
    "read_plan",
    "read_policy_toml",
    "read_sheets",
    "write_back_ids",
    "write_template",
    "write_workbook",
]
