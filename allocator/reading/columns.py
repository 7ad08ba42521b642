"""What a column and a sheet are: the vocabulary of the one table that drives reading, template and documentation."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "id", "reference", "references", "text", "place", "places", "word", "words", "open_word", "open_words", "yes_no",
    "date", "dates", "whole", "decimal", "days_a_week", "ranking", "educators", "spokes", "any",
]  # fmt: skip

KIND_IN_WORDS: dict[str, str] = {
    "id": "an id (text)",
    "reference": "an id",
    "references": "ids separated by ;",
    "text": "text",
    "place": "a postcode district (such as CR0) or a place's id",
    "places": "agencies or places, separated by ;",
    "yes_no": "yes or no",
    "date": "a date",
    "dates": "dates separated by ;",
    "whole": "a whole number",
    "decimal": "a number",
    "days_a_week": "days a week: 3 (at most 3), 2.5 or 3-5 (from 3 to 5)",
    "ranking": "offers, best first: O12 > O7 = O9",
    "spokes": "agency/team/place=days, several separated by ;",
    "educators": "PE ids, TBC, TBC PEPS1, TBC PEPS2, own PEPS1, own PEPS2, own trainee_1, own trainee_2, "
    "with x2 for two people, separated by ;",
    "any": "a value",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what its cells hold, what a blank means, and what an unreadable cell costs.

    ``protects`` (marked † in the documentation): the cell protects somebody, so a row whose cell cannot be read is
    set aside. ``limits``: the cell limits what may be planned, so a row whose cell cannot be read is set aside too;
    where ``unreadable`` says what it counts as instead, the row stays and takes nobody new. ``unreadable`` says what
    an unreadable cell counts as where that is not a blank. ``none``: words of the list 'no places' are read as 0.
    ``beside`` names a column without which the cell says nothing: it limits only where that one is filled.
    ``meant``: words without which the row is lost, so that what is one slip from one of them is read as that word,
    and asked about.
    ``asks``: a blank would let pass what the cell may forbid, so an unreadable one counts as "not known".
    ``words`` names a list of the Lists sheet whose words the cell takes. ``low`` and ``high`` bound numbers.
    """

    name: str
    kind: Kind
    note: str
    blank: str = ""
    required: bool = False
    allowed: tuple[str, ...] = ()
    words: str = ""
    protects: bool = False
    limits: bool = False
    none: bool = False
    unreadable: str = ""
    beside: str = ""
    asks: bool = False
    meant: tuple[str, ...] = ()
    least: bool = False
    low: int | None = None
    high: int | None = None
    width: int = 14

    @property
    def many(self) -> bool:
        """Whether the cell is a list (separated by ``;``)."""
        return self.kind in {"references", "places", "words", "open_words", "educators", "spokes", "dates"}

    @property
    def allowed_text(self) -> str:
        """What a cell may hold, in words."""
        if self.allowed:
            return " or ".join(
                [", ".join(self.allowed[:-1]), self.allowed[-1]] if len(self.allowed) > 1 else self.allowed
            )
        if self.words:
            return f"{'words' if self.many else 'a word'} of the list '{self.words}'" + (
                ", separated by ;" if self.many else ""
            )
        text = KIND_IN_WORDS[self.kind]
        if self.low is not None and self.high is not None:
            text += f" from {self.low} to {self.high}"
        elif self.low is not None:
            text += f", {self.low} or more"
        return text


_WAITING_SHEETS = frozenset(("Students", "Requests", "History", "Offers", "Educators"))
_WAITED_FOR: dict[str, tuple[str, ...]] = {
    "Agencies": ("authorities", "maximum_at_once", "minimum_in_year", "maximum_in_year", "asks_decision", "part"),
    "Teams": (
        "place", "areas", "setting", "statutory_regulator", "statutory_dfe", "authorities", "maximum_at_once", "part",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: what a row is, its columns, its key, and what its absence costs."""

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    required: bool = False
    absent: str = ""
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {c.name: c for c in self.columns})

    def carries_not_known(self, column: Column) -> bool:
        """Whether "not known" in a column reaches the matches, which then wait for the answer.

        Parameters
        ----------
        column
            One of the sheet's.

        Returns
        -------
        bool
            False where it counts as blank, which is said.
        """
        return column.name in _WAITED_FOR.get(self.name, (column.name,) if self.name in _WAITING_SHEETS else ())


def column(name: str, kind: Kind, note: str, blank: str = "", **facts: object) -> Column:
    """A column; one that states no meaning of a blank must be filled.

    Parameters
    ----------
    name, kind, note, blank
        As in :class:`Column`.
    **facts
        The other fields of :class:`Column`.

    Returns
    -------
    Column
        The column.
    """
    facts.setdefault("required", not blank)
    return Column(name, kind, note, blank, **facts)  # type: ignore[arg-type]


def evidence(blank: str) -> Iterable[Column]:
    """What bears out the DfE's test, as it stands on Teams and Offers."""
    for name, note in (
        ("section_17_or_47", "students do section 17 or 47 work (children); evidence for statutory_dfe"),
        ("capacity_and_care_act", "students do Mental Capacity Act and Care Act work (adults); evidence likewise"),
        ("updates_records", "students update case records themselves; evidence likewise"),
    ):
        yield column(name, "word", note, blank, allowed=("yes", "no"))


def statutory(of: str, blank: str) -> Iterable[Column]:
    """The two flags of the statutory tests, as they stand on History, Teams and Offers."""
    words = ("yes", "no", "by_equivalence")
    yield column(
        "statutory_regulator", "word", f"statutory by the regulator's task test: {of}", blank, allowed=words, width=18
    )
    yield column("statutory_dfe", "word", f"statutory by the DfE's setting test: {of}", blank, allowed=words, width=18)
