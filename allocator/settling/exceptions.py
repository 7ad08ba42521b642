"""The value of an exception: what a named person allows beyond a rule, as canonical text."""

import re
from typing import Any

from allocator.reading.dates import read_date
from allocator.settling.draft import Draft


def exception_value(draft: Draft, rule: str, raw: Any) -> tuple[str | None, str]:
    """The value of an exception as canonical text.

    Parameters
    ----------
    draft
        Knows the educators.
    rule
        One of :data:`models.catalogue.EXCEPTION_RULES`.
    raw
        The cell.

    Returns
    -------
    tuple
        The value (None for rules without one), and what would be allowed if it is not a value (else empty).
    """
    text = "" if raw is None else str(raw).strip()
    if rule in {"E01", "E04"}:
        most, unit = (10, "days short") if rule == "E01" else (600, "minutes")
        whole = re.fullmatch(r"(\d{1,4})(?:\.0)?", text)
        if whole and 1 <= int(whole[1]) <= most:
            return str(int(whole[1])), ""
        return None, f"{unit}, a whole number from 1 to {most}"
    if rule == "E11":
        listed = draft.directory["educators"].find(text)
        if listed is not None and draft.educators[listed]["qualification"] == "PEPS2":
            return listed, ""
        return None, "the id of a PEPS2 on Educators, who assesses"
    if rule == "E12":
        day = read_date(raw, False)[0]
        return (day.isoformat(), "") if day else (None, "the date until which the PE counts as current")
    if rule == "E18":
        words = {"agency": "agency", "pe": "PE", "peps2": "PEPS2"}
        word = words.get(text.casefold())
        return (word, "") if word else (None, "agency, PE or PEPS2")
    return None, ""
