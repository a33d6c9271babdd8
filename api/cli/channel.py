"""`secondorder channel`: what carries messages, how it stands, and a test of it."""

from typing import TYPE_CHECKING, Annotated

import typer

from .command import EXIT_FAILED, command
from .desk import Desk

if TYPE_CHECKING:
    from api.verbs.channels import ChannelStatus

group = typer.Typer(no_args_is_help=True, help="What carries messages, how it stands, and a test of it.")


@command(group, "list")
def list_(desk: Desk) -> None:
    """List the channels: contract, kind, circuit, suppression list, warm-up."""
    from api.verbs.channels import channels

    from .tables import table

    found = channels(desk.acting)
    rows = [
        (
            one.channel,
            one.contract,
            one.kind,
            "yes" if one.is_live else "no",
            "yes" if one.is_ready else "no",
            _how(one),
        )
        for one in found
    ]
    desk.emit(found, table("Channels", ("channel", "contract", "kind", "live", "list ready", "stands"), rows))


@command(group, "test")
def test(
    desk: Desk,
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="email, sms or push.")],
    to: Annotated[str, typer.Option("--to", metavar="ADDRESS", help="Your own address, number or push token.")],
) -> None:
    """Send one test message to an address of your own."""
    from api.verbs.channels import send_test
    from memory.domain.errors import InvalidInput

    if channel not in ("email", "sms", "push"):
        raise InvalidInput(what=f"channel {channel!r}", why="there is none", remedy="Use email, sms or push.")
    outcome = send_test(desk.acting, channel, to)  # type: ignore[arg-type]
    said = getattr(outcome, "receipt", "") or getattr(outcome, "reason", "")
    desk.emit(outcome, f"{channel}: {outcome.kind} ({said})")
    if outcome.kind != "accepted":
        raise typer.Exit(EXIT_FAILED)


@command(group, "warm-up")
def warm_up(
    desk: Desk,
    done: Annotated[bool, typer.Option("--done", help="The domain is warm already: no ceiling any more.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after complaints held it.")] = False,
) -> None:
    """End a sending domain's warm-up, or resume it after complaints."""
    from api.verbs.channels import warm_up as change
    from memory.domain.errors import InvalidInput

    from .tables import facts

    if done == resume:
        raise InvalidInput(what="warm-up", why="one of the two is needed", remedy="Use --done or --resume.")
    found = change(desk.acting, "done" if done else "resume")
    desk.emit(found, facts(found.model_dump()))


def _how(one: "ChannelStatus") -> str:
    """Say how a channel stands."""
    said = one.circuit.replace("_", " ")
    if one.opens_again_at is not None:
        said += f" until {one.opens_again_at:%H:%M:%S} UTC: {one.trouble}"
    if one.warm_up is not None and not one.warm_up.is_done and (one.warm_up.ceiling or one.warm_up.paused_at):
        said += f"; {one.warm_up.domain} warms up, {one.warm_up.ceiling} today, {one.warm_up.n_held} held"
        said += f", paused: {one.warm_up.reason}" if one.warm_up.paused_at else ""
    return said
