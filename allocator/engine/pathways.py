"""Pathways: one column per allowed pair of classes of a student's first and final placement.

Rows that forbid single pairs leave the linear relaxation loose; a path column per allowed pair makes it tight. Offers
that look alike to every two-placement rule are one class; classes that may be followed by the same classes are merged.
The same team twice (E10) would need a class per team, so it keeps a row per team that both placements could have.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping

from allocator.eligibility import Eligibility
from allocator.engine.formulation import Column, Formulation, Ways
from allocator.engine.kept import KeptMatch
from allocator.rules.limits import LIMIT_RULES
from allocator.terms.horizon import StudentRequests
from allocator.terms.placement import Placement
from models.entities import Request


def formulate(eligibility: Eligibility, chosen: Mapping[str, str] | None = None) -> Formulation:
    """The model with the rows of every rule that is on, and the paths of students with two requests.

    With ``chosen`` (offer by request) it is decided who goes where, and educators are individuals.
    """
    model = Formulation(eligibility, chosen)
    for rule in LIMIT_RULES:
        if model.policy.on(rule.RULE):
            rule.rows(model)
    Pathways(model).add()
    return model


class Pathways:
    """Adds the two-placement rules of every student to a formulation."""

    def __init__(self, model: Formulation) -> None:
        self.model = model
        self.kept: dict[str, KeptMatch] = {k.request.request: k for k in model.kept}
        self._together: dict[Hashable, tuple[str, ...]] = {}

    def add(self) -> None:
        """Rows, and path columns for students with two open requests."""
        for student in self.model.eligibility.horizon.by_student.values():
            if student.final is None:
                continue
            if student.first is None:
                self._with_history(student.final)
            elif student.first.request in self.kept:
                self._final_after_kept(student, self.kept[student.first.request])
            elif student.final.request in self.kept:
                self._first_before_kept(student, self.kept[student.final.request])
            else:
                self._both_open(student)

    # ---- one of the two is given -------------------------------------------------------------------------------
    def _with_history(self, final: Request) -> None:
        eligibility = self.model.eligibility
        for column in self._open_columns(final):
            self._forbid(column, eligibility.broken_with_history(final, self._placement(column)))

    def _final_after_kept(self, student: StudentRequests, first: KeptMatch) -> None:
        if student.final is None or student.final.request in self.kept:
            return
        given = self._kept_placement(first)
        for column in self._open_columns(student.final):
            broken = self.model.eligibility.broken_together(student.student.student, given, self._placement(column))
            self._forbid(column, broken)

    def _first_before_kept(self, student: StudentRequests, final: KeptMatch) -> None:
        given = self._kept_placement(final)
        for column in self._open_columns(student.first):
            broken = self.model.eligibility.broken_together(student.student.student, self._placement(column), given)
            self._forbid(column, broken)

    def _forbid(self, column: Column, rules: tuple[str, ...]) -> None:
        if rules:
            self.model.program.add_row([(column.column, 1)], rule=rules[0], subject=column.request.request, upper=0)

    # ---- both are open -----------------------------------------------------------------------------------------
    def _both_open(self, student: StudentRequests) -> None:
        by_team = student.final is not None and self.model.eligibility.horizon.is_locked(student.final)
        firsts, finals = self._classes(student.first, by_team), self._classes(student.final, by_team)
        allowed = {
            (a, b): self._broken(student, pa, pb) for a, (pa, _) in firsts.items() for b, (pb, _) in finals.items()
        }
        first_kinds = _merge(firsts, finals, lambda a, b: not allowed[a, b])
        final_kinds = _merge(finals, firsts, lambda b, a: not allowed[a, b])
        self._paths(student, first_kinds, final_kinds, allowed)
        if self.model.policy.on("E10"):
            self._not_the_same_team(student)

    def _broken(self, student: StudentRequests, first: Placement, final: Placement) -> tuple[str, ...]:
        """Rules that the two classes break together, the same team apart; cached, as students are much alike."""
        key = student.student.scheme, first, final
        if key not in self._together:
            broken = self.model.eligibility.broken_together(student.student.student, first, final)
            self._together[key] = tuple(r for r in broken if r != "E10")
        return self._together[key]

    def _classes(self, request: Request | None, by_team: bool) -> dict[Hashable, tuple[Placement, list[Column]]]:
        classes: dict[Hashable, tuple[Placement, list[Column]]] = {}
        for column in self._open_columns(request):
            placement = self._placement(column)
            if not by_team:
                placement = placement._replace(agency=None, team=None)
            classes.setdefault(placement, (placement, []))[1].append(column)
        return classes

    def _paths(
        self,
        student: StudentRequests,
        firsts: list[tuple[bool, Hashable, list[Column]]],
        finals: list[tuple[bool, Hashable, list[Column]]],
        broken: dict[tuple[Hashable, Hashable], tuple[str, ...]],
    ) -> None:
        program, name = self.model.program, student.student.student
        needs_first = self.model.policy.on("L06")
        from_first: list[list[tuple[int, int]]] = [[] for _ in firsts]
        to_final: list[list[tuple[int, int]]] = [[] for _ in finals]
        paths: list[tuple[int, bool]] = []
        for i, (first_statutory, first_key, _) in enumerate(firsts):
            for j, (final_statutory, final_key, _) in enumerate(finals):
                if not broken[first_key, final_key]:
                    path = program.add_column(1, integer=False)
                    paths.append((path, first_statutory and final_statutory))
                    from_first[i].append((path, -1))
                    to_final[j].append((path, -1))
        self.model.paths[name] = tuple(paths)
        alone: list[tuple[int, int]] = []
        for i, (_, _, columns) in enumerate(firsts):
            alone.append((program.add_column(1, integer=False), -1))
            row = [*((c.column, 1) for c in columns), *from_first[i], alone[-1]]
            program.add_row(row, rule="L06", subject=name, lower=0, upper=0)
            self._note_ways(columns, from_first[i], alone[-1][0])
        for j, (_, key, columns) in enumerate(finals):
            rule = self._why_blocked(key, [k for _, k, _ in firsts], broken) if not to_final[j] else "L06"
            row = [*((c.column, 1) for c in columns), *to_final[j]]
            if not needs_first:
                alone.append((program.add_column(1, integer=False), -1))
                row.append(alone[-1])
            self._note_ways(columns, to_final[j], None if needs_first else alone[-1][0])
            program.add_row(row, rule=rule, subject=name, lower=0, upper=0)
        if not needs_first:
            total = [(p, 1) for p, _ in paths] + [(p, 1) for p, _ in alone]
            program.add_row(total, rule="L05", subject=name, upper=1)

    def _note_ways(self, columns: list[Column], paths: list[tuple[int, int]], alone: int | None) -> None:
        ways = Ways(frozenset(path for path, _ in paths), alone)
        self.model.ways.update({c.column: ways for c in columns})

    @staticmethod
    def _why_blocked(
        final: Hashable, firsts: list[Hashable], broken: dict[tuple[Hashable, Hashable], tuple[str, ...]]
    ) -> str:
        return next((broken[first, final][0] for first in firsts if broken[first, final]), "L06")

    def _not_the_same_team(self, student: StudentRequests) -> None:
        by_team: defaultdict[tuple[str, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for which, request in enumerate((student.first, student.final)):
            for column in self._open_columns(request):
                by_team[column.offer.agency, column.offer.team][which].append(column.column)
        for (_, team), (firsts, finals) in by_team.items():
            if firsts and finals:
                terms = [(c, 1) for c in (*firsts, *finals)]
                self.model.program.add_row(terms, rule="E10", subject=f"{student.student.student} {team}", upper=1)

    # ---- shared ------------------------------------------------------------------------------------------------
    def _open_columns(self, request: Request | None) -> list[Column]:
        return [c for c in self.model.columns.get(request.request, ()) if not c.kept] if request else []

    def _placement(self, column: Column) -> Placement:
        return self.model.eligibility.placement(column.request, column.offer, column.window)

    def _kept_placement(self, kept: KeptMatch) -> Placement:
        return self.model.eligibility.placement(kept.request, kept.offer, kept.window)


def _merge(
    classes: dict[Hashable, tuple[Placement, list[Column]]],
    others: dict[Hashable, tuple[Placement, list[Column]]],
    together: Callable[[Hashable, Hashable], bool],
) -> list[tuple[bool, Hashable, list[Column]]]:
    """Merge classes of equal statutory flag that go with the same classes of the other placement."""
    merged: dict[Hashable, tuple[bool, Hashable, list[Column]]] = {}
    for key, (placement, columns) in classes.items():
        partners = tuple(together(key, other) for other in others)
        merged.setdefault((placement.statutory, partners), (placement.statutory, key, []))[2].extend(columns)
    return list(merged.values())
