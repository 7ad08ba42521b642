"""The routes of the API: a file for each thing; every one asks for a role and calls the library or the store."""
