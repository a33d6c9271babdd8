"""`secondorder parcels`: what lanes take, and which parcels are probably lost."""

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
