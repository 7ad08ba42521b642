"""Brute force on tiny datasets: every plan is written down and judged straight from ``models/SEMANTICS.md``.

The fourth of the independent judgements. It judges with nothing but the models and the standard library, and it prunes
nothing but what one request alone may not have, so that a fault in a clever formulation shows here.
"""

from tests.brute_force.solving import BruteResult, Judgement, count_plans, judge, solve

__all__ = ["BruteResult", "Judgement", "count_plans", "judge", "solve"]
