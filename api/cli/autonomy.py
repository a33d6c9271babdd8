"""`secondorder autonomy`: how far actions may go by themselves."""

from typing import TYPE_CHECKING, Annotated

import typer

from .command import command
from .desk import Desk, instant_from

if TYPE_CHECKING:
    from memory.domain.autonomy import AutonomyAction, AutonomyLevel

group = typer.Typer(no_args_is_help=True, help="How far actions may go by themselves.")

Action = Annotated[str, typer.Argument(metavar="ACTION", help="plan_live or release_advance.")]


@command(group, "grant")
def grant(
    desk: Desk,
    action: Action,
    level: Annotated[int, typer.Argument(min=0, max=3, help="0 draft, 1 ask, 2 below thresholds, 3 in guardrails.")],
    until: Annotated[str, typer.Option(metavar="INSTANT", help="When it ends, such as 2027-01-31T00:00+01:00.")],
    max_reach: Annotated[int | None, typer.Option(min=0, help="Most people, of level 2.")] = None,
    max_cost: Annotated[str, typer.Option(metavar="SUM", help="Highest expected cost, such as 200 EUR.")] = "",
    max_loss: Annotated[str, typer.Option(metavar="SUM", help="Highest worst-case cost.")] = "",
    note: Annotated[str, typer.Option(help="Why, in your words.")] = "",
) -> None:
    """Grant a level until it expires; approvers only, never an agent."""
    from api.verbs.autonomy import grant as give
    from api.verbs.autonomy import thresholds_from
    from memory.domain.errors import InvalidInput

    expires_at = instant_from(until)
    if expires_at is None:
        raise InvalidInput(what="--until", why="it is empty", remedy="Write 2027-01-31T00:00+01:00")
    thresholds = thresholds_from(max_reach, max_cost, max_loss)
    made = give(desk.acting, action_from(action), _level(level), expires_at, thresholds, note)
    desk.emit(made, f"Grant {made.id}: {made.action} at level {made.level} until {made.expires_at:%Y-%m-%d %H:%M} UTC.")


@command(group, "list")
def list_(desk: Desk) -> None:
    """List every grant, newest first."""
    from api.verbs.autonomy import list_grants

    from .tables import table

    found = list_grants(desk.acting)
    rows = [
        (one.id, one.action, str(one.level), one.granted_by, one.expires_at, one.revoked_by or "-") for one in found
    ]
    desk.emit(found, table("Autonomy", ("id", "action", "level", "by", "until", "revoked by"), rows))


@command(group, "revoke")
def revoke(desk: Desk, grant_id: Annotated[str, typer.Argument(metavar="GRANT", help="The grant's id.")]) -> None:
    """Take a grant back at once."""
    from api.verbs.autonomy import revoke as take

    taken = take(desk.acting, grant_id)
    desk.emit(taken, f"Grant {taken.id} is revoked.")


@command(group, "report")
def report(desk: Desk) -> None:
    """Say which share of decisions the agent took, and list those people were spared."""
    from api.verbs.autonomy import report as read

    from .tables import facts, table

    found = read(desk.acting)
    rows = [(one.at, one.plan_id[:12], str(one.level), one.granted_by) for one in found.spared]
    desk.emit(
        found,
        facts(found.model_dump(exclude={"spared"})),
        table("Decisions people were spared", ("at", "plan", "level", "in the name of"), rows),
    )


def action_from(text: str) -> "AutonomyAction":
    """Read an action; raises `InvalidInput`."""
    from typing import get_args

    from memory.domain.autonomy import AutonomyAction
    from memory.domain.errors import InvalidInput

    for known in get_args(AutonomyAction):
        if text == known:
            found: AutonomyAction = known
            return found
    known_words = ", ".join(get_args(AutonomyAction))
    raise InvalidInput(what=f"action {text!r}", why="it is not known", remedy=f"Write one of {known_words}")


def _level(number: int) -> "AutonomyLevel":
    levels: tuple[AutonomyLevel, ...] = (0, 1, 2, 3)
    return levels[number]
