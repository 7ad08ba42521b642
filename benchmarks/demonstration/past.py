"""The round before: the plan that is in force for it, as placements that run."""

import random
from collections import defaultdict
from datetime import date, timedelta
from itertools import cycle, islice

from benchmarks.demonstration import calibration as c
from benchmarks.demonstration.demand import Demand
from benchmarks.demonstration.draw import Row, source
from benchmarks.demonstration.facts import Partnership
from benchmarks.demonstration.supply import Supply

WEEKS = 22
"""A placement of 100 days that begins in September ends after so many weeks."""


def published(partnership: Partnership, people: Demand, hosts: Supply, seed: int, scale: float) -> list[Row]:
    """Rows of the sheet Published: every request of the past round in a place of it, with a PE.

    A student goes where neither team nor agency is that of the first placement. The PE is of the team, else of the
    agency; a practice consultant where there is none, as far as the partnership says.

    Parameters
    ----------
    partnership, seed, scale
        As for :func:`benchmarks.demonstration.generate`.
    people, hosts
        What was drawn.

    Returns
    -------
    list of dict
        In order of request; none where the partnership has no past round.
    """
    draw = source(seed, "published", partnership.drawn_as)
    past = [name for name, facts in partnership.rounds.items() if facts.status == "past"]
    before = {row["student"]: row for row in people.history}
    rows: list[Row] = []
    for name in past:
        start = partnership.rounds[name].first_day
        placed = [row for row in people.requests if row["tranche"] == name and not row["found_by"]]
        places = _places(hosts, name, len(placed), draw)
        staff = _Staff(partnership, hosts.educators, scale, draw)
        for request in placed:
            first = before.get(request["student"], {})
            offer = min(places, key=lambda row: row["agency"] == first.get("agency"))
            places.remove(offer)
            told = date(2026, 7, 20) + timedelta(days=draw.randrange(15))
            rows.append(
                {
                    "request": f"{request['student']}/{request['stage']}",
                    "offer": offer["offer"],
                    "pe": staff.take(offer),
                    "status": "started",
                    "start": start,
                    "end": start + timedelta(weeks=WEEKS, days=-3),
                    "student_told_on": told,
                }
            )
    return rows


def _places(hosts: Supply, name: str, number: int, draw: random.Random) -> list[Row]:
    """So many places of a round, the statutory ones among them as many as the published share says."""
    statutory = {(row["agency"], row["team"]): row["statutory_regulator"] for row in hosts.teams}
    places = [row for row in hosts.offers if row["tranche"] == name for _ in range(int(str(row["capacity"])))]
    draw.shuffle(places)
    places.sort(key=lambda row: statutory[row["agency"], row["team"]] in ("no", "not known"))
    wanted = round(number * c.STATUTORY_IN_PAST_ROUND_PERCENT / 100)
    return [*places[:wanted], *places[wanted - number :]]


class _Staff:
    """Who is free for a final of the past round."""

    def __init__(self, partnership: Partnership, educators: list[Row], scale: float, draw: random.Random) -> None:
        self.free: defaultdict[str, list[Row]] = defaultdict(list)
        for row in educators:
            usable = (row["qualification"], row.get("registered")) == ("PEPS2", "yes")
            usable = usable and row.get("load") != partnership.hub.places
            if usable and row["employed_by"] not in ("partnership", "independent"):
                self.free[str(row["employed_by"])].append(row)
        for rows in self.free.values():
            draw.shuffle(rows)
        # Scaled without the least of 1: a small partnership would have more of them than the cap allows.
        self.from_outside = [
            str(row["pe"])
            for who, number in (("partnership", partnership.consultants_in_past_round), ("independent", 1))
            for row in islice(cycle([r for r in educators if r["employed_by"] == who]), round(number * scale))
        ]

    def take(self, offer: Row) -> str | None:
        """The nearest PE: of the team, of the agency, a visiting one while there is one; else not recorded."""
        agency = str(offer["agency"])
        rows = sorted(self.free[agency], key=lambda row: row["team"] != offer["team"])
        if not rows:
            return self.from_outside.pop(0) if self.from_outside else None
        self.free[agency].remove(rows[0])
        return str(rows[0]["pe"])
