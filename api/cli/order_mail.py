"""`secondorder order-mail`: who sends order confirmation and shipping notice, and what became of ours."""

from pathlib import Path
from typing import Annotated

import typer

from .command import command
from .desk import Desk, readable_file

group = typer.Typer(no_args_is_help=True, help="Order confirmations and shipping notices: who sends them, and ours.")


@command(group, "show")
def show(desk: Desk) -> None:
    """Show who sends each transactional step, and how many of our mails stand where."""
    from api.verbs import order_mail

    from .tables import facts, table

    found = order_mail.overview(desk.acting)
    since = found.standing.since if found.standing else {}
    days = ", ".join(f"{market} {n}" for market, n in sorted(found.settings.handling_days.items()))
    rest = found.settings.model_dump(mode="json") | {"handling_days": days}
    rest["tracking_hosts"] = ", ".join(found.settings.tracking_hosts)
    rest |= {f"{step} ours since": f"{at:%Y-%m-%d %H:%M}" for step, at in since.items()}
    rows = [(one.kind, one.state, one.reason, f"{one.n_mails:,}") for one in found.counts]
    told, minutes = found.notices, found.settings.notice_minutes
    in_time = f"{told.n_in_time:,} of {told.n_sent:,} shipping notices of 30 days left within {minutes} minutes."
    desk.emit(
        found, facts(rest), table("Mails", ("mail", "state", "why", "mails"), rows), in_time if told.n_sent else ""
    )


@command(group, "set")
def set_(desk: Desk, path: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON.")]) -> None:
    """Set who sends each step (shop, esp, us) and what our mails rest on, from a file."""
    from api.verbs import order_mail

    changed = order_mail.read_settings(readable_file(path).read_text(encoding="utf-8"))
    found = order_mail.change_settings(desk.acting, changed)
    ours = [step for step in ("order_confirmation", "shipping_notice") if getattr(found, step) == "us"]
    desk.emit(found, f"Ours from now on: {', '.join(ours)}." if ours else "We send neither; others do.")


@command(group, "list")
def list_(desk: Desk) -> None:
    """List the mails about orders and parcels that were heard of last."""
    from api.verbs import order_mail

    from .tables import table

    found = order_mail.lines(desk.acting)
    rows = [
        (one.order_ref, one.kind, one.state, one.reason, one.language, f"{one.heard_at:%Y-%m-%d %H:%M}")
        for one in found
    ]
    desk.emit(found, table("Mails", ("order", "mail", "state", "why", "language", "heard of"), rows))


@command(group, "send")
def send(desk: Desk, limit: Annotated[int | None, typer.Option(help="At most so many.", min=1)] = None) -> None:
    """Send what is due now; workers do it by themselves."""
    from api.verbs import order_mail

    found = order_mail.send(desk.acting, limit)
    kept = ", ".join(f"{n} {why}" for why, n in sorted({**found.suppressed, **found.failed}.items()))
    said = f"{found.n_sent:,} sent, {found.n_later:,} tried again later, {found.n_unknown:,} unknown."
    desk.emit(found, said, f"Not sent: {kept}." if kept else "", *(one.message for one in found.refused))
