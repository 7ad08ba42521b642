"""What the engine's time on a family is measured against: the same requests and offers, and nothing else.

Most requests in offers with room, then least travel: two linear programs on the eligible pairs, by HiGHS as scipy
brings it, which no change of the engine touches. Its time says how fast the machine is at that moment.
"""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from allocator.eligibility import Eligibility

Floats = NDArray[np.float64]
LEAST_SECONDS = 0.5
"""The programs are solved again until so much time of the processor is used: short times are noise."""


class Baseline:
    """The two programs of a partnership, built once.

    Parameters
    ----------
    eligibility
        Gives the pairs of request and offer.
    """

    def __init__(self, eligibility: Eligibility) -> None:
        dataset = eligibility.dataset
        pairs = [(request, pair.offer.offer) for request, found in eligibility.pairs.items() for pair in found]
        requests = {request: row for row, request in enumerate(eligibility.pairs)}
        offers = {offer.offer: row for row, offer in enumerate(dataset.offers, start=len(requests))}
        rows = [requests[request] for request, _ in pairs] + [offers[offer] for _, offer in pairs]
        columns = [*range(len(pairs)), *range(len(pairs))]
        shape = (len(requests) + len(offers), len(pairs))
        self._rows = csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
        self._room = np.array([1] * len(requests) + [offer.capacity for offer in dataset.offers], dtype=np.float64)
        limit = eligibility.policy.travel_limit
        known = [eligibility.minutes(request, offer).minutes for request, offer in pairs]
        self._minutes = np.array([limit if minutes is None else minutes for minutes in known], dtype=np.float64)

    def solve(self) -> tuple[int, int]:
        """Solve both programs once.

        Returns
        -------
        tuple of int
            Requests placed, and minutes of travel.

        Raises
        ------
        RuntimeError
            HiGHS comes to no optimum.
        """
        count = np.ones(len(self._minutes))
        placed = self._optimum(-count, self._rows, self._room)
        both = vstack([self._rows, csr_array(-count[None, :])], format="csr")
        minutes = self._optimum(self._minutes, both, np.append(self._room, placed))
        return -placed, minutes

    @staticmethod
    def _optimum(objective: Floats, rows: Any, room: Floats) -> int:
        solve: Any = linprog  # scipy's types know no sparse rows
        found = solve(objective, A_ub=rows, b_ub=room, bounds=(0, 1), method="highs-ds")
        if found.status:
            raise RuntimeError(f"HiGHS: {found.message}")
        return round(float(found.fun))

    def seconds(self) -> float:
        """Seconds of the processor that solving both takes: a mean over :data:`LEAST_SECONDS` and more."""
        start, times = time.process_time(), 0
        while time.process_time() - start < LEAST_SECONDS:
            self.solve()
            times += 1
        return (time.process_time() - start) / times
