"""Where the universities and councils of the synthetic England are, what is near what, and who works with whom."""

import math
from functools import cache
from typing import NamedTuple

from benchmarks.england.districts import DISTRICTS

_AREAS = """
Leeds LS2 Leeds LS1 Wakefield WF1|Bradford BD7 Bradford BD1 Halifax HX1|Huddersfield HD1 Huddersfield HD1
Manchester M13 Manchester M1 Sale M33|Salford M5 Salford M27 Bury BL9|Sheffield S10 Sheffield S1 Rotherham S60
Leeds LS6 Barnsley S70|Manchester M15 Stockport SK1 Ashton OL6|Bolton BL3 Bolton BL1 Wigan WN1
York YO10 York YO1 Harrogate HG1|Hull HU6 Hull HU1 Beverley HU17|Liverpool L3 Liverpool L2 Bootle L20
Liverpool L16 Huyton L36 St Helens WA10|Chester CH1 Chester CH1 Birkenhead CH41|Preston PR1 Preston PR1 Blackpool FY1
Birmingham B15 Birmingham B1 Solihull B91|Birmingham B42 West Bromwich B70 Dudley DY1
Wolverhampton WV1 Wolverhampton WV1 Walsall WS1|Coventry CV1 Coventry CV1 Warwick CV34|Stoke ST4 Stoke ST1
Worcester WR2 Worcester WR1|Derby DE22 Derby DE1|Nottingham NG7 Nottingham NG1 Mansfield NG18
Leicester LE1 Leicester LE1 Loughborough LE11|Lincoln LN6 Lincoln LN1|Northampton NN2 Northampton NN1 Kettering NN16
Newcastle NE1 Newcastle NE1 Gateshead NE8|Sunderland SR1 Sunderland SR1 South Shields NE33
Durham DH1 Durham DH1 Darlington DL1|Middlesbrough TS1 Middlesbrough TS1 Stockton TS18
Cambridge CB1 Cambridge CB1 Peterborough PE1|Norwich NR4 Norwich NR1|Luton LU1 Luton LU1 Bedford MK40
Hatfield AL10 Hertford SG13|Chelmsford CM1 Chelmsford CM1 Southend SS1|Stratford E15 Newham E16 Tower Hamlets E14
Holloway N7 Islington N1 Haringey N22|Hendon NW4 Barnet NW4 Brent HA9|Greenwich SE10 Greenwich SE18 Lewisham SE6
Southwark SE1 Southwark SE1 Lambeth SW2|Uxbridge UB8 Hillingdon UB8 Ealing W5|Kingston KT1 Kingston KT1 Sutton SM1
Twickenham TW1 Richmond TW9 Wandsworth SW18|Reading RG6 Reading RG1 Slough SL1|Oxford OX3 Oxford OX1
Brighton BN2 Brighton BN1 Lewes BN7|Canterbury CT1 Canterbury CT1|Southampton SO17 Southampton SO14 Winchester SO23
Portsmouth PO1 Portsmouth PO1|Bournemouth BH12 Bournemouth BH1|Bristol BS16 Bristol BS1|Bath BA2 Bath BA1
Exeter EX4 Exeter EX1|Plymouth PL4 Plymouth PL1
"""
"""University: city and district of its campus, then councils, each a town and the district of its main office."""

PARTNER_KM = 60.0
"""A university works with agencies no further than this, where it has any."""
MOST_UNIVERSITIES = 3
"""Universities that one agency works with, at most: the nearest."""


class Council(NamedTuple):
    """A council: its town and the district of its main office."""

    town: str
    office: str


class University(NamedTuple):
    """A university, the district of its campus, and the councils that its area brings."""

    university: str
    campus: str
    councils: tuple[Council, ...]


def _parse() -> tuple[University, ...]:
    found: list[University] = []
    for entry in _AREAS.strip().replace("\n", "|").split("|"):
        pairs: list[tuple[str, str]] = []
        words: list[str] = []
        for word in entry.split():
            if word in DISTRICTS:
                pairs.append((" ".join(words), word))
                words = []
            else:
                words.append(word)
        city, campus = pairs[0]
        before = sum(u.university.startswith(f"University at {city}") for u in found)
        name = f"University at {city}" + (f" {before + 1}" if before else "")
        found.append(University(name, campus, tuple(Council(*pair) for pair in pairs[1:])))
    return tuple(found)


UNIVERSITIES: tuple[University, ...] = _parse()
"""All of England. Each prefix is a region of neighbours, so that fewer students make a smaller England as dense."""


@cache
def kilometres(one: str, other: str) -> float:
    """Distance of two districts on a flat map.

    Parameters
    ----------
    one, other
        Districts.

    Returns
    -------
    float
        Kilometres (a degree of latitude is 111.2 km; of longitude that by the cosine of the mean latitude), rounded
        to metres, so that the last bit of a cosine does not decide which is nearer.
    """
    (north, east), (other_north, other_east) = DISTRICTS[one], DISTRICTS[other]
    narrowing = math.cos(math.radians((north + other_north) / 2))
    return round(111.2 * math.hypot(north - other_north, narrowing * (east - other_east)), 3)


@cache
def within(centre: str, km: float) -> tuple[str, ...]:
    """Districts around a district.

    Parameters
    ----------
    centre
        The district in the middle; it comes first.
    km
        How far.

    Returns
    -------
    tuple of str
        Nearest first.
    """
    near = [name for name in DISTRICTS if kilometres(centre, name) <= km]
    return tuple(sorted(near, key=lambda name: (kilometres(centre, name), name)))


def partners_of(office: str, universities: tuple[University, ...]) -> tuple[University, ...]:
    """Universities that an agency works with: the nearest few within reach, at least one.

    Parameters
    ----------
    office
        The agency's main office.
    universities
        Those that there are.

    Returns
    -------
    tuple of University
        Nearest first.
    """
    ordered = sorted(universities, key=lambda u: (kilometres(office, u.campus), u.university))
    near = [u for u in ordered if kilometres(office, u.campus) <= PARTNER_KM]
    return tuple(near[:MOST_UNIVERSITIES] or ordered[:1])
