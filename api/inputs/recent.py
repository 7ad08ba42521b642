"""What was worked out from a state that never changes, kept while people look."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Values by key, the ones that were asked for last.

    Parameters
    ----------
    most
        How many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Value | None:
        """What is kept under a key; None of nothing."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, value: Value) -> None:
        """Keep a value."""
        with self._lock:
            self._put(key, value)

    def of(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What is kept under a key; made where it is not, one at a time: who asks beside waits, and gets the same."""
        with self._lock:
            if key not in self._kept:
                self._put(key, make())
            self._kept.move_to_end(key)
            return self._kept[key]

    def _put(self, key: Hashable, value: Value) -> None:
        self._kept[key] = value
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
