"""`secondorder effects`: what each message adds for whom, learned from the shop's own decisions."""

from typing import TYPE_CHECKING

import typer

from .command import command
from .desk import Desk

if TYPE_CHECKING:
    from rich.table import Table

    from memory.domain.experiment import Estimate
    from memory.domain.learned import KindEffects, ShopEffects
    from memory.domain.response import Response

group = typer.Typer(no_args_is_help=True, help="What each message adds for whom, learned from the shop's decisions.")


@command(group, "learn")
def learn(desk: Desk) -> None:
    """Learn effects per person, fatigue, channels and hours from what chance made of decisions, for the next ticks."""
    from api.verbs.effects import learn as read

    found = read(desk.acting)
    desk.emit(found, *_shown(found))


@command(group, "show")
def show(desk: Desk) -> None:
    """Show what was learned last: effects with intervals, where they are used or refused, and what sends lose."""
    from api.verbs.effects import show as known

    found = known(desk.acting)
    desk.emit(found, *_shown(found))


def _shown(found: "ShopEffects") -> "list[Table | str]":
    from .tables import table

    kinds = [_kind(one) for one in found.kinds]
    cells = [
        (f"{one.load_from}+", "yes" if one.is_at_risk else "no", f"{one.n_sent:,}",
         f"{one.rate:.2%} ({one.low:.2%} to {one.high:.2%})")
        for one in found.fatigue.cells
    ]  # fmt: skip
    head = ("kind", "decisions", "worth rows", "orders per 100", "over today, minor", "used")
    return [
        f"{found.label}, orders within {found.within_days} days",
        table("Effects", head, kinds),
        table("People lost per send", ("messages before", "at risk", "sends", "share"), cells),
        table(
            "Channels and hours",
            ("cohort", "what", "messages", "more orders per 100", "drawn together", "used"),
            [_response(one) for one in found.responses],
        ),
        *[
            f"{one.kind}: trees of {one.boosted.learner} beat the terms by {_per(one.boosted.over_floor_minor, 1, 1)} "
            f"minor units per decision; used: {'yes' if one.boosted.is_used else 'no'}"
            for one in found.kinds
            if one.boosted is not None
        ],
        *[f"{one.kind}: {one.average.message}" for one in found.kinds if one.average.kind == "not_estimable"],
    ]


def _kind(one: "KindEffects") -> tuple[str, ...]:
    gain = _per(one.over_today_minor, 1, 1)
    used = "yes" if one.is_used else "no"
    return (one.kind, f"{one.n:,}", f"{one.effective_rows:,.0f}", _per(one.average, 100, 2), gain, used)


def _response(one: "Response") -> tuple[str, ...]:
    from tools.timing import LATER_MINUTES

    minute = LATER_MINUTES[one.hour_no - 1] if one.hour_no else 0
    what = f"{one.channel} over {one.against}" if one.against else f"{one.channel} at {minute // 60}:{minute % 60:02}"
    figures = (_per(one.difference, 100, 2), _per(one.shrunk, 100, 2))
    return (one.cohort, what, f"{one.n:,}", *figures, "yes" if one.is_sure else "no")


def _per(found: "Estimate", factor: float, digits: int) -> str:
    if found.kind == "not_estimable":
        return "-"
    low, middle, high = (factor * each for each in (found.low, found.estimate, found.high))
    return f"{middle:+.{digits}f} ({low:+.{digits}f} to {high:+.{digits}f})"
