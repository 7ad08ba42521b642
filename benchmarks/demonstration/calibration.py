"""The numbers that all demonstration partnerships share. Shares are proportions, not rows; all are invented.

What is known of a partnership (sizes, cohorts, programmes that compete) stands in its own module, with its source.
"""

from datetime import date

AS_OF = date(2026, 11, 16)

# ---- students ------------------------------------------------------------------------------------------------------
HOMES_AROUND_PERCENT = 15
"""84-86% of one university's students lived inside its partnership's area (Kent)."""
DRIVES = {"yes": 38, None: 62}
READINESS_OF_FIRSTS = {"passed": 70, "pending": 28, "failed": 2}
CLEARANCE = {"passed": 80, None: 17, "not known": 3}
LIMIT_MINUTES = {None: 90, 45: 4, 60: 6}
ADJUSTMENTS = {None: 88, "step-free": 4, "ends by 15:00": 4, "quiet space": 2, "driving covered": 2}
CARING = {"yes": 8, None: 92}
NO_PREFERENCE_PERCENT = 15
DAYS_A_WEEK = {None: 96, "3-5": 4}
WAITING = {date(2026, 9, 14): 3, None: 97}
DUE_TO_GRADUATE = {"yes": 12, None: 88}
"""Of the finals being decided."""

# ---- history of students who need only a final -----------------------------------------------------------------------
FIRSTS_STATUTORY = {"MSW": {"yes": 96, "by_equivalence": 4}, "BA": {"yes": 86, "by_equivalence": 3, "no": 11},
                    "Apprenticeship": {"yes": 100}}  # fmt: skip
FIRSTS_NOT_RECORDED = 1
FINALS_FAILED = 2

STATUTORY_IN_PAST_ROUND_PERCENT = 79
"""Published for BA finals of 2021-22."""

# ---- offers ----------------------------------------------------------------------------------------------------------
CAPACITY = {1: 52, 2: 36, 3: 12}
OFFER_DAYS = {5: 90, 4: 10}
SUPERVISOR = {"yes": 60, "to_be_named": 36, "no": 4}
FEATURES = {"step-free": 55, "ends by 15:00": 30, "quiet space": 35, "driving covered": 30}
CANNOT = {"step-free": 20, "ends by 15:00": 35, "quiet space": 15, "driving covered": 0}
"""Percent of offers that say so, feature by feature; the rest say nothing."""
MSW_FIRST_PERCENT = 12
"""Council offers for finals kept for MSW until a release date."""
BA_CLOSED_PERCENT = 10
"""Council offers that do not take BA students."""
EDUCATORS_OF_OFFER = {"any": 45, "named": 35, "TBC": 8, "TBC PEPS2": 6, "own": 6}
NO_EDUCATOR_PERCENT = 30
"""Offers of teams without a PE for the stage that nevertheless promise none: they stay unused unless one comes."""
HUB_PLACES = 5

# ---- educators -------------------------------------------------------------------------------------------------------
QUALIFICATION = {"PEPS2": 42, "PEPS1": 34, "trainee_1": 13, "trainee_2": 11}
REGISTERED = {"yes": 95, None: 4, "no": 1}
CURRENCY = {"current": 90, "not recorded": 5, "lapsed": 5}
LOAD = {None: 88, 2: 12}
LONG_ARM = {"yes": 14, None: 86}
AWAY = {None: 93, "absent": 4, "leaves": 3}
ASSESSOR = {"PEPS2": 70, "university": 22, None: 8}

# ---- other programmes ------------------------------------------------------------------------------------------------
TAKEN_FROM, TAKEN_TO = date(2027, 1, 4), date(2027, 7, 30)
"""When other programmes have what they take."""
