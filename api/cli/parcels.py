"""`secondorder parcels`: what lanes take, and which parcels are probably lost."""

from typing import Annotated

import typer

from .command import command
from .desk import Desk

group = typer.Typer(no_args_is_help=True, help="How long parcels take, and which are probably lost.")


@command(group, "lanes")
def lanes(desk: Desk) -> None:
    """Show how long each lane (origin, market, carrier) takes, learned from the parcels that arrived."""
    from api.verbs import parcels

    from .tables import table

    found = parcels.lanes(desk.acting)
    columns = ("origin", "market", "carrier", "parcels", "arrived", "half by day", "9 in 10", "99 in 100")
    rows = [
        (one.origin, one.market, one.carrier, one.n_parcels, one.n_arrived,
         *(f"{days:.1f}" for days in (one.p50_days, one.p90_days, one.p99_days)))
        for one in found
    ]  # fmt: skip
    desk.emit(found, table("Lanes", columns, rows))


@command(group, "lost")
def lost(desk: Desk) -> None:
    """List parcels that nobody saw arrive and that 99 in 100 of their lane would have by now; look into them."""
    from api.verbs import parcels

    from .tables import table

    found = parcels.lost(desk.acting)
    rows = [
        (one.order_ref, one.origin, one.market, one.carrier, f"{one.started_at:%Y-%m-%d}", f"{one.lost_at:%Y-%m-%d}")
        for one in found
    ]
    columns = ("order", "origin", "market", "carrier", "set out", "lost since")
    desk.emit(found, table("Probably lost", columns, rows) if rows else "No parcel is overdue.")


SlipId = Annotated[str, typer.Argument(metavar="SLIP", help="The slip's id.")]


@command(group, "slips")
def slips(desk: Desk) -> None:
    """Show how late each lane is now, lanes that slip or slipped, and what was held back for late parcels."""
    from api.verbs import slips as verbs

    from .tables import table

    found = verbs.overview(desk.acting)
    lanes = [
        (one.origin, one.market, one.carrier, one.n_judged, one.n_late, f"{one.late_rate:.0%}",
         f"{one.usual_late_rate:.0%}", "slips" if one.slips else "")
        for one in found.lanes
    ]  # fmt: skip
    slipped = [
        (slip.id, slip.origin, slip.market, slip.carrier, f"{slip.found_at:%Y-%m-%d}",
         f"{slip.ended_at:%Y-%m-%d}" if slip.ended_at else "lasts", one.n_people, one.n_waiting, slip.notice)
        for one in found.slips
        for slip in (one.slip,)
    ]  # fmt: skip
    held = [(one.message_kind, one.message_class, one.n_held, one.n_before_arrival) for one in found.held]
    ways = ("origin", "market", "carrier")
    desk.emit(
        found,
        table("Lanes now", (*ways, "judged", "late", "share", "usually", ""), lanes),
        table("Slips", ("slip", *ways, "found", "until", "people", "waiting", "message"), slipped),
        table("Held back for late parcels", ("message", "class", "held", "before arrival"), held),
    )


@command(group, "slip")
def slip(desk: Desk, slip_id: SlipId) -> None:
    """Show a slip and the drafted message to its people, in each language they read."""
    from api.verbs import slips as verbs

    from .tables import facts

    found = verbs.show(desk.acting, slip_id)
    told = {"people": found.line.n_people, "waiting": found.line.n_waiting, "message": found.line.slip.notice,
            "drafts": found.n_drafts}  # fmt: skip
    texts = [
        f"\n{one.language or 'no language'} ({one.n_people:,} people)\n{one.subject}\n{one.text}" for one in found.texts
    ]
    desk.emit(found, facts(told), *texts)


@command(group, "look")
def look(desk: Desk) -> None:
    """Look now for lanes that slip or have recovered; ticks do it once a day."""
    from api.verbs import slips as verbs

    found = verbs.look(desk.acting)
    said = [f"{one.id}: {one.origin} to {one.market} {one.carrier}, message {one.notice}" for one in found]
    desk.emit(found, *(said or ["No lane slips."]))


@command(group, "slip-approve")
def slip_approve(desk: Desk, slip_id: SlipId) -> None:
    """Let the drafted message go to the people of a slip, and to those it touches later."""
    from api.verbs import slips as verbs

    found = verbs.approve(desk.acting, slip_id)
    desk.emit(found, f"The message of slip {found.id} goes out.")


@command(group, "slip-decline")
def slip_decline(desk: Desk, slip_id: SlipId) -> None:
    """Send the drafted message to nobody; promotions and review requests still wait for the parcels."""
    from api.verbs import slips as verbs

    found = verbs.decline(desk.acting, slip_id)
    desk.emit(found, f"Nobody gets the message of slip {found.id}.")
