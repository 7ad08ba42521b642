"""Everything around supply and demand of England: Tranches, Places, Travel, Decisions, Policy."""

from collections import defaultdict
from datetime import date

from benchmarks.demonstration import calibration as shared
from benchmarks.demonstration.draw import Row, source
from benchmarks.demonstration.surroundings import minutes
from benchmarks.england import calibration as c
from benchmarks.england.agencies import Host
from benchmarks.england.districts import DISTRICTS
from benchmarks.england.geography import within


def tranches() -> list[Row]:
    """The demonstration's rounds; January and May are decided in one run, so that finals are among them."""
    return [
        {"tranche": name, **facts._asdict(), "status": "later" if name == c.NEXT_JANUARY else "deciding"}
        for name, facts in c.TRANCHES.items()
    ]


def places(students: list[Row], teams: list[Row]) -> list[Row]:
    """Every district in use with its coordinates."""
    used = {str(row["home"]) for row in students} | {str(row["place"]) for row in teams}
    return [{"place": name, "latitude": at[0], "longitude": at[1]} for name, at in DISTRICTS.items() if name in used]


def travel(students: list[Row], offers: list[Row], seed: int) -> list[Row]:
    """Measured times for a few pairs of home and office that are near each other."""
    draw = source(seed, "travel", "england")
    homes = sorted({(str(row["home"]), "car" if row["drives"] == "yes" else "public") for row in students})
    offices = {str(row["place"]) for row in offers}
    return [
        {"from": home, "to": office, "mode": mode, "minutes": minutes(DISTRICTS[home], DISTRICTS[office], mode, draw)}
        for home, mode in homes
        for office in within(home, c.MEASURED_KM)[1:]
        if office in offices and draw.randrange(1000) < c.MEASURED_PER_THOUSAND
    ]


def policy() -> list[Row]:
    """Today and how far students travel: everything else is the product's default."""
    return [
        {"setting": "as_of", "value": shared.AS_OF},
        {"setting": "seed", "value": 1},
    ]


def decisions(students: list[Row], requests: list[Row], offers: list[Row], hosts: list[Host], seed: int) -> list[Row]:
    """What people decided so far about a few students: an exception, a pair never, an agency's answer or refusal."""
    draw = source(seed, "decisions", "england")
    programmes = {row["student"]: (row["university"], row["scheme"]) for row in students}
    offered: defaultdict[object, list[Row]] = defaultdict(list)
    for row in offers:
        offered[row["agency"], row["tranche"]].append(row)
    able = [row for row in requests if programmes[row["student"]][1] is None]
    rows: list[Row] = []
    for number, request in enumerate(draw.sample(able, max(4, len(students) * c.DECISIONS_PER_THOUSAND // 1000))):
        university, _ = programmes[request["student"]]
        near = [host.facts for host in hosts if university in host.universities]
        agency = draw.choice([facts for facts in near if facts.asks_decision or number % 4 < 2] or near)
        suitable = [
            row for row in offered[agency.agency, request["tranche"]]
            if row["stage"] in (request["stage"], "either") and not row.get("reserved_for")
        ]  # fmt: skip
        if not suitable:
            continue
        offer = draw.choice(suitable)
        id = f"{request['student']}/{request['stage']}" + ("" if request["attempt"] == 1 else f"/{request['attempt']}")
        rows.append({"request": id, "on": date(2026, 11, 9)} | _decision(number, offer, draw.randrange(2)))
    return rows


def _decision(number: int, offer: Row, accepted: int) -> Row:
    match number % 4:
        case 0:
            return {
                "decision": "exception", "offer": offer["offer"], "rule": "E04", "value": 110,
                "by": "placement lead", "why": "the student agreed to the journey",
            }  # fmt: skip
        case 1:
            return {
                "decision": "do_not_match", "offer": offer["offer"], "reason_code": "interest", "by": "university lead",
            }  # fmt: skip
        case 2:
            value = "accepted" if accepted else "declined"
            return {"decision": "agency_decision", "agency": offer["agency"], "value": value, "by": "agency lead"}
        case _:
            return {
                "decision": "declined", "agency": offer["agency"], "team": offer["team"], "party": "agency",
                "reason_code": "meeting", "by": "agency lead",
            }  # fmt: skip
