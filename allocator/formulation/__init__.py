"""The model before any limit: integer program, matches as columns, pools of PEs, pathways of two placements."""
