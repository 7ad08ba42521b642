"""Defaults that commands show in their help, which loads nothing."""

DATABASE = "sqlite:///placements.db"
"""A file in the folder that the service is started in."""
