"""One file per method; each registers itself under its own name (``benchmarks.registry``)."""
