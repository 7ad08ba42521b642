"""The one comparison of two results: inputs, tiers, figures, requests, and who is better or worse off."""

from allocator.comparison.compare import Result, compare, published_result, result_of
from allocator.comparison.folder import open_result, previous_result

__all__ = ["Result", "compare", "open_result", "previous_result", "published_result", "result_of"]
