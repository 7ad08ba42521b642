"""Tiny random partnerships: by seed, or as a hypothesis strategy; both use one construction (``tests/generated``)."""

from functools import cache

from hypothesis import assume
from hypothesis import strategies as st

from models.base import natural_key
from models.dataset import Dataset
from models.policy import Policy
from tests.brute_force import count_plans
from tests.generated.choosing import LARGER, TINY, Choice, Size, Themes
from tests.generated.decided import add_before, add_running, build_decisions, build_published
from tests.generated.frame import build_frame, copy_offers
from tests.generated.people import build_history, build_people, tie_copies
from tests.generated.policies import build_policy

MOST_PLANS = 6_000
"""No generated dataset has more plans than this, so that every one can be written down."""
FEWEST_PLANS = 16
"""Seven seeds of eight have at least so many plans, so that most datasets have something to decide."""


@cache
def generate(seed: int) -> tuple[Dataset, Policy]:
    """The tiny partnership of a seed, and a policy for it.

    Parameters
    ----------
    seed
        Equal seeds give equal results, drawn once, since nothing in them can change. Draws are repeated until the
        number of plans fits.

    Returns
    -------
    tuple of Dataset and Policy
        As reading leaves them (SEMANTICS S1); ``as_of`` is filled.
    """
    fewest = 1 if seed % 8 == 0 else FEWEST_PLANS
    for attempt in range(1_000):
        case = build(Choice.by_seed(1_000 * seed + attempt))
        if fewest <= count_plans(*case) <= MOST_PLANS:
            break
    return case


@st.composite
def partnerships(draw: st.DrawFn) -> tuple[Dataset, Policy]:
    """Tiny partnerships whose every fact hypothesis draws, so that a failing one shrinks."""
    case = build(Choice.by_hypothesis(draw))
    assume(count_plans(*case) <= MOST_PLANS)
    return case


@cache
def larger(seed: int) -> tuple[Dataset, Policy]:
    """A partnership of about twelve requests: too many plans to write down, enough for pools, maxima and lazy rows."""
    return build(Choice.by_seed(seed), LARGER)


def build(choice: Choice, size: Size = TINY) -> tuple[Dataset, Policy]:
    """One partnership and policy from a source of choices."""
    themes = Themes(choice, percent=choice.pick(size.themes))
    policy = build_policy(choice, themes)
    frame = build_frame(choice, themes, size)
    students, requests = build_people(choice, themes, frame, size)
    history = build_history(choice, themes, frame, requests)
    withdrawn = {s.student for s in students if s.withdrawn}
    published = build_published(choice, themes, frame, requests, withdrawn)
    decisions = build_decisions(choice, themes, frame, requests, size)
    add_running(choice, themes, frame, requests, published)
    add_before(choice, themes, frame, published)
    if copies := copy_offers(choice, themes, frame):
        students = tie_copies(choice, students, copies)
    dataset = Dataset(
        tranches=tuple(frame.tranches),
        students=tuple(students),
        requests=tuple(sorted(requests, key=lambda r: natural_key(r.request))),
        history=tuple(history),
        agencies=tuple(frame.agencies),
        teams=tuple(frame.teams),
        offers=tuple(frame.offers),
        educators=tuple(frame.educators),
        places=tuple(frame.places),
        travel=tuple(frame.travel),
        commitments=tuple(frame.commitments),
        decisions=tuple(decisions),
        published=tuple(sorted(published, key=lambda p: natural_key(p.request))),
        bank_holidays=tuple(frame.bank_holidays),
        closed_days=tuple(frame.closed_days),
        words=tuple(frame.words),
    )
    return dataset, policy
