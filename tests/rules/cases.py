"""Every boundary case, at least one for every rule that is judged; ``CASES`` is what tests run over."""

from tests.rules.case import Case, plan_of
from tests.rules.educator_cases import EDUCATOR_CASES
from tests.rules.limit_cases import LIMIT_CASES
from tests.rules.pair_cases import PAIR_CASES
from tests.rules.student_cases import STUDENT_CASES

CASES: tuple[Case, ...] = (*PAIR_CASES, *EDUCATOR_CASES, *STUDENT_CASES, *LIMIT_CASES)

__all__ = ["CASES", "Case", "plan_of"]
