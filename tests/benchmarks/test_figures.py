"""The published figures, counted from small plans."""

from datetime import date
from fractions import Fraction

from benchmarks.figures import academic_year, figures
from models.dataset import Dataset
from models.plan import Match, Plan
from models.policy import Policy
from tests.builders import agency, dataset, educator, history, offer, request, student

POLICY = Policy(as_of=date(2025, 11, 17))
MONDAY = date(2026, 1, 5)


def plan(data: Dataset, *matches: Match) -> Plan:
    return Plan(dataset_digest=data.digest, policy=POLICY, policy_digest=POLICY.digest, seed=1, matches=matches)


def match(request_id: str, offer_id: str, pe: str = "E1", start: date = MONDAY) -> Match:
    return Match(request=request_id, offer=offer_id, pe=pe, start=start)


def test_academic_year() -> None:
    assert academic_year(POLICY) == (date(2025, 9, 1), date(2026, 9, 1))
    assert academic_year(Policy(as_of=date(2026, 8, 31))) == (date(2025, 9, 1), date(2026, 9, 1))
    assert academic_year(Policy(as_of=date(2026, 9, 1))) == (date(2026, 9, 1), date(2027, 9, 1))


def test_statutory_placements_by_partners_and_independents() -> None:
    # four counted: statutory with a partner; not statutory with a partner; statutory outside, with an independent PE;
    # by equivalence with a partner, with a consultant. Statutory by partners 2 of 4, independents 2 of 4.
    # Not counted: an apprentice, and a placement of the next academic year.
    names = [f"S{n}" for n in range(1, 7)]
    data = dataset(
        students=tuple(student(n, programme="Apprenticeship" if n == "S5" else "BA") for n in names),
        requests=tuple(request(f"{n}/first") for n in names),
        agencies=(agency("A"), agency("B", membership="outside")),
        offers=(
            offer("O1", capacity=9), offer("O2", statutory_regulator="no"), offer("O3", agency="B"),
            offer("O4", statutory_regulator="by_equivalence"),
        ),
        educators=(educator("E1"), educator("E2", employed_by="independent"), educator("E3", employed_by="partnership")),
    )  # fmt: skip
    found = figures(
        data, POLICY,
        plan(
            data, match("S1/first", "O1"), match("S2/first", "O2"), match("S3/first", "O3", "E2"),
            match("S4/first", "O4", "E3"), match("S5/first", "O1"), match("S6/first", "O1", start=date(2026, 9, 1)),
        ),
    )  # fmt: skip
    assert found["statutory placements by partners"] == Fraction(2, 4)
    assert found["independents used"] == Fraction(2, 4)
    assert found["BA, statutory final"] is None


def test_finals_by_programme() -> None:
    # BA: S1 has a statutory first in history and a statutory final; S2's first was not statutory; S3's final is not;
    # so statutory finals 2 of 3, two statutory 1 of 3. MSW: S4's first is in the plan and statutory: 1 of 1 and 1 of 1.
    data = dataset(
        students=(*(student(f"S{n}", programme="BA") for n in (1, 2, 3)), student("S4")),
        requests=(*(request(f"S{n}/final") for n in (1, 2, 3, 4)), request("S4/first")),
        history=(history("S1"), history("S2", statutory_regulator="no"), history("S3")),
        offers=(offer("O1", capacity=9), offer("O2", statutory_regulator="no")),
    )
    found = figures(
        data, POLICY,
        plan(
            data, match("S1/final", "O1"), match("S2/final", "O1"), match("S3/final", "O2"), match("S4/final", "O1"),
            match("S4/first", "O1"),
        ),
    )  # fmt: skip
    assert found["BA, statutory final"] == Fraction(2, 3)
    assert found["BA, two statutory"] == Fraction(1, 3)
    assert found["MSW, statutory final"] == found["MSW, two statutory"] == 1
