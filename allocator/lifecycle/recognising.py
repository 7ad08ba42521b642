"""Forms that came back, recognised: whose each is, of which version, whether it came twice, and what is in it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from allocator.comparison import open_result
from allocator.lifecycle.reply_forms import FormRow, ReplyForm
from allocator.reading.folding import fold
from allocator.report.cells import file_stem
from allocator.views.agency_forms import UNUSED_SHEET, VISITS_SHEET
from allocator.views.version import version
from models.dataset import Dataset
from models.entities import Offer
from models.errors import Issue

Key = tuple[str, str, str, str]
"""Sheet, place, student and stage of a row, folded: rows may be sorted."""


class Recognised(NamedTuple):
    """A form, the agency that it is of (None: not known), the rows of it that count, and what is to be said of it."""

    name: str
    agency: str | None
    rows: tuple[FormRow, ...]
    said: tuple[str, ...]
    issues: tuple[Issue, ...]


def recognised(forms: Iterable[ReplyForm], dataset: Dataset, in_force: str | None) -> tuple[Recognised, ...]:
    """Tell forms apart.

    Parameters
    ----------
    forms
        As they were read, in their order.
    dataset
        What holds.
    in_force
        The version of the plan in force; None where it is not known.

    Returns
    -------
    tuple of Recognised
        In the same order. Of a row that came twice the first counts; where they differ none does.
    """
    offers = {fold(offer.offer): offer for offer in dataset.offers}
    seen = _Seen()
    found = []
    for form in forms:
        agency, said = _whose(form, dataset, offers)
        rows, twice = seen.take(form, agency)
        found.append((form, agency, rows, [*form.said, *said, *_version_words(form, dataset, in_force), *twice]))
    return tuple(
        Recognised(form.name, agency, tuple(row for row in rows if seen.counts(agency, row)), tuple(said), form.issues)
        for form, agency, rows, said in found
    )


def version_expected(dataset: Dataset, results: Path | None) -> str | None:
    """The version that forms should be of: of the plan that is published, else of a folder of results.

    Parameters
    ----------
    dataset
        What holds.
    results
        The folder; None where none is named.

    Returns
    -------
    str or None
        None where nothing says it.

    Raises
    ------
    UsageError
        There is no plan in the folder.
    """
    if dataset.versions and dataset.versions[-1].plan is not None:
        return dataset.versions[-1].plan
    return None if results is None else version(open_result(results).plan)


# -- Whose it is -------------------------------------------------------------------------------------------------------


def _whose(form: ReplyForm, dataset: Dataset, offers: dict[str, Offer]) -> tuple[str | None, list[str]]:
    """The agency of a form by its title, else by its places; and whether file name and content say something else."""
    if not form.rows:
        return None, []
    agencies = dict.fromkeys([a.agency for a in dataset.agencies] + [o.agency for o in dataset.offers])
    names = {fold(name): agency for agency in agencies for name in (agency, _full_name(dataset, agency))}
    titled = names.get(fold(form.agency)) if form.agency is not None else None
    leads = Counter(
        offers[fold(row.place)].agency for row in form.rows
        if row.place is not None and fold(row.place) in offers and row.sheet != VISITS_SHEET
    )  # fmt: skip
    agency = titled or (next(iter(leads)) if len(leads) == 1 else None)
    said = []
    if agency is None:
        what = f"it says '{form.agency}', which is no agency here" if form.agency else "its title is gone"
        said.append(f"Of which agency it is cannot be told: {what}. It was not used.")
        return None, said
    if titled is None:
        said.append(f"Its title names no agency; by its places it is {agency}'s, and was read so.")
    elif leads and agency not in leads:
        said.append(f"It says that it is {agency}'s, but its places are of {', '.join(sorted(leads))}.")
    called = next((a for a in agencies if fold(file_stem(a, set())) == fold(Path(form.name).stem)), agency)
    if called != agency:
        said.append(f"The file is called after {called}, and is {agency}'s: it was read as {agency}'s.")
    return agency, said


def _full_name(dataset: Dataset, agency: str) -> str:
    found = dataset.agency_by_id.get(agency)
    return found.name or agency if found is not None else agency


# -- Which version it is of --------------------------------------------------------------------------------------------


def _version_words(form: ReplyForm, dataset: Dataset, in_force: str | None) -> Iterator[str]:
    if not form.rows or in_force is None or form.version == in_force:
        return
    if form.version is None:
        yield "It does not say any more of which version it is."
        return
    number = {v.plan: v.version for v in dataset.versions}
    of, now = (f"version {number[v]}" if v in number else f"the plan {v}" for v in (form.version, in_force))
    yield f"It was made for {of}; in force is {now}. Rows are used where the plan still has them."


# -- Whether it came twice ---------------------------------------------------------------------------------------------


class _Seen:
    """Rows by what they are about, as they come."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, Key], tuple[str, FormRow]] = {}
        self._apart: set[tuple[str | None, Key]] = set()
        self._whole: dict[tuple[str, frozenset[tuple[Key, object]]], str] = {}

    def counts(self, agency: str | None, row: FormRow) -> bool:
        """Whether a row is used: another of the same place and student may say something else."""
        return (agency, _key(row)) not in self._apart

    def take(self, form: ReplyForm, agency: str | None) -> tuple[list[FormRow], list[str]]:
        """The rows of a form that were not there before, and what is to be said of the others."""
        if agency is None:
            return [], []
        answered = frozenset((_key(row), _content(row)) for row in form.rows if row.answered)
        whole = (agency, answered)
        if answered and whole in self._whole:
            return [], [f"It came twice, with the same answers as {self._whole[whole]}: it was read once."]
        self._whole[whole] = form.name
        kept: dict[Key, FormRow] = {}
        said: list[str] = []
        for row in form.rows:
            if row.place is None or (row.student is None and row.sheet != UNUSED_SHEET):
                said += [f"{row.where}: place or student is blank, so the row was not used."] if row.answered else []
                continue
            key = _key(row)
            other = self._first.get((agency, key))
            if other is None or (row.answered and not other[1].answered):
                self._first[agency, key] = form.name, row
                kept[key] = row
            elif row.answered and _content(row) != _content(other[1]):
                self._apart.add((agency, key))
                said.append(_apart_words(row, form.name, *other))
        return list(kept.values()), said


def _key(row: FormRow) -> Key:
    return row.sheet, fold(row.place or ""), fold(row.student or ""), fold(row.stage or "")


def _content(row: FormRow) -> object:
    return tuple(sorted((title, str(value)) for title, value in row.replies.items())), row.unreadable


def _apart_words(row: FormRow, name: str, other_name: str, other: FormRow) -> str:
    """Two rows about the same that differ, and in which cells."""
    titles = dict.fromkeys((*other.replies, *row.replies, *other.unreadable, *row.unreadable))
    cells = [
        f"{title} is '{_shown(other, title)}' there and '{_shown(row, title)}' here"
        for title in titles
        if _shown(other, title) != _shown(row, title)
    ]
    where = other.where if name == other_name else f"{other_name}, {other.where}"
    return f"{row.where}, is about the same as {where}, and differs: {'; '.join(cells)}. Neither was used."


def _shown(row: FormRow, title: str) -> str:
    return "cannot be read" if title in row.unreadable else str(row.replies.get(title, "blank"))
