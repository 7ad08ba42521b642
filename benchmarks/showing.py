"""What the demonstrations show, as tables between two marks of the project's README; every number is solved for."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

from allocator.intake import Reading, read_sheets
from allocator.pipeline import allocate
from benchmarks.demonstration import PARTNERSHIPS, generate
from benchmarks.figures import PUBLISHED_2021_22, figures
from benchmarks.greedy import greedy
from models.errors import UsageError
from models.plan import Plan

PAGE = Path(__file__).parents[1] / "README.md"
BEGIN = "<!-- solved: written by python -m benchmarks demonstrations -->"
END = "<!-- end of what is solved -->"
PUBLISHED = "developing-together"
"""The partnership whose figures are beside the published ones."""
SHORT = "january-2022"
"""The partnership whose shortage is taken apart."""
NAMED: tuple[str, ...] = ("Step Up", "Think Ahead", "ASYE", "apprentices", "PEPS2")
"""The causes that were named for it."""
LAST = "ASYE"
"""The cause that is taken away after the other four as well."""
HUBS = "two-universities"
"""The partnership with a hub and its spokes."""
WORDS = {
    "ASYE": "newly qualified workers (ASYE)",
    "PEPS2": "few PEPS1 trainees who went on to PEPS2",
}
SEEDS = (1, 2, 3)
Tell = Callable[[str], None]


class Solved(NamedTuple):
    """A partnership, read, with both plans."""

    reading: Reading
    greedy: Plan
    plan: Plan
    proved: bool


def write_page(page: Path = PAGE, tell: Tell = print) -> None:
    """Solve the demonstrations and put what came out between the marks of a page.

    Parameters
    ----------
    page
        Markdown with the two marks; the rest stays as it is.
    tell
        Told what is solved next.

    Raises
    ------
    UsageError
        The page has no marks.
    """
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, behind = rest.partition(END)
    if not begin or not end:
        raise UsageError(f"{page.name} has no place for the tables: it needs the lines '{BEGIN}' and '{END}'")

    @cache
    def solve(name: str, seed: int, without: tuple[str, ...]) -> Solved:
        tell(f"{name}, seed {seed}" + (f", without {', '.join(without)}" if without else ""))
        reading = read_sheets(generate(seed, 1.0, name, without))
        outcome = allocate(reading.dataset, reading.policy)
        if not outcome.check.passed:
            raise UsageError(f"{name}: the plan does not pass the check")
        proved = all(tier.proved for tier in outcome.plan.tiers)
        return Solved(reading, greedy(reading.dataset, reading.policy), outcome.plan, proved)

    def solved(name: str, seed: int = 1, without: tuple[str, ...] = ()) -> Solved:
        return solve(name, seed, without)  # one way to ask, so that nothing is solved twice

    body = [*_sizes(solved), "", *_published(solved), "", *_causes(solved), "", *_hubs(solved)]
    page.write_text(f"{before}{BEGIN}\n\n" + "\n".join(body) + f"\n\n{END}{behind}", encoding="utf-8")


def _sizes(solved: Callable[..., Solved]) -> list[str]:
    """Each demonstration at seed 1: how large it is and how far it goes."""
    rows = []
    for name in PARTNERSHIPS:
        reading, one_pass, plan, proved = solved(name)
        data = reading.dataset
        places = sum(offer.capacity for offer in data.offers)
        rows.append(
            (
                f"`{name}`", len(data.students), len(plan.matches) + len(plan.unplaced), places, len(data.educators),
                len(one_pass.matches), len(plan.matches), _of(finals_placed(reading, one_pass)),
                _of(finals_placed(reading, plan)), "yes" if proved else "no",
            )
        )  # fmt: skip
    return _table(
        (
            "seed 1", "students", "requests to match", "places", "PEs", "placed, greedy", "placed",
            "finals now, greedy", "finals now", "every tier proved",
        ),
        rows,
    )  # fmt: skip


def _published(solved: Callable[..., Solved]) -> list[str]:
    """The published figures beside those of the two plans, seed by seed."""
    found = [solved(PUBLISHED, seed) for seed in SEEDS]
    greedy_figures = [figures(s.reading.dataset, s.reading.policy, s.greedy) for s in found]
    plan_figures = [figures(s.reading.dataset, s.reading.policy, s.plan) for s in found]
    seeds = ", ".join(map(str, SEEDS))
    rows: list[Sequence[object]] = [
        (name, published, _percents([f[name] for f in greedy_figures]), _percents([f[name] for f in plan_figures]))
        for name, published in PUBLISHED_2021_22.items()
    ]
    placed = [
        ", ".join(str(len(plan.matches)) for plan in plans)
        for plans in ([s.greedy for s in found], [s.plan for s in found])
    ]
    rows.append(("**requests placed**", "", *placed))
    return _table((f"`{PUBLISHED}`, percent", "published", f"greedy, seeds {seeds}", f"engine, seeds {seeds}"), rows)


def _causes(solved: Callable[..., Solved]) -> list[str]:
    """What each named cause of the shortage is worth, and what consultants and competition are in the year before."""
    alone = [(f"without {WORDS.get(name, name)}", (name,)) for name in NAMED]
    others = tuple(name for name in NAMED if name != LAST)
    last = (f"without the other four ({LAST} stays)", others)
    short = _without(solved, SHORT, [*alone, last, ("without all five", NAMED)])
    competing = ("Step Up", "Think Ahead", "Frontline", "ASYE", "apprentices")
    usual = [
        ("without practice consultants", ("practice consultants",)),
        ("without all programmes that compete", competing),
    ]
    return [*short, "", *_without(solved, PUBLISHED, usual)]


def _hubs(solved: Callable[..., Solved]) -> list[str]:
    """Offers with spokes, and who is there in the plan."""
    reading, _, plan, _ = solved(HUBS)
    requests = reading.dataset.request_by_id
    rows: list[Sequence[object]] = []
    for offer in reading.dataset.offers:
        if offer.spokes:
            there = [requests[m.request].stage for m in plan.matches if m.offer == offer.offer]
            spokes = "; ".join(f"{s.agency}, {s.team}: {s.days}" for s in offer.spokes)
            where = f"{offer.agency}, {offer.team}"
            rows.append((offer.offer, where, spokes, offer.capacity, len(there), there.count("final")))
    heading = (f"`{HUBS}`, seed 1", "hub", "spokes: days of each student", "places", "placed", "finals of them")
    return _table(heading, rows)


def _without(solved: Callable[..., Solved], name: str, questions: Sequence[tuple[str, tuple[str, ...]]]) -> list[str]:
    """A partnership as it is, and solved again without this or that."""
    whole = finals_placed(solved(name).reading, solved(name).plan, ("MSW", "BA"))
    rows: list[Sequence[object]] = []
    for title, without in (("as it is", ()), *questions):
        found = solved(name, 1, without)
        msw, both = (finals_placed(found.reading, found.plan, p) for p in (("MSW",), ("MSW", "BA")))
        gain = f"{both[0] - whole[0]:+d}" if without else ""
        in_all = _of((len(found.plan.matches), len(found.plan.matches) + len(found.plan.unplaced)))
        rows.append((title, _of(msw), _of(both), gain, in_all, "yes" if found.proved else "no"))
    heading = (
        f"`{name}`, seed 1", "MSW finals placed", "MSW and BA finals", "difference", "requests of all rounds placed",
        "every tier proved",
    )  # fmt: skip
    return _table(heading, rows)


def finals_placed(reading: Reading, plan: Plan, programmes: Sequence[str] = ()) -> tuple[int, int]:
    """Finals of the round being decided that are placed, and that are due.

    Parameters
    ----------
    reading, plan
        What was read, and a plan of it.
    programmes
        Only these; none: all.

    Returns
    -------
    tuple of int
        Placed, due.
    """
    data = reading.dataset
    deciding = {t.tranche for t in data.tranches if t.status == "deciding"}
    placed = {match.request for match in plan.matches}
    known = placed | {row.request for row in plan.unplaced}
    due = {
        r.request
        for r in data.requests
        if r.stage == "final"
        and r.tranche in deciding
        and r.request in known
        and (not programmes or data.student_by_id[r.student].programme in programmes)
    }
    return len(due & placed), len(due)


def _of(numbers: tuple[int, int]) -> str:
    return f"{numbers[0]} of {numbers[1]}"


def _percents(parts: Sequence[Fraction | None]) -> str:
    return ", ".join("–" if part is None else f"{float(100 * part):.1f}" for part in parts)


def _table(heading: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    lines = [heading, ["---"] * len(heading), *rows]
    return [f"| {' | '.join(map(str, line))} |" for line in lines]
