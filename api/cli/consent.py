"""`secondorder consent soft-opt-in`: permission that rests on a purchase, for a market's existing customers."""

from typing import Annotated

import typer

from .command import command
from .desk import Desk, channel_from
from .rights import consent as group

__all__ = ["group"]


@command(group, "soft-opt-in")
def soft_opt_in(
    desk: Desk,
    market: Annotated[str, typer.Argument(metavar="MARKET", help="A country such as DE.")],
    source: Annotated[str, typer.Option(help="What it rests on, such as the terms of sale and their date.")],
    channel: Annotated[str, typer.Option(help="email or sms.")] = "email",
    vouch: Annotated[bool, typer.Option("--vouch", help="Say in your name that the policy's conditions hold.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say who would have it; write nothing.")] = False,
) -> None:
    """State the existing-customer basis for everybody of a market who qualifies; it lapses by itself."""
    from api.verbs import consents

    from .tables import facts, table

    found = consents.soft_opt_in(
        desk.acting, market, channel_from(channel), source, vouches=vouch, dry_run=dry_run
    )  # fmt: skip
    said = "would have it" if found.is_dry_run else "have it now"
    head = {"market": found.market, "channel": found.channel, "policy": found.wording_id, said: found.n_granted}
    head |= {"of": found.n_people, "first lapses": found.first_lapses_at or "-"}
    conditions = [f"Condition: {one}." for one in found.conditions]
    rows = [(reason.replace("_", " "), n) for reason, n in found.left_out.items()]
    desk.emit(found, facts(head), table("Left out", ("why", "people"), rows), *conditions)
