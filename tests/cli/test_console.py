"""What the terminal shows, at 80 columns and wider."""

import io
import re
import signal

import pytest
from rich.console import Console, RenderableType

from allocator.commands.progress import followed
from allocator.commands.tables import check_summary, issues_table, plan_summary
from models.errors import Issue
from models.plan import CheckReport, Match, Plan, ProvisionalCode, TierResult, Violation, Waiting
from models.policy import Policy
from models.reasons import Unplaced
from models.run import Progress
from tests import builders as b

DATASET = b.dataset(
    students=tuple(b.student(f"S{n}") for n in range(1, 5)),
    requests=(*(b.request(f"S{n}/first") for n in range(1, 4)), b.request("S4/first", found_by="employer")),
)
MATCH = Match(request="S1/first", offer="O1", pe="E1")


def plan(**changes: object) -> Plan:
    facts = {"dataset_digest": "", "policy": Policy(), "policy_digest": "", "seed": 1, "matches": (MATCH,)}
    return Plan.model_validate(facts | changes)


def shown(what: RenderableType, width: int = 80) -> str:
    console = Console(width=width, file=io.StringIO(), record=True)
    console.print(what)
    return console.export_text()


def summary(given: Plan, width: int = 80) -> str:
    return shown(plan_summary(DATASET, given, CheckReport()), width)


def test_counts_by_programme_add_up() -> None:
    provisional = MATCH.model_copy(update={"request": "S2/first", "waiting": (Waiting(code=ProvisionalCode.TO_ASK),)})
    none = Unplaced(request="S3/first", code="E02", reason="No offer can be used.")
    text = summary(plan(matches=(MATCH, provisional), unplaced=(none,)))
    # to place 3 = 1 firm + 1 provisional + 1 not placed + 0 later; S4 is found by the employer
    row = next(line.split() for line in text.splitlines() if line.split()[:1] == ["MSW"])
    assert row == ["MSW", "first", "3", "1", "1", "1", "0"]
    assert "1 request found by employers: counted, not matched." in text
    assert "later:" not in text
    assert "2 of 3 requests placed: 1 firm, 1 provisional." in text


def test_everybody_who_is_not_placed_now_is_shown_and_later_ones_are_counted() -> None:
    dataset = b.dataset(
        students=tuple(b.student(f"S{n}") for n in range(20)),
        requests=tuple(b.request(f"S{n}/first") for n in range(20)),
    )
    unplaced = [
        Unplaced(request=f"S{n}/first", code="later" if n < 10 else "E02", reason="Because.") for n in range(20)
    ]
    text = shown(plan_summary(dataset, plan(matches=(), unplaced=tuple(unplaced)), CheckReport()))
    assert all(f"S{n}/first" in text for n in range(10, 20))
    assert "and 10 of later tranches" in text
    assert "later: of a later tranche" in text


def test_a_stop_says_that_more_may_be_possible() -> None:
    tier = TierResult(tier="complete", sense="max", value=1, bound=1, proved=True)
    open_tier = tier.model_copy(update={"proved": False})
    assert "may still get better" in summary(plan(tiers=(open_tier,), stopped="work limit"))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"value": 3, "bound": 3, "proved": True}, "proved"),
        ({"value": 3, "bound": 5}, "not proved, bound 5"),
        ({"value": 3, "bound": 3, "conditional": True}, "best, given those above"),
        ({"value": 3}, "not reached"),
    ],
)
def test_proof_in_words(facts: dict[str, int | bool], words: str) -> None:
    tier = TierResult.model_validate({"tier": "complete", "sense": "max"} | facts)
    row = next(line for line in summary(plan(tiers=(tier,)), 120).splitlines() if "Students with all" in line)
    assert row.split("most")[1].split("3", 1)[1].strip() == words


def test_a_failed_check_and_a_stop_are_said() -> None:
    failed = CheckReport(violations=(Violation(rule="L02", subjects=("O1",), message="too many"),))
    text = shown(plan_summary(DATASET, plan(stopped="interrupted"), failed))
    assert "The check FAILED." in text
    assert "Stopped by Ctrl-C" in text


def test_what_kept_matches_break_and_what_is_not_judged_is_shown() -> None:
    report = CheckReport(
        kept_despite=(Violation(rule="E04", subjects=("S1/first",), message="it is too far"),), not_judged=("S1: L05",)
    )
    text = shown(check_summary(1, "generous", report))
    assert "Kept despite E04: it is too far" in text
    assert "Not judged: S1: L05" in text
    assert "1 match judged. No rule is broken." in text


def test_cells_are_shown_as_they_are() -> None:
    # Square brackets are markup to the library that draws the tables.
    issue = Issue(level="warning", code="V1", message="[red]found[/red]", sheet="A", row=2, allowed="[x]", remedy="[y]")
    text = shown(issues_table([issue]))
    for part in ("[red]found[/red]", "Allowed: [x].", "To do: [y]", "A row 2", "1 warning."):
        assert part in text


def test_no_problems_are_said() -> None:
    assert shown(issues_table(())) == "No problems found.\n"


def test_ctrl_c_ends_at_once_while_reading_then_the_first_asks_and_the_second_ends() -> None:
    before = signal.getsignal(signal.SIGINT)
    with followed(terminal(stream := io.StringIO())) as (tell, stop):
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert not stop.is_set()
        tell(Progress("pairs", None, 0, 0, None, None, 0, 218, 0.0))
        signal.raise_signal(signal.SIGINT)
        assert stop.is_set()
        assert "Ctrl-C again to give up" in " ".join(drawn(stream))
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_what_cannot_be_stopped_with_half_a_plan_ends_at_once() -> None:
    before = signal.getsignal(signal.SIGINT)
    with followed(terminal(io.StringIO()), stoppable=False) as (tell, stop):
        tell(Progress("solve", "travel", 18, 20, None, 9000, 204, 218, 3.0))
        assert signal.getsignal(signal.SIGINT) is before
        assert not stop.is_set()


def drawn(stream: io.StringIO) -> list[str]:
    """The lines that were drawn one over the other."""
    return [line for line in re.split(r"\x1b\[[\d;?]*[A-Za-z]|[\r\n]", stream.getvalue()) if line.strip()]


def terminal(stream: io.StringIO) -> Console:
    return Console(width=80, file=stream, force_terminal=True, color_system=None)


def test_the_bar_fits_80_columns() -> None:
    with followed(terminal(stream := io.StringIO())) as (tell, _):
        tell(Progress("pairs", None, 0, 0, None, None, 0, 218, 0.0))
        tell(Progress("solve", "preferences.band5", 14, 20, 12, 2, 204, 218, 3.0))
    last = drawn(stream)[-1]
    # tiers are counted from 0: the fifteenth; 12 found, 2 possible: 10 between them
    assert last.startswith("tier 15/20 preferences.band5")
    assert "placed 204 of 218  gap 10" in last
    assert re.search(r"\d:\d\d:\d\d$", last)
    assert len(last) <= 80


def test_the_bar_shows_a_bound_where_no_value_is_known() -> None:
    with followed(terminal(stream := io.StringIO())) as (tell, _):
        tell(Progress("solve", "travel", 18, 20, None, 9000, 204, 218, 3.0))
    last = drawn(stream)[-1]
    assert "tier 19/20 travel" in last
    assert "bound 9000" in last
    assert "gap" not in last


def test_the_bar_says_what_is_done_between_tiers() -> None:
    with followed(terminal(stream := io.StringIO())) as (tell, _):
        tell(Progress("pairs", None, 0, 0, None, None, 0, 218, 0.0))
    assert drawn(stream)[-1].startswith("which offers fit whom, 218 requests")
    with followed(terminal(stream := io.StringIO())) as (tell, _):
        tell(Progress("report", None, 0, 0, None, None, 204, 218, 3.0))
    assert drawn(stream)[-1].startswith("writing the report")


def test_nothing_is_drawn_where_there_is_no_terminal() -> None:
    console = Console(width=80, file=(stream := io.StringIO()))
    with followed(console) as (tell, _):
        tell(Progress("report", None, 0, 0, None, None, 204, 218, 3.0))
    assert stream.getvalue() == ""
