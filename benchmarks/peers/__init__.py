"""What runs in the environment with the peers (``benchmarks.talking``)."""
