"""A file per limit: the rows that it adds to the engine's model."""
