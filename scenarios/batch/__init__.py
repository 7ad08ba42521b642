"""Many runs: each a process of its own, watched and stopped from outside; results a line each, resumed after a kill."""
