"""`secondorder shop`: the shops of this installation."""

from typing import Annotated

import typer

from .command import command
from .desk import Desk

group = typer.Typer(no_args_is_help=True, help="The shops of this installation.")

ShopArgument = Annotated[str, typer.Argument(metavar="ID", help="Lower case, digits, dot, dash, underscore.")]


@command(group, "create")
def create(
    desk: Desk,
    shop_id: ShopArgument,
    name: Annotated[str, typer.Option(help="What customers call it.")],
    currency: Annotated[str, typer.Option(help="ISO code its figures are summed in.")],
    zone: Annotated[str, typer.Option(help="IANA zone of its days.")],
    market: Annotated[str, typer.Option(help="Country of orders without one (ISO code).")] = "",
    sender: Annotated[str, typer.Option(help="From address of its mails.")] = "",
    postal_address: Annotated[str, typer.Option(help="Postal address in the mails' footer.")] = "",
    website: Annotated[str, typer.Option(help="Where links lead.")] = "",
) -> None:
    """Make a shop; whoever makes it becomes its admin (an admin cannot approve plans)."""
    from agent.access import create_shop, shop_from

    shop = shop_from(
        shop_id=shop_id,
        name=name,
        currency=currency,
        zone=zone,
        home_market=market,
        sender_email=sender,
        postal_address=postal_address,
        website=website,
    )
    with desk.app.store.unit_of_work() as uow:
        principal = create_shop(uow, shop, desk.principal_id, desk.app.clock.now())
    desk.emit(shop, f"Shop {shop.shop_id} is there; {principal.id} is its admin.")
    desk.remark("Cautious starting guardrails are in force: secondorder guardrails show.")
    desk.remark("Next: secondorder import <kind> PATH; a second person approves: secondorder principal add.")


@command(group, "list")
def list_(desk: Desk) -> None:
    """List the shops you have a role in."""
    from .tables import table

    granted = desk.principal.shops()
    with desk.app.store.read() as uow:
        shops = [shop for shop in uow.shops.all() if shop.shop_id in granted]
    rows = [(shop.shop_id, shop.name, shop.currency, shop.zone, shop.home_market) for shop in shops]
    desk.emit(shops, table("Shops", ("id", "name", "currency", "zone", "market"), rows))


@command(group, "show")
def show(desk: Desk, shop_id: Annotated[str, typer.Argument(metavar="[ID]", help="The shop.")] = "") -> None:
    """Show one shop with its newest data version."""
    from .tables import facts

    shop_id = shop_id or desk.shop_id
    desk.principal.require("read", shop_id)
    with desk.app.store.read() as uow:
        shop, version = uow.shops.get(shop_id), uow.versions.latest()
    desk.emit({"shop": shop, "data_version": version.number}, facts(shop.model_dump() | {"data": version.number}))
