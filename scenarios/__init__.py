"""What-if studies around the solver: so far the batch runner that benchmarks use too."""
