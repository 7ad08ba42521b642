"""An agency's part of a plan: what its reply form holds, its offers, its account. Nothing else leaves the team."""

from allocator.report.agencies import form_names
from allocator.report.layout import HEADER_ROW
from allocator.report.writing import AGENCIES
from allocator.views.account import Account, accounts
from allocator.views.agency_forms import form_tables, hosts
from allocator.views.agency_tasks import agency_tasks
from allocator.views.facts import Facts
from allocator.views.table import Table
from allocator.views.unused import Unused
from allocator.views.version import version
from allocator.views.year import year_words
from api.problems import NotFoundError
from api.wire.sharing import AgencyPlan, OwnAccount, OwnOffer, SharedTable

FIRST_ROW = HEADER_ROW + 1
"""Where the rows of a form begin in its workbook; a page numbers them in the same way."""
_NOTHING = "This plan has nothing of your agency: it is not listed in it, and has no offer in it."


def agency_plan(facts: Facts, agency: str) -> AgencyPlan:
    """What an agency sees of a plan.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    agency
        As the dataset names it.

    Returns
    -------
    AgencyPlan
        The tables are those of its reply form, word for word.

    Raises
    ------
    NotFoundError
        The plan has nothing of this agency.
    """
    account, has_form = accounts(facts).get(agency), agency in hosts(facts)
    if account is None and not has_form:
        raise NotFoundError(_NOTHING)
    unused = Unused(facts)
    tables = form_tables(facts, agency, unused) if has_form else {}
    return AgencyPlan(
        agency=agency,
        name=facts.agency_name(agency),
        version=version(facts.plan),
        as_of=facts.as_of,
        offers=_offers(facts, agency),
        account=None if account is None else _own(account),
        to_do=agency_tasks(facts, agency, unused) if has_form else (),
        form=tuple(_shared(sheet, table) for sheet, table in tables.items()),
    )


def form_of(facts: Facts, agency: str) -> str:
    """The path of an agency's reply form among the files of a run.

    Raises
    ------
    NotFoundError
        The plan has nothing of this agency.
    """
    name = form_names(facts).get(agency)
    if name is None:
        raise NotFoundError(_NOTHING)
    return f"{AGENCIES}/{name}"


def _offers(facts: Facts, agency: str) -> tuple[OwnOffer, ...]:
    return tuple(
        OwnOffer(
            offer=o.offer, team=o.team, place=o.place, tranche=o.tranche, stage=o.stage,
            state="withdrawn" if o.withdrawn else o.state, places=o.capacity,
            used=len(facts.matches_of_offer.get(o.offer, ())),
        )
        for o in facts.horizon_offers
        if o.agency == agency
    )  # fmt: skip


def _own(account: Account) -> OwnAccount:
    return OwnAccount(
        academic_year=year_words(account.year), asked=account.asked, floor=account.floor, ceiling=account.ceiling,
        other_programmes=float(account.other_programmes), offered=account.offered, used=account.used,
        firm=account.firm, unused=account.unused, gap=account.gap, standing=account.standing,
    )  # fmt: skip


def _shared(sheet: str, table: Table) -> SharedTable:
    return SharedTable(
        sheet=sheet,
        title=table.title,
        note=table.note,
        headings=tuple(c.title for c in table.columns),
        to_fill=tuple(c.title for c in table.columns if c.reply),
        choices={c.title: c.choices for c in table.columns if c.choices},
        first_row=FIRST_ROW,
        rows=tuple(tuple(row) for row in table.rows),
    )
