"""The engine: a compact model, proved tier by tier."""
