"""`secondorder cohort`: the buyers of a peak, each in exactly one of four."""

from typing import Annotated

import typer

from .command import command
from .desk import Desk, day_from

group = typer.Typer(no_args_is_help=True, help="The buyers of a peak, each in exactly one of four cohorts.")

Day = Annotated[str, typer.Option(metavar="YYYY-MM-DD")]


@command(group, "show")
def show(desk: Desk, peak_from: Day = "", peak_until: Day = "") -> None:
    """Show the four cohorts of the last peak, or of the peak you name."""
    from api.verbs.cohorts import show_cohorts

    from .tables import table

    found = show_cohorts(desk.acting, day_from(peak_from), day_from(peak_until))
    rows = [
        (
            one.id,
            one.n_people,
            one.n_reachable,
            one.reachable_by_channel.get("email", 0),
            one.reachable_by_channel.get("sms", 0),
            one.reachable_by_channel.get("push", 0),
            one.expected_repeat_rate,
        )
        for one in found.cohorts
    ]
    columns = ("cohort", "people", "reachable", "email", "sms", "push", "repeat rate the year before")
    desk.emit(found, table(f"Cohorts of the peak {found.peak_from} to {found.peak_until}", columns, rows))
