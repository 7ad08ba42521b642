"""``placements rules | policy``: the rule catalogue and the settings."""

from typing import Annotated

import typer

from allocator.commands.options import AsJson
from allocator.commands.printing import dumped, out_console, print_json

group = typer.Typer()


@group.command(epilog="Example: placements rules L04")
def rules(
    rule: Annotated[str | None, typer.Argument(help="One rule, for example E04.", show_default=False)] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="The whole catalogue as a page.")] = False,
    as_json: AsJson = False,
) -> None:
    """The rule catalogue: statement, kind, basis, settings."""
    from allocator.commands.tables import rules_table
    from allocator.views.rulebook import as_markdown
    from models.catalogue import RULES
    from models.errors import UsageError
    from models.policy import Policy

    defaults = Policy()
    if markdown and (as_json or rule):
        raise UsageError("--markdown writes the whole catalogue as a page: leave out --json and the rule")
    if markdown:
        typer.echo(as_markdown(), nl=False)
        return
    wanted = [r for r in RULES if rule is None or r.id.casefold() == rule.casefold()]
    if not wanted:
        raise UsageError(f"no rule {rule}; allowed: {', '.join(r.id for r in RULES)}")
    if as_json:
        print_json({"rules": dumped([r.model_copy(update={"statement": defaults.stated(r)}) for r in wanted])})
    else:
        out_console.print(rules_table(wanted, defaults))


@group.command(epilog="Example: placements policy")
def policy(as_json: AsJson = False) -> None:
    """Every policy setting with default, unit, range and owning rule."""
    from allocator.commands.tables import policy_table
    from allocator.settling import policy_keys

    keys = policy_keys()
    if as_json:
        print_json({"settings": dumped(keys)})
    else:
        out_console.print(policy_table(keys))
