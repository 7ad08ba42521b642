"""A file per rule of eligibility: which pairs, PEs and pairs of placements it excludes."""
