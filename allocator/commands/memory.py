"""A full memory: how it is known, and its words. It loads nothing, since there may be no room left to load."""

import errno

NOT_ENOUGH = "the memory of this computer was not enough; close other programs, or try a computer with more"


def is_full_memory(error: Exception) -> bool:
    """Whether a full memory is behind an error: the system refused it, a library could not load, no thread began."""
    if isinstance(error, ImportError):
        return any(words in str(error) for words in ("failed to map segment", "annot allocate memory"))
    if isinstance(error, RuntimeError):
        return "can't start new thread" in str(error)
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
