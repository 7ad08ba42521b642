"""What a scenario is: a question in words, edits on a base, and what its answer speaks of. Data only.

A scenario stands for one or several **cases**, each of which is solved: the base as it is, the variants that it lists,
the product of its grid, each as often as it is drawn.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from models.base import Record, Stage

Value = str | int | float | bool | None
Condition = Value | tuple[Value, ...]
Where = dict[str, Condition]
"""Columns of a sheet and what they must hold: a value, one of a list, or a comparison such as ``">= 2"``.

Of a column that holds a list one entry is enough. ``""`` is a blank cell; ``"!= x"`` anything but x.
"""
Percent = Annotated[float, Field(ge=0, le=1000)]
Probability = Annotated[float, Field(ge=0, le=1)]
EditedSheet = Literal["Offers", "Teams", "Agencies", "Educators", "Students", "Requests", "Commitments"]


class _Edit(Record):
    """Something that is done to rows. ``may_be_empty``: a selection of nothing is no error."""

    may_be_empty: bool = False


class Add(_Edit):
    """Rows more: ``values`` by column, ``number`` times; other columns are those of the first row that is ``like``.

    ``each_team``: on Offers, one for each team that these conditions select and that has no offer yet for the stage and
    tranche of the values.
    """

    edit: Literal["add"]
    sheet: EditedSheet
    values: dict[str, Any] = Field(default_factory=dict)
    like: Where = Field(default_factory=dict)
    number: int = Field(default=1, ge=1, le=10_000)
    each_team: Where | None = None


class Remove(_Edit):
    """Rows fewer, with what other sheets say of them; an offer with an agreed placement stays, closed to others."""

    edit: Literal["remove"]
    sheet: EditedSheet
    where: Where = Field(default_factory=dict)


class Scale(_Edit):
    """So many percent of the rows: some removed below 100, some copied above it, by seeded choice."""

    edit: Literal["scale"]
    sheet: EditedSheet
    where: Where = Field(default_factory=dict)
    percent: Percent | str


class Set(_Edit):
    """Cells of the rows; ``""`` blanks one, ``"* 1.2"`` multiplies a number.

    ``"* 1.2 whole"`` does so to the nearest whole, as it always is in columns of whole numbers.

    ``part``: of so many percent of the rows, by seeded choice.
    """

    edit: Literal["set"]
    sheet: EditedSheet
    where: Where = Field(default_factory=dict)
    values: dict[str, Any]
    part: Percent | str = 100.0


class Qualify(_Edit):
    """PEs qualify on a day: ``trainee_1`` becomes PEPS1, ``trainee_2`` and PEPS1 become PEPS2.

    ``opens``: places for firsts that name nobody but them are then for either stage.
    """

    edit: Literal["qualify"]
    stage: Literal["trainee_1", "trainee_2", "PEPS1"]
    where: Where = Field(default_factory=dict)
    part: Percent | str = 100.0
    on: str = ""
    opens: bool = False


class Leave(_Edit):
    """PEs or agencies go: they stay listed, and may not be used from a day (default: today)."""

    edit: Literal["leave"]
    sheet: Literal["Educators", "Agencies"]
    where: Where
    on: str = ""


class Absent(_Edit):
    """Agencies answer nothing until a day (default: until further notice): whatever waits for them cannot be placed."""

    edit: Literal["absent"]
    where: Where
    until: str = ""


class MoveTranche(_Edit):
    """Requests or offers belong to another tranche."""

    edit: Literal["move_tranche"]
    sheet: Literal["Requests", "Students", "Offers"]
    where: Where
    to: str


class Withdraw(_Edit):
    """Rows withdraw at random, each with a probability: a number, the column that holds it, or ``1 - column``."""

    edit: Literal["withdraw"]
    sheet: Literal["Students", "Educators", "Offers"]
    where: Where = Field(default_factory=dict)
    probability: Probability | str


class Freeze(_Edit):
    """A plan holds: matches of a plan file, or of the base's own plan (``base``), are published.

    ``told``: and the students told, so that nobody moves who need not; else ``max_changes`` says how many may move.
    """

    edit: Literal["freeze"]
    plan: str = "base"
    told: bool = True


Edit = Annotated[
    Add | Remove | Scale | Set | Qualify | Leave | Absent | MoveTranche | Withdraw | Freeze, Field(discriminator="edit")
]


class Variant(Record):
    """A case by name: what it changes beside what the scenario changes in all its cases."""

    name: str
    edits: tuple[Edit, ...] = ()
    policy: dict[str, Any] = Field(default_factory=dict)


class FromRows(Record):
    """Values of a grid that are read from the base: a column of the rows of a sheet, each once, in their order."""

    sheet: EditedSheet
    column: str
    where: Where = Field(default_factory=dict)


class Draws(Record):
    """Each case is drawn so many times; draw n of a seed is always the same."""

    number: int = Field(ge=1, le=100_000)
    seed: int = Field(default=1, ge=0)


class Measure(Record):
    """A number with its whole, by name, of the requests that the other fields leave.

    ``due``: in the tranches being decided, in the academic year, or in the whole plan.
    """

    name: str
    programmes: tuple[str, ...] = ()
    scheme: str = ""
    stage: Stage | None = None
    due: Literal["now", "year", "all"] = "all"
    by: Literal["", "agency", "programme", "stage", "setting", "tranche"] = ""
    title: str = ""


class AnswerSpec(Record):
    """Which answer is given: its kind (:mod:`scenarios.answers`), the measures that it speaks of, and its words."""

    kind: str = "differences"
    measures: tuple[Measure, ...] = (Measure(name="placed"),)
    words: dict[str, str] = Field(default_factory=dict)


class Scenario(Record):
    """A question with everything that is needed to answer it.

    ``base``: a workbook, from the folder of the file; blank: the one that is given. ``extends``: the name of a scenario
    of the same library, whose policy and edits come before. ``grid``: parameters with their values, every combination
    of which is a case; a parameter that begins with ``policy.`` is a setting, others stand in edits in braces.
    ``with_base``: the base as it is is a case, too, named ``as it is``.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    question: str
    reason: str = ""
    base: str = ""
    extends: str = ""
    policy: dict[str, Any] = Field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    variants: tuple[Variant, ...] = ()
    grid: dict[str, tuple[Value, ...] | FromRows] = Field(default_factory=dict)
    draws: Draws | None = None
    with_base: bool = True
    answer: AnswerSpec = AnswerSpec()
    assumes: tuple[str, ...] = ()


AS_IT_IS = "as it is"
"""The name of the case that changes nothing."""


class Case(Record):
    """One thing to solve: a case of a scenario, at one value of every parameter, in one of its draws."""

    scenario: str
    name: str
    parameters: dict[str, Value] = Field(default_factory=dict)
    draw: int = 0
    seed: int = 1
    edits: tuple[Edit, ...] = ()
    policy: dict[str, str] = Field(default_factory=dict)
    measures: tuple[Measure, ...] = ()

    @property
    def key(self) -> str:
        """What the case is called in results: unique in its library, whatever the order of running."""
        drawn = f"#{self.draw}" if self.draw else ""
        return f"{self.scenario}/{self.name}{drawn}"
