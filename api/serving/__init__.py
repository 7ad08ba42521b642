"""The service put together: the application, its server, and the workers beside it."""
