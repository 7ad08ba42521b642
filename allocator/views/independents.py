"""Independent PEs by every definition: published documents count them differently, and one of them binds (L07)."""

from collections.abc import Sequence
from typing import NamedTuple

from allocator.terms.independence import independent_as
from allocator.views.facts import Facts
from allocator.views.share import Share
from models.plan import Match
from models.policy import Independent

DEFINITIONS: dict[tuple[Independent, ...], str] = {
    ("independent",): "independents",
    ("partnership",): "the partnership's practice consultants",
    ("outside",): "PEs of agencies that are no members",
    ("off_site",): "PEs who are not in the team",
    ("independent", "partnership"): "independents and the partnership's practice consultants",
    ("independent", "outside"): "PEs whom no member employs (yearly return)",
}
"""What each list of senses counts; those that documents use."""
ORDER: tuple[Independent, ...] = ("independent", "partnership", "outside", "off_site")


class ByDefinition(NamedTuple):
    """How many placements and PEs are independent by one definition; ``binds``: the cap is about this one."""

    words: str
    placements: Share
    people: Share
    binds: bool


def definition_words(counts: Sequence[Independent]) -> str:
    """Who is independent by a list of senses, in words."""
    known = tuple(sense for sense in ORDER if sense in counts)
    return DEFINITIONS.get(known) or " and ".join(DEFINITIONS[sense,] for sense in known) or "nobody"


def independent_means(facts: Facts) -> str:
    """What the word means in every figure: the definition of the cap."""
    return f"Independent = {definition_words(facts.policy.independent_counts)}"


def by_definition(facts: Facts, matches: Sequence[Match]) -> list[ByDefinition]:
    """Placements and listed PEs used, by the definition that the cap binds first, then by every other.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    matches
        Placements to count; they are the whole of every share.
    """
    cap = tuple(sense for sense in ORDER if sense in facts.policy.independent_counts)
    return [
        ByDefinition(
            definition_words(counts),
            Share(sum(is_independent(facts, m, counts) for m in matches), len(matches)),
            people_independent(facts, matches, counts),
            counts == cap,
        )
        for counts in dict.fromkeys((cap, *DEFINITIONS))
    ]


def is_independent(facts: Facts, match: Match, counts: Sequence[Independent] | None = None) -> bool:
    """Whether a match's PE counts as independent, by default in the sense of the policy."""
    senses = independent_as(facts.dataset, match.pe, facts.offers.get(match.offer))
    return not senses.isdisjoint(facts.policy.independent_counts if counts is None else counts)


def people_independent(facts: Facts, matches: Sequence[Match], counts: Sequence[Independent] | None = None) -> Share:
    """Listed PEs used who count as independent in a placement or more: some documents count people."""
    used = [(e.pe, m) for m in matches if (e := facts.educator(m)) is not None]
    return Share(len({pe for pe, m in used if is_independent(facts, m, counts)}), len({pe for pe, _ in used}))
