"""Registers with published matches and decisions, and rows of every kind of decision, drawn from a seed."""

from datetime import date, timedelta
from random import Random
from typing import Any

from allocator.reading.reader import register_of
from benchmarks.demonstration import generate
from models.register import Register
from tests.reading.sheets import TODAY, sheets

KINDS = (
    "fix", "do_not_match", "exception", "withdraw", "declined", "agency_decision", "name_pe", "unlock",
    "together", "apart", "name_supervisor", "requested", "defer", "hold",
)  # fmt: skip
_STATUSES = (
    "proposed", "proposed", "sent_to_agency", "meeting_booked", "confirmed", "confirmed", "started", "declined",
    "meeting_failed", "ended", "ended_early",
)  # fmt: skip
_SLIPS = (("status", "confrimed"), ("offer", "O9999"), ("student_told_on", "31/02/2026"))
Cells = dict[str, Any]


def partnership(seed: int) -> dict[str, list[Cells]]:
    """Sheets with published matches: the demonstration's in small, or those of the reading tests."""
    draw = Random(f"partnership {seed}")
    given: dict[str, list[Cells]] = (
        sheets(Decisions=[]) if seed % 4 == 0 else {k: [dict(r) for r in v] for k, v in generate(seed, 0.1).items()}
    )
    requests = [_request(given, row) for row in given["Requests"]]
    if seed % 4 == 0:
        requests += ["S1/first", "S3/final"]
    offers = given["Offers"]
    for offer in offers:
        if draw.random() < 0.4:
            offer["educators"] = draw.choice((None, "TBC", "TBC x2", "TBC PEPS1; TBC PEPS2", "TBC PEPS1 x2; TBC"))
        offer["on_site_supervisor"] = draw.choice(("yes", "no", "to_be_named"))
    for row in given["Requests"]:
        if draw.random() < 0.2:
            row["found_by"] = "employer"
    pes = [row["pe"] for row in given["Educators"]]
    given["Published"] = []
    for request in requests:
        if draw.random() < 0.8:
            offer = draw.choice(offers[:12])
            row = {"request": request, "offer": offer["offer"], "status": draw.choice(_STATUSES)}
            row["pe"] = draw.choice((None, "PE needed", f"TBC@{offer['offer']}", draw.choice(pes)))
            if draw.random() < 0.2:
                row["student_told_on"] = "2026-11-02"
            if draw.random() < 0.3:
                row |= {"start": "2027-01-11", "end": "2027-05-14"}
            given["Published"].append(row | (dict([draw.choice(_SLIPS)]) if draw.random() < 0.15 else {}))
    for student in given["Students"]:
        if draw.random() < 0.15:
            student["clearance"] = "pased"
    return given


def _request(given: dict[str, list[Cells]], row: Cells) -> str:
    attempt = row.get("attempt") or 1
    return f"{row['student']}/{row['stage']}" + (f"/{attempt}" if attempt > 1 else "")


class Deciding:
    """Draws rows of the Decisions sheet about what a partnership has, some with a cell that names nothing."""

    def __init__(self, seed: int, given: dict[str, list[Cells]]) -> None:
        self.draw = Random(f"deciding {seed}")
        self.requests = [row["request"] for row in given["Published"]]
        self.requests += [_request(given, row) for row in given["Requests"]][:10]
        self.offers = {row["offer"]: row for row in given["Offers"]}
        self.published = {row["request"]: row["offer"] for row in given["Published"]}
        self.tranches = [row["tranche"] for row in given["Tranches"]]
        self.students = [row["student"] for row in given["Students"]]
        self.pes = [row["pe"] for row in given["Educators"]]
        if seed % 3 == 1:  # few things, about which much is decided
            self.requests, self.pes = self.draw.sample(self.requests, 2), self.draw.sample(self.pes, 2)
            places = [self.published[r] for r in self.requests if r in self.published]
            self.offers = {o: row for o, row in self.offers.items() if o in places} or self.offers
            self.published = {r: o for r, o in self.published.items() if r in self.requests}

    def row(self, kind: str) -> tuple[Cells, bool]:
        """A row as it is meant, and whether a cell of it is broken."""
        cells: Cells = {"decision": kind, "by": "AB"} | getattr(self, f"_{kind}")()
        if self.draw.random() < 0.3:
            cells["on"] = TODAY + timedelta(days=self.draw.choice((-9, 0, 30)))
        broken = kind != "withdraw" and self.draw.random() < 0.15
        if broken and (column := self.draw.choice([c for c in ("offer", "pe", "agency") if c in cells] or [""])):
            cells[column] = "Nowhere"
            return cells, True
        return cells, False

    def _someone(self) -> Cells:
        request = self.draw.choice(self.requests)
        return {"request": request.split("/")[0] if self.draw.random() < 0.3 else request}

    def _somewhere(self, request: str) -> Cells:
        near = [self.published[request]] if request in self.published else []
        name = self.draw.choice([*near, *near, *near, self.draw.choice(list(self.offers))])
        offer = self.offers.get(name) or self.draw.choice(list(self.offers.values()))
        place: Cells = {"agency": offer["agency"], "team": offer["team"]}
        return self.draw.choice(({"offer": offer["offer"]}, {"agency": offer["agency"]}, place))

    def _one_request(self) -> Cells:
        return {"request": self.draw.choice(self.requests)}

    def _offer(self) -> Cells:
        return {"offer": self.draw.choice([*self.published.values(), *self.offers])}

    def _pe(self) -> Cells:
        return {"pe": self.draw.choice(self.pes)}

    def _known_offer(self) -> Cells:
        found = self._offer()
        return found if found["offer"] in self.offers else {"offer": next(iter(self.offers))}

    def _fix(self) -> Cells:
        return self._one_request() | self._known_offer() | self.draw.choice(({}, self._pe()))

    def _do_not_match(self) -> Cells:
        who = self._someone()
        return who | self.draw.choice((self._somewhere(who["request"]), self._pe()))

    def _declined(self) -> Cells:
        who = self._someone()
        if who["request"] in self.published and self.draw.random() < 0.3:
            return who | {"party": "student"}
        return who | {"party": "student"} | self.draw.choice((self._somewhere(who["request"]), self._pe()))

    def _exception(self) -> Cells:
        rule, value = self.draw.choice(
            (("E01", 5), ("E04", 95), ("E04", 120), ("E12", date(2027, 12, 31)), ("L07", None))
        )
        return self._one_request() | {"rule": rule, "value": value, "why": "agreed"}

    def _withdraw(self) -> Cells:
        what = self.draw.choice(("student", "offer", "pe", "supervisor"))
        cells: Cells = {"student": self._someone, "pe": self._pe}.get(what, self._known_offer)()
        if self.draw.random() < 0.3:
            cells["effective"] = TODAY + timedelta(days=self.draw.choice((-20, 60, 110, 200)))
        return {"about": what} | cells

    def _two(self) -> Cells:
        return {"request": "; ".join(self.draw.sample(self.students, 2))}

    def _together(self) -> Cells:
        return self._two() | self.draw.choice(({}, {"value": 15}))

    def _apart(self) -> Cells:
        return self._two() | {"value": self.draw.choice(("team", "agency"))}

    def _agency_decision(self) -> Cells:
        agency = self.draw.choice(list(self.offers.values()))["agency"]
        value = self.draw.choice(("accepted", "declined", "to_ask", "not_needed"))
        return self._someone() | {"agency": agency, "value": value}

    def _name_pe(self) -> Cells:
        if self.draw.random() < 0.5:
            return self._known_offer() | self._pe()
        return self._one_request() | self._pe()

    def _name_supervisor(self) -> Cells:
        return self._known_offer() if self.draw.random() < 0.5 else self._one_request()

    def _requested(self) -> Cells:
        agency = self.draw.choice(list(self.offers.values()))["agency"]
        return self._someone() | self.draw.choice((self._known_offer(), {"agency": agency}))

    def _defer(self) -> Cells:
        return self._one_request() | {"value": self.draw.choice((*self.tranches, "2031"))}

    def _hold(self) -> Cells:
        whom = self._one_request() if self.draw.random() < 0.7 else {}
        until = self.draw.choice((None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=60)))
        return (
            whom
            | self._known_offer()
            | {"places": self.draw.choice((None, 1, 2))}
            | ({"until": until} if until else {})
        )

    def _unlock(self) -> Cells:
        return self._someone()


def register(given: dict[str, list[Cells]]) -> Register:
    """The sheets as a register."""
    return register_of(given)
