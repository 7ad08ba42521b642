"""The pages: HTML from the server. They show what the library says, ask what the routes take, and compute nothing."""
