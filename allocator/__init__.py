"""The allocation: reading, eligibility, rules, engine, reference, checker, explanation, report."""
