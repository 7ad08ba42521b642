"""A thin API around the solver (later)."""
