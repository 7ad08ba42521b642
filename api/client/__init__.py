"""A typed client of the API; it needs nothing of the server."""
