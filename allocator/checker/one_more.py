"""What a plan would break with one match more: the check of the whole plan, asked of what that match touches alone.

The plan's facts and groups are built once, so that thousands of matches can be asked about. The authority is
:func:`allocator.checker.check`: the answer is what it finds in the plan with the match and not in the plan without.
"""

from collections import defaultdict
from collections.abc import Collection, Container, Sequence

from allocator.checker.agency_parts import l11_parts
from allocator.checker.check import judge, judge_statements
from allocator.checker.company import judge_company
from allocator.checker.educator_rules import educators_of
from allocator.checker.facts import Facts
from allocator.checker.findings import Findings
from allocator.checker.limit_rules import (
    before_by_agency,
    counts_by_year,
    hard_ranges,
    judge_agency,
    judge_minimum,
    judge_offer,
    judge_range,
    judge_team,
    judge_years_of_agency,
    l03_load,
    moved_at_most,
    year_of,
)
from allocator.checker.pair_rules import LOOK_AT_PE, PAIR_RULES
from allocator.checker.placements import (
    Placement,
    fixes,
    judge_educator,
    judge_fix,
    judge_pair,
    read_match,
)
from allocator.checker.student_rules import judge_students
from allocator.checker.working_days import Window
from models.dataset import Dataset
from models.decisions import Decision
from models.plan import Match, Plan, Violation
from models.policy import Policy

WHATEVER_THE_PE = PAIR_RULES.keys() - LOOK_AT_PE
"""Rules about request and offer that need to be judged once for all PEs of an offer."""
OF_EDUCATORS = ("L03", "L07", "E16", *LOOK_AT_PE)
"""Rules that a match may keep with another PE, though they do not name this one."""


class OneMore:
    """Asks what one match more would break.

    Parameters
    ----------
    dataset, policy
        Facts and settings.
    plan
        Any plan without a clash. What it says of itself (unplaced, tiers) is not judged.
    """

    def __init__(self, dataset: Dataset, policy: Policy, plan: Plan) -> None:
        self._facts = Facts(dataset, policy, policy.as_of or plan.policy.as_of, plan.forced_changes)
        findings = Findings()
        self._placements = judge(self._facts, plan.model_copy(update={"unplaced": ()}), findings)
        self._already = frozenset(findings.report(()).violations)
        self._matched = {m.request for m in plan.matches}
        self._fixes = fixes(self._facts)
        self._years = counts_by_year(self._facts, self._placements)
        self._ranges = hard_ranges(self._facts)
        self._before = before_by_agency(self._facts)
        self._judged: tuple[tuple[str, str], Findings] | None = None
        self._others: tuple[Violation, ...] | None = None
        self._full: dict[tuple[str, Window, bool], bool] = {}
        self._in_force = {p.request for p in dataset.published if p.standing == "in_force"}
        self._of_student: defaultdict[str, list[Placement]] = defaultdict(list)
        self._at_agency: defaultdict[str, list[Placement]] = defaultdict(list)
        self._with_pe: defaultdict[str, list[Placement]] = defaultdict(list)
        self._company: defaultdict[str, list[Decision]] = defaultdict(list)
        for decision in dataset.decisions:
            if decision.decision in ("together", "apart"):
                self._company[decision.student or ""].append(decision)
                self._company[decision.other or ""].append(decision)
        for p in self._placements:
            self._of_student[p.student.student].append(p)
            self._at_agency[p.offer.agency].append(p)
            if p.pe is not None:
                self._with_pe[p.pe.pe].append(p)

    def educators(self, offer: str) -> tuple[str, ...]:
        """Ids of the PEs and pools of an offer (SEMANTICS S4.1)."""
        return tuple(dict.fromkeys(educators_of(self._facts, self._facts.dataset.offer_by_id[offer])))

    def breaks(self, match: Match) -> tuple[Violation, ...]:
        """What the plan breaks with the match and does not break without it.

        Parameters
        ----------
        match
            Of any request, offer and PE; the PE and the dates may be blank.

        Returns
        -------
        tuple of Violation
            In the order of the catalogue; empty where the match could simply be added.
        """
        facts, findings = self._facts, Findings()
        again = match.request in self._matched
        new = read_match(facts, match, findings, again=again)
        if again:
            findings.add("L01", (match.request,), f"2 matches of request {match.request}", 2, 1)
        if new is not None:
            self._judge_with_educator(new, findings)
            findings.take(self._without_educator(new))
        return self._new(findings)

    def least(self, match: Match, educators: Sequence[str]) -> tuple[str, tuple[Violation, ...]]:
        """Of some PEs the first with whom fewest rules are broken, and of those fewest times; and what that is.

        Parameters
        ----------
        match
            Of any request and offer; its dates may be blank.
        educators
            At least one.
        """
        best: tuple[str, tuple[Violation, ...]] | None = None
        for pe in educators:
            with_pe = match.model_copy(update={"pe": pe})
            if best is not None and self._is_no_better(with_pe, best[1]):
                continue
            found = self.breaks(with_pe)
            if best is None or _amount(found) < _amount(best[1]):
                best = pe, found
            if not any(v.rule in OF_EDUCATORS or pe in v.subjects for v in found if v not in self._whoever()):
                break  # nobody breaks less
        assert best is not None
        return best

    def _is_no_better(self, match: Match, best: Sequence[Violation]) -> bool:
        """Whether a match is seen to break no less than another PE's: a rule of the PE beside what no PE changes."""
        if self._judged is None or self._judged[0] != (match.request, match.offer):
            return False
        others = self._whoever()
        rules, times = _amount(others)
        return _amount(best) <= (rules + 1, times + 1) and self._breaks_another(match, {v.rule for v in others})

    def _whoever(self) -> tuple[Violation, ...]:
        """What the match that was asked about last breaks with any PE."""
        if self._others is None:
            self._others = () if self._judged is None else self._new(self._judged[1])
        return self._others

    def _breaks_another(self, match: Match, rules: Container[str]) -> bool:
        """Whether a match breaks a rule that is none of some by its PE, who has no room, is barred or one too many."""
        facts, found = self._facts, Findings()
        new = read_match(facts, match, Findings(), again=match.request in self._matched)
        if new is None or new.pe is None:
            return False
        if self._is_full(new):
            return "L03" not in rules
        judge_educator(facts, new, found)
        if not self._new(found) and facts.policy.on("L07"):
            self._judge_year(new, found)
        return any(v.rule not in rules for v in self._new(found))

    def _is_full(self, new: Placement) -> bool:
        """Whether the PE of a placement has no room for it, which depends on when it is alone."""
        if new.pe is None or not self._facts.policy.on("L03"):
            return False
        key = new.pe.pe, new.window, new.pe_kept
        if key not in self._full:
            found = Findings()
            l03_load(self._facts, [*self._with_pe[new.pe.pe], new], found)
            self._full[key] = bool(self._new(found))
        return self._full[key]

    def _new(self, findings: Findings) -> tuple[Violation, ...]:
        """What is not broken without the match, in the order of the catalogue."""
        return tuple(v for v in findings.report(()).violations if v not in self._already)

    def _judge_with_educator(self, new: Placement, findings: Findings) -> None:
        """Every judgement that looks at the PE of a new placement, with all that take part in it."""
        facts, on = self._facts, self._facts.policy.on
        judge_pair(facts, new, LOOK_AT_PE, findings)
        judge_educator(facts, new, findings)
        judge_statements(facts, [*self._of_student[new.student.student], new], findings)
        fix = self._fixes.get(new.request.request)
        if fix is not None:
            judge_fix(new.request.request, fix, new, findings)
        if on("L03") and new.pe is not None:
            l03_load(facts, [*self._with_pe[new.pe.pe], new], findings)
        if on("L07"):
            self._judge_year(new, findings)
        if on("max_changes") and new.request.request in self._in_force:
            moved_at_most(facts, [*self._placements, new], findings)

    def _judge_year(self, new: Placement, findings: Findings) -> None:
        year = year_of(self._facts, new)
        self._years[year].with_placement(self._facts, new).judge(self._facts, year, findings)

    def _without_educator(self, new: Placement) -> Findings:
        """Every other judgement: the same with each PE of an offer, whom one is asked about after the other."""
        pair = new.request.request, new.offer.offer
        if self._judged is None or self._judged[0] != pair:
            self._judged, self._others = (pair, Findings()), None
            self._judge_without_educator(new, self._judged[1])
        return self._judged[1]

    def _judge_without_educator(self, new: Placement, findings: Findings) -> None:
        facts, on = self._facts, self._facts.policy.on
        judge_pair(facts, new, WHATEVER_THE_PE, findings)
        judge_students(facts, [*self._of_student[new.student.student], new], findings)
        there = [*self._at_agency[new.offer.agency], new]
        counted = [(p, not p.kept) for p in there]
        if on("L02"):
            key = new.offer.agency, new.offer.team
            judge_offer(facts, new.offer.offer, [c for c in counted if c[0].offer.offer == new.offer.offer], findings)
            judge_team(facts, key, [c for c in counted if c[0].offer.team == new.offer.team], findings)
            judge_agency(facts, new.offer.agency, counted, findings)
        for account, range_ in self._ranges.items() if on("L08") else ():
            if account.agency == new.offer.agency:
                judge_range(facts, account, range_, counted, findings)
        if on("L10"):
            judge_minimum(facts, new.offer, [c for c in counted if c[0].offer.offer == new.offer.offer], findings)
            agency = facts.dataset.agency_by_id.get(new.offer.agency)
            if agency is not None:
                judge_years_of_agency(facts, agency, counted, self._before.get(agency.agency, {}), findings)
        if on("L11"):
            l11_parts(facts, there, findings)
        if on("L12"):
            for decision in self._company.get(new.student.student, ()):
                students = (decision.student or "", decision.other or "")
                of_both = [p for student in students for p in self._of_student.get(student, ())]
                judge_company(facts, decision, [*of_both, new], findings)


def _amount(found: Collection[Violation]) -> tuple[int, int]:
    return len({v.rule for v in found}), len(found)
