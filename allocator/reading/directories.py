"""Ids that other sheets refer to: found as typed, by another spelling, or by another name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from allocator.reading.collecting import Collector, did_you_mean, quoted
from allocator.reading.tables import Row, Table, consequence, subject_of


def fold(text: str) -> str:
    """A text without case and without differences in spaces, hyphens and underscores.

    Parameters
    ----------
    text
        An id or a word.

    Returns
    -------
    str
        Equal for spellings that a person would call the same.
    """
    return " ".join(text.replace("_", " ").replace("-", " ").casefold().split())


class Directory:
    """The ids of one kind. ``where`` names the sheet in messages; ``aliases`` are other names."""

    def __init__(self, where: str, ids: Iterable[str], aliases: Mapping[str, str] | None = None) -> None:
        self.where = where
        self.ids = frozenset(ids)
        by_fold: defaultdict[str, set[str]] = defaultdict(set)
        for name in self.ids:
            by_fold[fold(name)].add(name)
        for alias, name in (aliases or {}).items():
            if name in self.ids and fold(alias) not in by_fold:
                by_fold[fold(alias)].add(name)
        self._by_fold = {k: next(iter(v)) for k, v in by_fold.items() if len(v) == 1}

    def __contains__(self, name: str) -> bool:
        return name in self.ids

    def find(self, name: str) -> str | None:
        """The listed id that a text means.

        Parameters
        ----------
        name
            As typed.

        Returns
        -------
        str or None
            None where nothing listed is spelt so.
        """
        return name if name in self.ids else self._by_fold.get(fold(name))

    def suggestion(self, name: str) -> str:
        """A sentence that suggests a listed id.

        Parameters
        ----------
        name
            As typed.

        Returns
        -------
        str
            Empty where nothing is near.
        """
        return did_you_mean(name, self.ids)

    def split(self, names: Iterable[str]) -> tuple[list[str], list[str], list[str]]:
        """Find every name of a list; a part with commas counts as a list if all its parts are listed.

        Parameters
        ----------
        names
            As typed, separated by ``;``.

        Returns
        -------
        tuple of list
            Ids found, names that are not listed, and parts that were separated by commas.
        """
        found: list[str] = []
        missing: list[str] = []
        commas: list[str] = []
        for name in names:
            listed = self.find(name)
            parts = [self.find(p) for p in name.split(",") if p.strip()] if "," in name else []
            if listed is not None:
                found.append(listed)
            elif parts and all(p is not None for p in parts):
                found.extend(p for p in parts if p is not None)
                commas.append(name)
            else:
                missing.append(name)
        return list(dict.fromkeys(found)), missing, commas


def resolve_column(table: Table, name: str, directory: Directory, collector: Collector, *, keep: bool = False) -> None:
    """Replace what a reference column holds by the listed ids.

    Parameters
    ----------
    table
        Its rows are changed.
    name
        A column that holds an id or a list of ids.
    directory
        The ids.
    collector
        Takes what is not listed, and what is spelt otherwise.
    keep
        True where an unlisted id is a fact all the same (a former team): it stays, and nothing is reported.
    """
    column = table.sheet.by_name[name]
    level, cost = consequence(column)
    commas: list[tuple[Row, str]] = []
    respelt: dict[str, tuple[Row, str]] = {}
    for row in table.rows:
        value = row.get(name)
        if value is None:
            continue
        typed = value if isinstance(value, tuple) else (value,)
        found, missing, by_comma = directory.split(typed) if isinstance(value, tuple) else _single(directory, value)
        commas.extend((row, c) for c in by_comma)
        for text in typed:
            listed = directory.find(text)
            if listed is not None and listed != text:
                respelt.setdefault(text, (row, listed))
        if missing and keep:
            found = [directory.find(text) or text for text in typed]
        elif missing:
            for text in missing:
                collector.add(
                    "V303",
                    sheet=table.sheet.name,
                    row=row.number,
                    column=name,
                    found=text,
                    where=directory.where,
                    level=level,
                    subject=subject_of(table.sheet, row),
                    consequence=cost if level == "set_aside" else "",
                    suggestion=directory.suggestion(text),
                )
            if level == "set_aside":
                row.reasons.append(f"{name} names something that is not listed")
        if isinstance(value, tuple):
            row.values[name] = tuple(found)
        elif found:
            row.values[name] = found[0]
        else:
            row.values.pop(name)
            row.unreadable[name] = "; ".join(missing)
    for text, (row, listed) in sorted(respelt.items()):
        collector.add("V304", sheet=table.sheet.name, row=row.number, column=name, found=text, meaning=listed)
    if commas:
        collector.add(
            "V218",
            sheet=table.sheet.name,
            row=commas[0][0].number,
            column=name,
            count=len(commas),
            found=quoted(c for _, c in commas),
        )


def _single(directory: Directory, value: str) -> tuple[list[str], list[str], list[str]]:
    listed = directory.find(value)
    return ([listed], [], []) if listed is not None else ([], [value], [])
