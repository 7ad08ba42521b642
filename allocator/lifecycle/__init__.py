"""The life of a plan: deciding, undoing, the ladder of a match, the log, and the next version of an input."""
