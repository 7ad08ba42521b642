"""The API as methods: what is sent and what comes back are the wire's records."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx2

from allocator.lifecycle.answers import FitsAnswer, MovesAnswer, ResultsEffect, StepEffect
from allocator.settling import PolicyKey
from api.client.following import events
from api.client.sending import Speaker
from api.wire.checks import Checked
from api.wire.replies import RepliesAccepted, RepliesCame, ReplyList
from api.wire.results import ComparisonView, ScenarioLine, UnplacedList
from api.wire.results_day import ResultsView
from api.wire.retention import RetentionView
from api.wire.rounds import DatasetList, DatasetView, DecisionLog, DecisionMade, PlanList, RoundList, RoundView
from api.wire.runs import Accepted, Demonstration, RunEnd, RunFileLine, RunLimits, RunList, RunTold, RunView
from api.wire.sharing import RoundSharing, Sharing
from api.wire.versions import StepTaken, VersionList, VersionMade, VersionView
from models.catalogue import Rule
from models.plan import Plan


class Placements:
    """A service, as an account sees it.

    Parameters
    ----------
    server
        Its address, such as ``https://placements.example.org``.
    token
        Of the account.
    transport
        Another way than the network, for tests.
    """

    def __init__(self, server: str, token: str, transport: httpx2.BaseTransport | None = None) -> None:
        self._speaker = Speaker(server, token, transport)

    def __enter__(self) -> Self:
        """The same."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Give the connections back."""
        self._speaker.http.close()

    def run(
        self, workbook: Path, settings: Mapping[str, Any] = {}, limits: RunLimits | None = None
    ) -> Accepted:  # fmt: skip
        """Ask for a run over a workbook or a JSON file of sheets; asked twice by a bad line, it is run once."""
        fields = {"settings": dict(settings)} if settings else {}
        fields |= {"limits": limits.model_dump(mode="json", exclude_none=True)} if limits else {}
        return self._speaker.record(
            Accepted, "POST", "/v1/runs", files={"workbook": _file(workbook)}, fields=fields, key=secrets.token_hex(16)
        )

    def run_of_round(
        self, round: str, settings: Mapping[str, Any] = {}, limits: RunLimits | None = None
    ) -> Accepted:  # fmt: skip
        """Ask for a run over the data in force of a round."""
        content: dict[str, Any] = {"round": round, "settings": dict(settings)}
        content |= {"limits": limits.model_dump(mode="json", exclude_none=True)} if limits else {}
        return self._speaker.record(Accepted, "POST", "/v1/runs", content=content, key=secrets.token_hex(16))

    def runs(self, state: str | None = None, after: str | None = None, limit: int = 50) -> RunList:
        """Runs, newest first."""
        query = {"state": state, "after": after, "limit": limit}
        return self._speaker.record(RunList, "GET", "/v1/runs", query=query)

    def run_view(self, run: str) -> RunView:
        """How a run stands."""
        return self._speaker.record(RunView, "GET", f"/v1/runs/{run}")

    def events(self, run: str) -> Iterator[RunTold | RunEnd | None]:
        """What a run tells, until it is over; None where nothing happened for a while."""
        return events(self._speaker, run)

    def stop(self, run: str) -> RunView:
        """Ask a run to stop with the best plan so far."""
        return self._speaker.record(RunView, "POST", f"/v1/runs/{run}/stop")

    def delete(self, run: str) -> None:
        """Delete a run with all its files."""
        self._speaker.ask("DELETE", f"/v1/runs/{run}")

    def files(self, run: str) -> tuple[RunFileLine, ...]:
        """The files of a run's results."""
        return self._speaker.record(tuple[RunFileLine, ...], "GET", f"/v1/runs/{run}/files")

    def file(self, run: str, path: str) -> bytes:
        """A file of a run's results."""
        return self._speaker.ask("GET", f"/v1/runs/{run}/files/{path}").content

    def result(self, run: str) -> Plan:
        """The plan of a run; while it goes on the best so far."""
        return self._speaker.record(Plan, "GET", f"/v1/runs/{run}/result")

    def unplaced(self, run: str) -> UnplacedList:
        """Requests that are not placed, and why."""
        return self._speaker.record(UnplacedList, "GET", f"/v1/runs/{run}/unplaced")

    def yearly_return(self, run: str) -> bytes:
        """The yearly return as JSON; groups of persons that are too small are withheld."""
        return self._speaker.ask("GET", f"/v1/runs/{run}/return").content

    def demonstrations(self) -> tuple[Demonstration, ...]:
        """Partnerships that come with the service, to be tried."""
        return self._speaker.record(tuple[Demonstration, ...], "GET", "/v1/demonstrations")

    def run_demonstration(self, name: str) -> Accepted:
        """Ask for a run of a demonstration."""
        path, key = f"/v1/demonstrations/{quote(name, safe='')}/runs", secrets.token_hex(16)
        return self._speaker.record(Accepted, "POST", path, content={}, key=key)

    def rules(self) -> tuple[Rule, ...]:
        """Every rule, with what it says."""
        return self._speaker.record(tuple[Rule, ...], "GET", "/v1/rules")

    def rule(self, rule: str) -> Rule:
        """One rule."""
        return self._speaker.record(Rule, "GET", f"/v1/rules/{quote(rule, safe='')}")

    def policy(self) -> tuple[PolicyKey, ...]:
        """Every setting of the policy."""
        return self._speaker.record(tuple[PolicyKey, ...], "GET", "/v1/policy")

    def check(self, workbook: Path, plan: Path, settings: Mapping[str, Any] = {}) -> Checked:
        """Judge a plan: a ``plan.json``, or a sheet made by hand."""
        fields = {"settings": dict(settings)} if settings else {}
        files = {"workbook": _file(workbook), "plan": _file(plan)}
        return self._speaker.record(Checked, "POST", "/v1/checks", files=files, fields=fields)

    def compare(self, before: str, after: str) -> ComparisonView:
        """What is different between the plans of two runs."""
        content = {"before": before, "after": after}
        return self._speaker.record(ComparisonView, "POST", "/v1/comparisons", content=content)

    def rounds(self) -> RoundList:
        """The rounds of the account."""
        return self._speaker.record(RoundList, "GET", "/v1/rounds")

    def new_round(self, name: str, tranches: Sequence[str] = ()) -> RoundView:
        """Make a round."""
        return self._speaker.record(
            RoundView, "POST", "/v1/rounds", content={"name": name, "tranches": list(tranches)}
        )  # fmt: skip

    def round_view(self, round: str) -> RoundView:
        """A round."""
        return self._speaker.record(RoundView, "GET", f"/v1/rounds/{round}")

    def change_round(
        self, round: str, seen: int, name: str | None = None, tranches: Sequence[str] | None = None
    ) -> RoundView:  # fmt: skip
        """Change a round's name or tranches; ``seen`` is the round's version that was seen."""
        content = {"name": name, "tranches": None if tranches is None else list(tranches)}
        return self._speaker.record(RoundView, "PATCH", f"/v1/rounds/{round}", content=content, seen=seen)

    def delete_round(self, round: str, seen: int) -> None:
        """Delete a round for good, with everything in it; ``seen`` is the round's version that was seen."""
        self._speaker.ask("DELETE", f"/v1/rounds/{round}", seen=seen)

    def datasets(self, round: str) -> DatasetList:
        """The workbooks of a round; the last is the one in force."""
        return self._speaker.record(DatasetList, "GET", f"/v1/rounds/{round}/datasets")

    def dataset(self, round: str, number: int) -> DatasetView:
        """A workbook of a round: what it holds, every issue, what differs from the one before it."""
        return self._speaker.record(DatasetView, "GET", f"/v1/rounds/{round}/datasets/{number}")

    def dataset_file(self, round: str, number: int) -> bytes:
        """A workbook of a round as it was sent."""
        return self._speaker.ask("GET", f"/v1/rounds/{round}/datasets/{number}/file").content

    def plans(self, round: str, after: str | None = None) -> PlanList:
        """The plans of a round, newest first."""
        return self._speaker.record(PlanList, "GET", f"/v1/rounds/{round}/plans", query={"after": after})

    def send_workbook(self, round: str, workbook: Path, seen: int) -> DatasetView:
        """Make a workbook the one in force of a round; ``seen`` is the round's version that was seen."""
        files = {"workbook": _file(workbook)}
        return self._speaker.record(DatasetView, "POST", f"/v1/rounds/{round}/datasets", files=files, seen=seen)

    def decide(self, round: str, row: Mapping[str, Any], seen: int) -> DecisionMade:
        """Take a decision, a row of the sheet Decisions; ``seen`` is the round's version that was seen."""
        content = {"row": dict(row)}
        return self._speaker.record(DecisionMade, "POST", f"/v1/rounds/{round}/decisions", content=content, seen=seen)

    def look_at(self, round: str, row: Mapping[str, Any], *, plan: bool = False) -> DecisionMade:
        """What a decision would do to the data; with ``plan`` a run is asked for that finds its effect on the plan."""
        content = {"row": dict(row), "plan": plan}
        return self._speaker.record(DecisionMade, "POST", f"/v1/rounds/{round}/decisions/effect", content=content)

    def effect(self, run: str) -> StepEffect:
        """What a decision does to the plan, of a run of kind effect that is over."""
        return self._speaker.record(StepEffect, "GET", f"/v1/runs/{run}/effect")

    def look_for_moves(self, round: str, most: int = 5, settings: Mapping[str, str] = {}) -> Accepted:
        """Ask what moves of promises buy in the data in force of a round."""
        content, key = {"most": most, "settings": dict(settings)}, secrets.token_hex(16)
        return self._speaker.record(Accepted, "POST", f"/v1/rounds/{round}/moves", content=content, key=key)

    def moves(self, run: str) -> MovesAnswer:
        """What moves buy, of a run of kind moves: what is proved so far, or all once it is over."""
        return self._speaker.record(MovesAnswer, "GET", f"/v1/runs/{run}/moves")

    def look_for_fits(
        self, round: str, *, offer: str | None = None, request: str | None = None, most: int = 10,
        judged: int | None = None, settings: Mapping[str, str] = {},
    ) -> Accepted:  # fmt: skip
        """Ask who suits an offer best, or which place a request, in the data in force of a round.

        With ``judged`` so many are looked at, at most: up to 20 are answered soon, beside long runs.
        """
        content = {"offer": offer, "request": request, "most": most, "judged": judged, "settings": dict(settings)}
        key = secrets.token_hex(16)
        return self._speaker.record(Accepted, "POST", f"/v1/rounds/{round}/fits", content=content, key=key)

    def fits(self, run: str) -> FitsAnswer:
        """The best fits, of a run of kind fits: those that are judged so far, or all once it is over."""
        return self._speaker.record(FitsAnswer, "GET", f"/v1/runs/{run}/fits")

    def undo(self, round: str, number: int, by: str, seen: int, why: str | None = None) -> DecisionMade:
        """Undo an entry of a round's decision log; ``seen`` is the round's version that was seen."""
        path = f"/v1/rounds/{round}/decisions/{number}/undo"
        return self._speaker.record(DecisionMade, "POST", path, content={"by": by, "why": why}, seen=seen)

    def decisions(self, round: str) -> DecisionLog:
        """The decision log of a round."""
        return self._speaker.record(DecisionLog, "GET", f"/v1/rounds/{round}/decisions")

    def publish(self, round: str, run: str, by: str, seen: int) -> VersionMade:
        """Put the plan of a run in force; ``seen`` is the round's version that was seen."""
        content = {"run": run, "by": by}
        return self._speaker.record(VersionMade, "POST", f"/v1/rounds/{round}/publish", content=content, seen=seen)

    def versions(self, round: str) -> VersionList:
        """The versions that were published in a round."""
        return self._speaker.record(VersionList, "GET", f"/v1/rounds/{round}/versions")

    def version(self, round: str, number: int) -> VersionView:
        """A published version, with its plan and the check."""
        return self._speaker.record(VersionView, "GET", f"/v1/rounds/{round}/versions/{number}")

    def mark(self, round: str, request: str, step: str, seen: int, on: date | None = None) -> StepTaken:
        """Take a step of a published match; ``seen`` is the round's version that was seen."""
        path = f"/v1/rounds/{round}/matches/{quote(request)}/status"
        content = {"step": step, "on": on.isoformat() if on else None}
        return self._speaker.record(StepTaken, "POST", path, content=content, seen=seen)

    def workbook(self, round: str) -> bytes:
        """The round as a workbook: the one in force with the decisions of the log."""
        return self._speaker.ask("GET", f"/v1/rounds/{round}/workbook").content

    def replies(self, round: str) -> ReplyList:
        """What agencies replied, and which have not."""
        return self._speaker.record(ReplyList, "GET", f"/v1/rounds/{round}/replies")

    def read_forms(self, round: str, forms: Sequence[Path]) -> RepliesCame:
        """Read reply forms that came back as files."""
        files = [("form", _file(form)) for form in forms]
        return self._speaker.record(RepliesCame, "POST", f"/v1/rounds/{round}/replies", files=files)

    def look_at_replies(self, round: str) -> Accepted:
        """Ask what each reply would do to the plan, and whom it harms."""
        path, key = f"/v1/rounds/{round}/replies/look", secrets.token_hex(16)
        return self._speaker.record(Accepted, "POST", path, content={}, key=key)

    def looked_replies(self, run: str) -> dict[str, Any]:
        """What replies propose, of a run of kind replies that is over: ``proposals``, and which harm nobody."""
        return self._speaker.record(dict[str, Any], "GET", f"/v1/runs/{run}/replies")

    def accept_replies(
        self, round: str, run: str, proposals: Sequence[int], by: str, seen: int
    ) -> RepliesAccepted:  # fmt: skip
        """Accept proposals of replies by number; ``seen`` is the round's version that was seen."""
        content, path = {"run": run, "proposals": list(proposals), "by": by}, f"/v1/rounds/{round}/replies/accept"
        return self._speaker.record(RepliesAccepted, "POST", path, content=content, seen=seen)

    def refuse_replies(
        self, round: str, reason: str, *, run: str | None = None, proposals: Sequence[int] = (),
        replies: Sequence[int] = (),
    ) -> ReplyList:  # fmt: skip
        """Refuse proposals of a run, or set whole replies aside; their agency reads the reason."""
        content = {"reason": reason, "run": run, "proposals": list(proposals), "replies": list(replies)}
        return self._speaker.record(ReplyList, "POST", f"/v1/rounds/{round}/replies/refuse", content=content)

    def look_at_results(self, round: str, text: str, *, plan: bool = False) -> ResultsView:
        """What a list of results (CSV) would change; with ``plan`` a run is asked for that finds its effect."""
        content, path = {"text": text, "plan": plan}, f"/v1/rounds/{round}/results-day/effect"
        return self._speaker.record(ResultsView, "POST", path, content=content)

    def enter_results(self, round: str, text: str, seen: int) -> ResultsView:
        """Enter a list of results (CSV); ``seen`` is the round's version that was seen."""
        path = f"/v1/rounds/{round}/results-day"
        return self._speaker.record(ResultsView, "POST", path, content={"text": text}, seen=seen)

    def results_effect(self, run: str) -> ResultsEffect:
        """What a list of results does to the plan, of a run of kind results_day that is over."""
        return self._speaker.record(ResultsEffect, "GET", f"/v1/runs/{run}/results-day")

    def scenarios(self) -> tuple[ScenarioLine, ...]:
        """The questions of the library."""
        return self._speaker.record(tuple[ScenarioLine, ...], "GET", "/v1/scenarios")

    def run_scenarios(
        self, round: str, only: Sequence[str] = (), files: Mapping[str, str] = {}, settings: Mapping[str, str] = {}
    ) -> Accepted:  # fmt: skip
        """Ask questions of the data in force of a round: of the library, or TOML texts of one's own by file name."""
        content = {"only": list(only), "files": dict(files), "settings": dict(settings)}
        path, key = f"/v1/rounds/{round}/scenarios", secrets.token_hex(16)
        return self._speaker.record(Accepted, "POST", path, content=content, key=key)

    def answers(self, run: str) -> bytes:
        """The answers of a run of scenarios as JSON."""
        return self._speaker.ask("GET", f"/v1/runs/{run}/answers").content

    def share(self, run: str) -> Sharing:
        """Let agencies and the Alliance, as members of the round, see their part of a run's plan or answers."""
        return self._speaker.record(Sharing, "PUT", f"/v1/runs/{run}/shared")

    def share_no_more(self, run: str) -> None:
        """Take it back."""
        self._speaker.ask("DELETE", f"/v1/runs/{run}/shared")

    def sharing(self, round: str) -> RoundSharing:
        """Which plan of a round is shared, and who sees it."""
        return self._speaker.record(RoundSharing, "GET", f"/v1/rounds/{round}/sharing")

    def retention(self) -> RetentionView:
        """What will be deleted for good, and when."""
        return self._speaker.record(RetentionView, "GET", "/v1/retention")


def _file(path: Path) -> tuple[str, bytes]:
    """A file to send; the library's words where it cannot be read."""
    return path.name, path.read_bytes()
