"""The integer program: one binary per column, named constraints, and the sums that rules are written with."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pulp

from allocator.reference.columns import Column, candidacy
from allocator.reference.facts import Facts
from models.policy import Tier

LONGEST_NAME = 80
"""Names in an exported file; the LP format allows 255 characters, PuLP 100."""


class Model:
    """A PuLP problem over the columns of a dataset.

    ``x[column]`` is 1 where the match is in the plan. Rows are named ``rule_<id>_<subject>``, ``tier_<tier>_<subject>``
    or ``held_<tier>``, so that an exported file can be read beside the catalogue.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        # PuLP leaves most of its methods without type hints: Any here, rather than an ignore at every call.
        self.problem: Any = pulp.LpProblem("placements")  # type: ignore[no-untyped-call]
        self._names: set[str] = set()
        found = candidacy(facts)
        self.columns = found.columns
        self.fixed = found.fixed
        self.fixes_set_aside = found.fixes_set_aside
        self.by_request: defaultdict[str, list[Column]] = defaultdict(list)
        self.by_offer: defaultdict[str, list[Column]] = defaultdict(list)
        self.x: dict[Column, pulp.LpVariable] = {}
        for c in self.columns:
            self.by_request[c.request.request].append(c)
            self.by_offer[c.offer.offer].append(c)
            self.x[c] = self.integer(f"x_{c.request.request}_{c.offer.offer}_{c.pe}", 1)
        # CBC refuses a variable that stands in no row, so this one has a row of its own.
        self._never = self.integer("never", 0)
        self.problem.addConstraint(self._never <= 0, "never_is_0")

    def integer(self, name: str, most: int) -> pulp.LpVariable:
        """A whole number from 0 to ``most``."""
        variable: pulp.LpVariable = self.problem.add_variable(self._unique(name), 0, most, cat=pulp.LpInteger)
        return variable

    def total(self, columns: Iterable[Column], weight: int = 1) -> pulp.LpAffineExpression:
        """How many of these columns are in the plan, times a weight."""
        return pulp.LpAffineExpression([(self.x[c], weight) for c in columns])

    def weighted(self, terms: Iterable[tuple[Column, int]]) -> pulp.LpAffineExpression:
        """The sum of the weights of the columns in the plan; terms of one column add up."""
        weights: defaultdict[Column, int] = defaultdict(int)
        for column, weight in terms:
            weights[column] += weight
        return pulp.LpAffineExpression([(self.x[c], weight) for c, weight in weights.items() if weight])

    def placed(self, request: str) -> pulp.LpAffineExpression:
        """1 where a request is placed, else 0."""
        return self.total(self.by_request[request])

    def require(self, rule: str, subject: str, constraint: pulp.LpConstraint) -> None:
        """Add a row of a rule of the catalogue about a subject."""
        self._add(f"rule_{rule}_{subject}", constraint)

    def define(self, tier: str, subject: str, constraint: pulp.LpConstraint) -> None:
        """Add a row that ties a variable of a tier to the plan."""
        self._add(f"tier_{tier}_{subject}", constraint)

    def fix(self, tier: Tier, expression: pulp.LpAffineExpression, value: int) -> None:
        """Add the row that holds a tier at its optimum while later ones are optimised."""
        self._add(f"held_{tier.name}", expression == value)

    def _add(self, name: str, constraint: pulp.LpConstraint) -> None:
        """Add a row; one without any binary is either idle, and left out, or impossible: then the model must say so."""
        if not any(weight for _, weight in terms(constraint)):
            if holds(constraint, 0):
                return
            constraint = self._never >= 1
        self.problem.addConstraint(constraint, self._unique(name))

    def optimise(self, tier: Tier, expression: pulp.LpAffineExpression) -> None:
        """Make a tier the objective; its constant is left out, since not every file format has a place for it."""
        self.problem.sense = pulp.LpMaximize if tier.sense == "max" else pulp.LpMinimize
        self.problem.setObjective(pulp.LpAffineExpression(terms(expression) or [(self._never, 1)]))

    def _unique(self, name: str) -> str:
        """A name that both file formats can carry, made unique by a number."""
        plain = re.sub(r"[^A-Za-z0-9_.]", "_", name)[:LONGEST_NAME]
        number, unique = 1, plain
        while unique in self._names:
            number += 1
            unique = f"{plain}_{number}"
        self._names.add(unique)
        return unique


def terms(row: Any) -> list[tuple[pulp.LpVariable, int]]:
    """Variables and weights of an expression or a constraint."""
    return list(row.items())


def holds(constraint: pulp.LpConstraint, left: int) -> bool:
    """Whether a constraint holds where its variables add up to ``left`` (exact: all weights are whole)."""
    value = left + constraint.constant
    if constraint.sense == pulp.LpConstraintLE:
        return bool(value <= 0)
    return bool(value >= 0 if constraint.sense == pulp.LpConstraintGE else value == 0)
