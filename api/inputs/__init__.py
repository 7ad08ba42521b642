"""What people send as an input: held to limits, and read by the library in a process of its own."""
