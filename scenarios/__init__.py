"""What-if studies around the solver (later)."""
