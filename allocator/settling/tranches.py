"""Tranches: their status, and the tranche of a request or an offer that names none."""

from allocator.reading.collecting import Collector
from allocator.settling.directories import Directory
from allocator.settling.draft import Draft, facts_of
from allocator.settling.repeats import repeated
from models.base import natural_key
from models.entities import Tranche
from models.register import Row


def read_tranches(draft: Draft) -> None:
    """Read the Tranches sheet into ``draft.tranches``.

    Parameters
    ----------
    draft
        Takes tranches and problems.
    """
    apart = repeated(draft.table("Tranches"), draft.collector, {})
    rows: dict[str, Row] = {}
    for row in draft.usable("Tranches"):
        if row.get("tranche") is None:
            draft.collector.add(
                "V216",
                sheet="Tranches",
                row=row.number,
                column="tranche",
                allowed="the name of the round",
                or_not_known="",
            )
            continue
        rows[row.values["tranche"]] = row
        _check_order(row, draft.collector)
    _check_deciding(draft, rows, [row for group in apart.values() for row in group])
    statuses = _statuses(rows, draft)
    for name, row in rows.items():
        facts = facts_of(row, "tranche", "first_day", "last_start", "last_end", "stages", "programmes")
        draft.tranches[name] = Tranche(status=statuses[name], **facts)
        draft.rows["Tranches", name] = row
    draft.directory["tranches"] = Directory("Tranches", rows)


def _check_deciding(draft: Draft, rows: dict[str, Row], apart: list[Row]) -> None:
    """Stop where the round being decided cannot be used but others can: a plan of those would look like success."""
    decided = any(row.get("status") == "deciding" for row in rows.values())
    for row in (*draft.table("Tranches").rows, *apart) if rows else ():
        status = row.get("status")
        usable = rows.get(row.get("tranche")) is row
        if not usable and (status == "deciding" or (status is None and not decided)):
            why = "the one being decided" if status else "perhaps the one being decided (its status is blank)"
            draft.collector.add(
                "V425", sheet="Tranches", row=row.number, subject=row.get("tranche") or "the round", why=why,
                cause="".join(f" ({column} '{text}' cannot be read)" for column, text in row.unreadable.items()),
            )  # fmt: skip


def _check_order(row: Row, collector: Collector) -> None:
    for early, late in (("first_day", "last_start"), ("first_day", "last_end"), ("last_start", "last_end")):
        first, last = row.get(early), row.get(late)
        if first and last and last < first:
            collector.add(
                "V220",
                sheet="Tranches",
                row=row.number,
                column=late,
                subject=row.get("tranche"),
                found=f"{early} {first}, {late} {last}",
                consequence=", so nothing fits in between",
            )


def _statuses(rows: dict[str, Row], draft: Draft) -> dict[str, str]:
    """The status of every tranche; a blank one among several is read from its dates, and said so."""
    stated = {name: row.get("status") for name, row in rows.items()}
    if len(rows) == 1:
        return {name: status or "deciding" for name, status in stated.items()}
    order = sorted(rows, key=lambda n: (rows[n].values["first_day"], natural_key(n)))
    deciding = [n for n in order if stated[n] == "deciding"]
    result: dict[str, str] = {}
    # The round being decided is the stated one, else the first that is still to begin, else the last of all.
    to_come = [n for n in order if not stated[n] and rows[n].values["first_day"] >= draft.as_of]
    blank = [n for n in order if not stated[n]]
    now = deciding or to_come[:1] or blank[-1:]
    for name in order:
        first_day = rows[name].values["first_day"]
        if stated[name]:
            result[name] = stated[name]
            continue
        if name in now:
            result[name] = "deciding"
        else:
            result[name] = "later" if not now or first_day >= rows[now[0]].values["first_day"] else "past"
        draft.collector.add(
            "V409", sheet="Tranches", row=rows[name].number, column="status", subject=name, found=result[name]
        )
    return result


class TrancheChooser:
    """Chooses the tranche of rows that name none, and collects where the choice was not clear."""

    def __init__(self, draft: Draft, sheet: str) -> None:
        self._deciding = sorted(
            (t for t in draft.tranches.values() if t.status == "deciding"),
            key=lambda t: (t.first_day, natural_key(t.tranche)),
        )
        self._collector = draft.collector
        # Where no tranche is left for anybody, that is one message and not one for every row.
        self._none_left = all(t.status == "past" for t in draft.tranches.values())
        self._sheet = sheet
        self._unclear: dict[str, list[int]] = {}

    def choose(self, stage: str | None, programmes: tuple[str, ...], row: int | None, subject: str) -> str | None:
        """The tranche being decided that admits a stage and one of the programmes.

        Parameters
        ----------
        stage
            None for both stages.
        programmes
            Empty for all.
        row, subject
            For messages.

        Returns
        -------
        str or None
            None (and an issue, unless all tranches are past) where none admits it.
        """
        fitting = self._fitting(stage, programmes)
        if not fitting:
            if not self._none_left:
                consequence = "nobody is placed there" if self._sheet == "Offers" else "nothing is looked for"
                self._collector.add(
                    "V411", sheet=self._sheet, row=row, column="tranche", subject=subject, consequence=consequence
                )
            return None
        if len(fitting) > 1:
            self._unclear.setdefault(fitting[0].tranche, []).append(row or 0)
        return fitting[0].tranche

    def any(self, stage: str, programme: str) -> str | None:
        """A tranche in which a request counts that names one which cannot be read, and so is not placed.

        Parameters
        ----------
        stage, programme
            Of the request.

        Returns
        -------
        str or None
            None where no tranche is being decided.
        """
        return next((t.tranche for t in (*self._fitting(stage, (programme,)), *self._deciding)), None)

    def _fitting(self, stage: str | None, programmes: tuple[str, ...]) -> list[Tranche]:
        return [
            t
            for t in self._deciding
            if (stage is None or not t.stages or stage in t.stages)
            and (not programmes or not t.programmes or set(programmes) & set(t.programmes))
        ]

    def report(self) -> None:
        """Report the choices that were not clear, once per tranche."""
        for name, rows in sorted(self._unclear.items()):
            self._collector.add("V410", sheet=self._sheet, row=min(rows), column="tranche", count=len(rows), found=name)


def check_admitted(tranche: Tranche, stage: str, programme: str, row: int | None, subject: str, draft: Draft) -> None:
    """Warn where a request is in a tranche that is for other stages or programmes.

    Parameters
    ----------
    tranche
        That of the request.
    stage, programme
        Of the request.
    row, subject
        For the message.
    draft
        Takes the problem.
    """
    wrong = [
        allowed
        for value, allowed in ((stage, tranche.stages), (programme, tranche.programmes))
        if allowed and value not in allowed
    ]
    if wrong:
        allowed = "; ".join(", ".join(a) for a in wrong)
        draft.collector.add(
            "V412",
            sheet="Requests",
            row=row,
            column="tranche",
            subject=subject,
            tranche=tranche.tranche,
            allowed=allowed,
        )
