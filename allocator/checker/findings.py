"""What the checker finds, gathered: violations, what kept matches break, and what could not be judged."""

from models.base import natural_key
from models.catalogue import RULE_BY_ID, RULE_IDS
from models.plan import CheckReport, TierResult, Violation

STATEMENT = "statement"
"""Rule id for what a plan says about itself and is not so."""
TIERS = "tiers"
"""Rule id for a tier of the order whose stated value is not the recomputed one."""
KEPT = "kept"
"""Rule id for a kept match that a plan moved or dropped (SEMANTICS S1.5; it cannot be switched off)."""


class Findings:
    """Gathers violations; the order of discovery does not matter."""

    def __init__(self) -> None:
        self._violations: list[Violation] = []
        self._despite: list[Violation] = []
        self._not_judged: list[str] = []

    def add(
        self,
        rule: str,
        subjects: tuple[str, ...],
        detail: str,
        amount: int | None = None,
        limit: int | None = None,
        *,
        kept: bool = False,
    ) -> None:
        """Record that a rule is broken.

        Parameters
        ----------
        rule
            A rule id of the catalogue, or one of this module's three.
        subjects
            Ids concerned: requests, offers, PEs, agencies.
        detail
            What is wrong, in a few words; the catalogue's words go before it.
        amount, limit
            What was found against what is allowed, where these are numbers.
        kept
            Kept matches alone break it: listed, not a violation.
        """
        words = RULE_BY_ID.get(rule)
        about = ", ".join(subjects)
        sentence = f"{words.title} ({about}): {words.blocks}: {detail}." if words else f"{about}: {detail}."
        found = Violation(rule=rule, subjects=subjects, message=sentence, amount=amount, limit=limit, detail=detail)
        (self._despite if kept else self._violations).append(found)

    def take(self, found: "Findings") -> None:
        """Record all that was found elsewhere."""
        self._violations += found._violations
        self._despite += found._despite
        self._not_judged += found._not_judged

    def not_judged(self, sentence: str) -> None:
        """Record something that could not be judged."""
        self._not_judged.append(sentence)

    def report(self, tiers: tuple[TierResult, ...]) -> CheckReport:
        """Everything found, in the order of the catalogue and of ids."""
        position = {rule: number for number, rule in enumerate(RULE_IDS)}

        def order(found: Violation) -> tuple[int, str, list[tuple[tuple[int, int, str], ...]], str]:
            keys = [natural_key(s) for s in found.subjects]
            return position.get(found.rule, len(position)), found.rule, keys, found.message

        return CheckReport(
            violations=tuple(sorted(self._violations, key=order)),
            kept_despite=tuple(sorted(self._despite, key=order)),
            tiers=tiers,
            not_judged=tuple(self._not_judged),
        )
