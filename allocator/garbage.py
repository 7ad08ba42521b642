"""How often Python looks for objects that hold each other: it counts new objects, and here most of them stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEW_OBJECTS = 100_000
"""Between two searches in a run: it makes few such objects, and what was read is looked through again."""


@contextmanager
def searched_every(objects: int) -> Iterator[None]:
    """Let so many new objects come before the next search; 0: no search.

    Reading makes millions of objects that stay, and looking through them took a third of its time; a run on a small
    partnership spent a tenth of its time so. What is not held by anything is freed at once whatever this says.
    """
    before = gc.get_threshold()
    gc.set_threshold(objects, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
