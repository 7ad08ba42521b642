"""The engine: a compact model, proved level by level."""
