"""The service around the solver: it keeps, shares and shows, and decides nothing."""
