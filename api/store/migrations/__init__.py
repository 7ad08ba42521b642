"""Migrations of the store, each from the one before. ``open_store`` carries out those that are missing.

After a change of ``tables.py``: ``make migration WORDS="what changed"`` writes the next one; look at it before it is
committed. Released ones are never changed. Guards (:mod:`api.store.guards`) are put back after every one.
"""
