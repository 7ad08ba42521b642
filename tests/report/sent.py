"""Made-up partnerships in which every fact about somebody is a word of its own, so that a leak shows; and their plans."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from allocator.views.facts import Facts
from models.entities import Published, Spoke
from models.plan import Match, ProvisionalCode, Waiting
from models.statuses import STATUSES
from tests import builders as b
from tests.report.looking import facts_of, match

DAY = date(1999, 1, 1)
PLACED_AT = "base"


@st.composite
def plans(draw: st.DrawFn) -> Facts:
    """Up to three agencies, four offers (with spokes or not) and five students: placed or not, published or not."""
    agencies = [f"agency{n}" for n in range(draw(st.integers(1, 3)))]
    offers = [_offer(draw, n, agencies) for n in range(draw(st.integers(1, 4)))]
    educators = [b.educator(f"pe{n}", employed_by=draw(st.sampled_from(agencies)), note=f"penote{n}") for n in range(3)]
    students, requests, published, matches = [], [], [], []
    for n in range(draw(st.integers(1, 5))):
        name, attempt = f"student{n}", draw(st.integers(1, 2))
        request = f"{name}/first" + ("/2" if attempt == 2 else "")
        students.append(_student(draw, name, n))
        requests.append(b.request(request, attempt=attempt, repeat=attempt == 2, note=f"requestnote{n}"))
        if draw(st.booleans()):
            published.append(_published(draw, request, n, [o.offer for o in offers], [e.pe for e in educators]))
        if draw(st.booleans()):
            matches.append(_match(draw, request, [o.offer for o in offers], [e.pe for e in educators]))
    dataset = b.dataset(
        agencies=tuple(b.agency(a).model_copy(update={"name": f"The {a}"}) for a in agencies),
        students=tuple(students), requests=tuple(requests), offers=tuple(offers), educators=tuple(educators),
        published=tuple(published),
    )  # fmt: skip
    return facts_of(dataset, *matches)


def _offer(draw: st.DrawFn, n: int, agencies: list[str]) -> Any:
    spoke = Spoke(agency=draw(st.sampled_from(agencies)), team=f"spoketeam{n}", days=5, place=f"{PLACED_AT}s{n}")
    return b.offer(
        f"offer{n}", agency=draw(st.sampled_from(agencies)), team=f"team{n}", place=f"{PLACED_AT}{n}", capacity=5,
        spokes=draw(st.sampled_from(((), (spoke,)))), note=f"offernote{n}",
        on_site_supervisor=draw(st.sampled_from(("yes", "no", "to_be_named"))),
    )  # fmt: skip


def _student(draw: st.DrawFn, name: str, n: int) -> Any:
    return b.student(
        name, home=f"home{n}", adjustments=(f"need{n}",), share_needs=draw(st.booleans()), limit_minutes=73500 + n,
        preferred_areas=(f"area{n}",), preferred_agencies=(f"wish{n}",), intern_choices=(f"intern{n}",),
        waiting_since=DAY + timedelta(n), lost_out_before=f"lostout{n}", note=f"studentnote{n}", readiness="pending",
    )  # fmt: skip


def _published(draw: st.DrawFn, request: str, n: int, offers: list[str], pes: list[str]) -> Published:
    return Published(
        request=request, offer=draw(st.sampled_from(offers)), pe=draw(st.sampled_from((*pes, None))),
        status=draw(st.sampled_from(STATUSES)), note=f"publishednote{n}",
        standing=draw(st.sampled_from(("kept", "in_force", "freed", "over"))),
        student_told_on=draw(st.sampled_from((None, date(2025, 11, 3)))),
    )  # fmt: skip


def _match(draw: st.DrawFn, request: str, offers: list[str], pes: list[str]) -> Match:
    offer = draw(st.sampled_from(offers))
    waits = (
        Waiting(code=ProvisionalCode.READINESS, who="university"),
        Waiting(code=ProvisionalCode.BETWEEN, detail="base0 to base1, with student0", who="placements team"),
        Waiting(code=ProvisionalCode.MEASURE, detail="73571 minutes estimated", who="student"),
    )
    return match(
        request, offer, draw(st.sampled_from((*pes, f"TBC@{offer}", None))),
        basis=draw(st.sampled_from(("in_team", "elsewhere"))), waiting=waits[: draw(st.integers(0, 3))],
    )  # fmt: skip
