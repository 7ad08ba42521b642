"""What a row of the Decisions sheet names: listed ids, what is not listed, and cells that contradict each other."""

from dataclasses import dataclass, field, replace

from allocator.reading.folding import fold
from allocator.settling.draft import Draft
from models.register import Row

REFERENCES = ("request", "offer", "pe", "agency", "team")
_ABOUT = ("student", "offer", "pe", "supervisor")
_DIRECTORIES = {"offer": "offers", "pe": "educators", "agency": "agencies"}


@dataclass(slots=True)
class Named:
    """What a row names: listed ids, and cells that name nothing listed (``missing``, by column).

    ``instead`` holds a column and what ``about`` names in its place, where the two differ. ``called``: the decision in
    other words than its cells'.
    """

    kind: str
    row: Row
    requests: tuple[str, ...] = ()
    student: str | None = None
    offer: str | None = None
    pe: str | None = None
    agency: str | None = None
    team: str | None = None
    about: str | None = None
    instead: tuple[str, str] | None = None
    missing: dict[str, str] = field(default_factory=dict)
    called: str | None = None

    @property
    def subject(self) -> str:
        """The decision in a few words, behind its id where it has one: ``D4 (fix S001/first O12)``."""
        whom = [self.row.get(c) for c in ("about", *REFERENCES, "rule")]
        words = self.called or " ".join([self.kind, *dict.fromkeys(str(w) for w in whom if w is not None)])
        return words if self.row.get("id") is None else f"{self.row.get('id')} ({words})"


def names(draft: Draft, kind: str, row: Row) -> Named:
    """What a row of the Decisions sheet names.

    Parameters
    ----------
    draft
        Everything else has been read; takes what is not listed.
    kind
        The decision.
    row
        The row; from here on it names things as they are listed.

    Returns
    -------
    Named
        Listed ids, what is missing, and what contradicts what.
    """
    named = Named(kind, row)
    values: dict[str, str] = {c: row.values[c] for c in REFERENCES if row.get(c) is not None}
    named.missing = {c: row.unreadable[c] for c in ("about", *REFERENCES) if c in row.unreadable}
    about = row.get("about")
    if about is not None:
        word = about.casefold().replace(" ", "_").removeprefix("on_site_")
        if word in _ABOUT:
            named.about = word
        else:
            column = _about(draft, named, about)
            if column is not None:
                target = "request" if column == "student" else column
                named.about = "student" if target == "request" else column
                if not _agrees(draft, target, about, values.setdefault(target, about)):
                    named.instead = (target, about)
    for column, text in values.items():
        _find(draft, named, column, text)
    if "team" in values:
        agency, team = draft.team_names.find(named.agency, values["team"])
        if team is None:
            named.missing["team"] = values["team"]
        named.agency, named.team = agency, team
    _respell(named)
    places = {
        "request": draft.directory["requests or students"],
        "offer": draft.directory["offers"],
        "pe": draft.directory["educators"],
        "agency": draft.directory["agencies"],
        "team": draft.directory["teams"],
    }
    for column, text in named.missing.items():
        if column in places and column not in row.unreadable:
            elsewhere = column == "team" and named.agency is not None and places[column].find(text) is not None
            draft.collector.add(
                "V303",
                sheet="Decisions",
                row=row.number,
                column=column,
                found=text,
                where=f"Teams or Offers as a team of {named.agency}" if elsewhere else places[column].where,
                subject=named.subject,
                consequence=", so the row was not used",
                suggestion="" if elsewhere else places[column].suggestion(text),
            )
    return named


def _respell(named: Named) -> None:
    """Let the row name things as they are listed, so that a decision's id is the same however it was typed."""
    values, request = named.row.values, named.requests[0] if len(named.requests) == 1 else None
    for column in ("offer", "pe", "agency", "team"):
        if column in values and (listed := getattr(named, column)) is not None:
            values[column] = listed
    for column in ("request", "about"):
        text = fold(str(values.get(column)))
        names = (request, named.student) if column == "request" else (request, named.student, named.offer, named.pe)
        listed = next((name for name in names if name is not None and fold(name) == text), None)
        if listed is not None:
            values[column] = listed


def _about(draft: Draft, named: Named, about: str) -> str | None:
    """The column that an id in ``about`` belongs to; None (and an issue) where it is not clear."""
    directories = {
        "student": draft.directory["students"],
        "request": draft.directory["requests"],
        "offer": draft.directory["offers"],
        "pe": draft.directory["educators"],
    }
    found = [column for column, directory in directories.items() if directory.find(about)]
    if len(found) == 1:
        return found[0]
    words = {"student": "a student", "request": "a request", "offer": "an offer", "pe": "a PE"}
    why = (
        f"is {' and '.join(words[f] for f in found)}" if found else "is no student, request, offer or PE that is listed"
    )
    for where in ("Requests", "Offers", "Educators") if not found else ():
        if cause := draft.collector.aside(about, where):
            why = f"is on {cause['listed']}, but its row was set aside ({cause['cause']})"
    draft.collector.add(
        "V506",
        sheet="Decisions",
        row=named.row.number,
        column="about",
        found=about,
        why=why,
        suggestion="" if found or "set aside" in why else draft.directory["anything"].suggestion(about),
        subject=named.kind,
    )
    named.missing["about"] = about
    return None


def _find(draft: Draft, named: Named, column: str, text: str) -> None:
    """What a cell names; of a request its id, or a student's, which stands for all requests of the student."""
    if column in _DIRECTORIES:
        listed = draft.directory[_DIRECTORIES[column]].find(text)
        if listed is None:
            named.missing[column] = text
        else:
            setattr(named, column, listed)
    if column != "request":
        return
    request = draft.directory["requests"].find(text)
    student = draft.directory["students"].find(text)
    if request is not None:
        named.requests = (request,)
        named.student = draft.requests[request]["student"]
    elif student is not None and student in draft.students:
        named.student = student
        named.requests = draft.requests_of.get(student, ())
    else:
        named.missing["request"] = text


def _agrees(draft: Draft, column: str, about: str, typed: str) -> bool:
    """Whether ``about`` and the column that it belongs to name one thing: a student and a request of theirs do."""
    if column != "request":
        directory = draft.directory[_DIRECTORIES[column]]
        return directory.find(about) == directory.find(typed)
    one, other = Named("", Row(0)), Named("", Row(0))
    _find(draft, one, column, about)
    _find(draft, other, column, typed)
    return one.student == other.student and (
        one.requests == other.requests or len(one.requests) != 1 or len(other.requests) != 1
    )


def apart(draft: Draft, named: Named) -> tuple[str, list[Named]]:
    """What the cells of a row say each by itself, where they contradict each other.

    Parameters
    ----------
    draft
        Knows the offers.
    named
        What the row names.

    Returns
    -------
    tuple
        The contradiction in words, and the readings; no words and one reading where the cells agree.
    """
    found: list[str] = []
    readings = [named]
    offer = draft.offers.get(named.offer or "")
    hosts = {c: getattr(named, c) for c in ("agency", "team") if getattr(named, c) is not None}
    if offer is not None and any(offer[c] != host for c, host in hosts.items()):
        place = "/".join(h for h in hosts.values())
        found.append(f"offer {named.offer} is of {offer['agency']}/{offer['team']}, not of {place}")
        readings = [replace(named, agency=None, team=None), replace(named, offer=None)]
    if named.instead is not None:
        column, about = named.instead
        found.append(f"about says {about}, {column} says {named.row.get(column)}")
        other = replace(named)
        _find(draft, other, column, about)
        readings.append(other)
    return " and ".join(found), readings
