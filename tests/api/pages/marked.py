"""A partnership with a mark in every place that a projector must not show, and everything that pages say of it."""

from datetime import date

from allocator.lifecycle.answers import (
    FitAnswer,
    FitsAnswer,
    LeastWaysOut,
    MoveAnswer,
    MovesAnswer,
    PlanEffect,
    StepEffect,
)
from allocator.lifecycle.log import Entry
from api.wire.rounds import DecisionLog, DecisionMade
from models.comparison import (
    Comparison,
    FieldChange,
    InputChanges,
    RequestChange,
    RowChange,
    SheetCount,
    StudentChange,
    StudentState,
    TierChange,
)
from models.dataset import Dataset
from models.decisions import Decision
from models.entities import History
from models.errors import Issue
from models.plan import Clash, ClashMember, ProvisionalCode, Waiting
from models.reasons import Block, Blocked, Change, Lift, Near, Unplaced
from models.run import Outcome
from tests import builders as b
from tests.api.sharing.partnership import two_agencies
from tests.report.looking import match, outcome

MARKS = (
    "HOME1", "HOME2", "HOME3", "73571", "73572", "Wishland", "WishAgency", "INTERNWISH", "1999", "STUDENTNOTE",
    "REQUESTNOTE", "OFFERNOTE", "PENOTE", "ramp-secret", "LOSTOUT", "PE-EXCLUDED", "minute", "preference", "Priority",
    "TEAMREASON", "FAILEDTEAM",
)  # fmt: skip
"""What nobody may read on a projector, wherever it stands in the page; FAILEDTEAM: where a placement was failed."""
AGAIN = "S-BIRCH/first/2"
"""A request whose id tells that a placement is repeated: it may stand in an address, never in a text."""
_SECRET = "ramp-secret, 73571 minutes, Wishland, TEAMREASON"


def marked() -> Dataset:
    """Alder Trust and Birch Council; S-BIRCH asks a second time, S-NOWHERE has no place."""
    data = two_agencies()
    requests = tuple(
        r.model_copy(update={"request": AGAIN, "attempt": 2, "repeat": True}) if r.student == "S-BIRCH" else r
        for r in data.requests
    )
    exception = Decision(
        decision="exception", id="D1", student="S-ALDER", request="S-ALDER/first", rule="E04", value="73571", by="LM",
        why="TEAMREASON", on=date(2025, 11, 20), effective=date(2025, 11, 20),
    )  # fmt: skip
    failed = History(student="S-BIRCH", stage="first", agency="Alder Trust", team="FAILEDTEAM", outcome="failed")
    return b.dataset(
        students=data.students, requests=requests, agencies=data.agencies, offers=data.offers,
        educators=data.educators, travel=data.travel, commitments=data.commitments, decisions=(exception,),
        history=(failed,),
    )  # fmt: skip


def its_plan(dataset: Dataset) -> Outcome:
    waits = (
        Waiting(code=ProvisionalCode.ADJUSTMENT, detail="ramp-secret", who="Alder Trust"),
        Waiting(code=ProvisionalCode.MEASURE, detail="73572 minutes estimated", who="student"),
    )
    return outcome(
        dataset,
        match("S-ALDER/first", "O-ALDER", "PE-ALDER", waiting=waits, exceptions=("D1",)),
        match("S-ALDER2/first", "O-ALDER", "PE-ALDER"),
        match(AGAIN, "O-BIRCH", "PE-BIRCH"),
        unplaced=(_unplaced(),),
    )


def _unplaced() -> Unplaced:
    lift = Lift(
        kind="exception", rule="E04", request="S-NOWHERE/first", offer="O-BIRCH", subject="S-NOWHERE/first",
        value="73571", sentence=f"an exception: {_SECRET}", who="a named person",
    )  # fmt: skip
    near = Near(
        offer="O-BIRCH", pe="PE-BIRCH", rules=("E04", "L02"), minutes=73571,
        blocks=(Block(rule="E04", subjects=(), sentence=_SECRET),), lifts=(lift,), sentence=_SECRET,
        who="a named person (exception) or a measured time",
    )  # fmt: skip
    return Unplaced(
        request="S-NOWHERE/first", code="E04", reason=_SECRET, removed=(Blocked(rule="E04", offers=2),),
        nearest=(near,), change=Change(offer="O-BIRCH", lifts=(lift,), sentence=_SECRET),
    )  # fmt: skip


def comparison() -> Comparison:
    """One is placed, one of whom the id tells a repeat loses the place; marks in whatever else is compared."""
    state = StudentState(placed=("first",), bands=2, minutes=73571)
    row = RowChange(
        sheet="Students", row="S-ALDER", kind="changed", fields=(FieldChange(field="note", before=_SECRET, after="x"),)
    )  # fmt: skip
    return Comparison(
        before="as it is", after="with D2", placed_before=3, placed_after=3,
        inputs=InputChanges(counts=(SheetCount(sheet="Students", added=0, removed=0, changed=1),), rows=(row,)),
        tiers=(
            TierChange(tier="travel", sense="min", before=73571, after=73572, difference=1, verdict="worse",
                       proved_before=True, proved_after=True),
            TierChange(tier="statutory_final", sense="max", before=1, after=2, difference=1, verdict="better",
                       proved_before=True, proved_after=True),
        ),
        requests=(
            RequestChange(request="S-NOWHERE/first", kind="newly_placed", offer_after="O-BIRCH", pe_after="PE-BIRCH"),
            RequestChange(request=AGAIN, kind="newly_unplaced", offer_before="O-BIRCH", reason=_SECRET),
            RequestChange(request="S-ALDER/first", kind="now_provisional", offer_before="O-ALDER",
                          offer_after="O-ALDER", waiting_after=(
                              Waiting(code=ProvisionalCode.ADJUSTMENT, detail="ramp-secret"),)),
        ),
        students=(StudentChange(student="S-ALDER", verdict="worse", before=state, after=state),),
    )  # fmt: skip


def fits() -> FitsAnswer:
    effect = f"places S-NOWHERE/first; takes it from {AGAIN}, who then has no place"
    decides = "The first tier that differs: Minutes of travel, 73571 before, 73572 after."
    best = FitAnswer(
        request="S-NOWHERE/first", offer="O-BIRCH", effect=effect, decides=decides, possible=True, proved=True,
        comparison=comparison(),
    )  # fmt: skip
    return FitsAnswer(looked_at=1, of=1, complete=True, best=(best,))


def moves() -> MovesAnswer:
    none = MoveAnswer(
        moves=0, unlock=(), placed=3, proved=True, gained="", with_none=None, with_the_step_before=None
    )  # fmt: skip
    one = MoveAnswer(
        moves=1, unlock=(AGAIN,), placed=3, proved=True, gained=_SECRET, with_none=comparison(),
        with_the_step_before=comparison(),
    )  # fmt: skip
    return MovesAnswer(
        proved=True, looked_at=1, least=0, held=(), clash=None, moves=(none, one), sentences=(_SECRET,)
    )  # fmt: skip


def entry(name: str, kind: str, about: str, row: int) -> Entry:
    return Entry(row=row, id=name, kind=kind, about=about, by="LM", why="TEAMREASON", on=date(2025, 11, 21))


def step() -> StepEffect:
    effect = PlanEffect(of="with D2", proved=True, clash=None, fixes_set_aside=(AGAIN,), comparison=comparison())
    return StepEffect(
        decision=entry("D2", "fix", "S-NOWHERE/first, O-BIRCH", 3), remarks=(), effect=effect, prices=(effect,),
        ways_out=None,
    )  # fmt: skip


def clashing_step() -> StepEffect:
    clash = Clash(members=(ClashMember(rule="E04", subject="S-ALDER", sentence=_SECRET),), confirmed=True)
    gone = comparison().model_copy(update={"gaps": ("clash_after",), "requests": None})
    effect = PlanEffect(of="with D2", proved=True, clash=clash, fixes_set_aside=(), comparison=gone)
    ways = LeastWaysOut(unlock=(AGAIN,), undo=((entry("D1", "exception", "E04: 73571", 2),),), stopped=False)
    return step().model_copy(update={"effect": effect, "ways_out": ways})


def made() -> DecisionMade:
    """A decision that would be taken."""
    remark = Issue(level="warning", code="V500", message=_SECRET)
    found = comparison().inputs
    assert found is not None
    return DecisionMade(
        entry=None, decision=entry("D2", "fix", "S-NOWHERE/first, O-BIRCH", 3), remarks=(remark,), changes=found,
        dataset_digest="0" * 64,
    )  # fmt: skip


def log() -> DecisionLog:
    """The rows of the workbook, one of which says minutes."""
    rows = (
        entry("D1", "exception", "S-ALDER/first, E04: 73571", 2),
        entry("D5", "together", "S-ALDER; S-BIRCH: 73572 minutes", 3),
        entry("D6", "fix", f"{AGAIN}, O-BIRCH", 4),
    )
    return DecisionLog(entries=(), rows=rows)
