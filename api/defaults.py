"""Defaults that commands show in their help, which loads nothing."""

DATABASE = "sqlite:///placements.db"
"""A file in the folder that the service is started in."""
TOKEN_DAYS, MOST_TOKEN_DAYS = 90, 3650
"""How many days a token holds where nothing is said, and how many may be said."""
