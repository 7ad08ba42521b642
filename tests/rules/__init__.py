"""Cases at the boundary of every rule, for the checker, the reference and the engine alike."""
