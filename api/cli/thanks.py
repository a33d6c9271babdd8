"""`secondorder thanks`: the page after an order, its goods, its code, and what it changed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .command import command
from .desk import Desk, readable_file

if TYPE_CHECKING:
    from api.verbs.customer import Customer
    from memory.domain.experiment import Estimate

group = typer.Typer(no_args_is_help=True, help="The thank-you page: what a shop shows after an order.")

OrderRef = Annotated[str, typer.Argument(metavar="ORDER", help="The shop's own order name.")]
Email = Annotated[str, typer.Option("--email", help="The customer's address.")]
CustomerId = Annotated[str, typer.Option("--customer-id", help="The shop's id of the customer.")]


@command(group, "settings")
def settings(desk: Desk) -> None:
    """Show what the thank-you page holds: accounts per market, code, reward, share of plain pages."""
    from api.verbs import thanks

    from .tables import facts

    found = thanks.settings(desk.acting)
    desk.emit(found, facts(found.model_dump(mode="json")))


@command(group, "set")
def set_(desk: Desk, path: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON.")]) -> None:
    """Set it from a file; what guardrails or a market's currency forbid is refused with the reasons."""
    from api.verbs import thanks

    found = thanks.change_settings(desk.acting, thanks.read_settings(readable_file(path).read_text(encoding="utf-8")))
    desk.emit(found, "The thank-you page is set.")


@command(group, "prepare")
def prepare(desk: Desk) -> None:
    """Work out from the newest facts which goods follow from which; workers do it once a day."""
    from api.verbs import thanks

    found = thanks.prepare_goods(desk.acting)
    desk.emit(found, f"{found.n_goods:,} articles, {found.n_pairs:,} that follow from another.")


@command(group, "open")
def open_(
    desk: Desk,
    order: OrderRef,
    sku: Annotated[
        list[str] | None, typer.Option("--sku", help="An article of it; else it is read from facts.")
    ] = None,
    market: Annotated[str, typer.Option(help="Where it is delivered, such as DE.")] = "",
    email: Email = "",
    customer_id: CustomerId = "",
    share_code: Annotated[str, typer.Option("--share-code", help="What a friend of a customer came with.")] = "",
) -> None:
    """Make an order's page and give its address; asked again it gives the same."""
    from api.verbs import thanks

    given = {"order_ref": order, "skus": sku or [], "market": market or None, "share_code": share_code}
    new = thanks.read_order({**given, "customer": _customer(email, customer_id)})
    found = thanks.open_order(desk.acting, new)
    desk.emit(found, found.url)


@command(group, "show")
def show(desk: Desk, order: OrderRef) -> None:
    """Show an order's block as its customer sees it, with the rule that chose each article."""
    from api.verbs import thanks

    from .tables import facts, table

    found = thanks.show_block(desk.acting, order)
    rows = [(one.sku, one.title, str(one.price), one.rule, str(one.n_together or "")) for one in found.goods]
    more = {
        "code": found.code.code if found.code else "-",
        "accounts": ", ".join(one.network for one in found.socials) or "-",
        "to share": found.share.url if found.share else "-",
    }
    desk.emit(found, table("Goods", ("article", "title", "price", "rule", "orders with both"), rows), facts(more))


@command(group, "code")
def code(
    desk: Desk,
    word: Annotated[str, typer.Argument(metavar="CODE", help="The code.")],
    order: Annotated[str, typer.Option("--order", help="The order it is to be used on.")],
    email: Email = "",
    customer_id: CustomerId = "",
    check: Annotated[bool, typer.Option("--check", help="Only ask; use nothing up.")] = False,
) -> None:
    """Say whether a customer may use a code on an order, and use it up."""
    from api.verbs import thanks

    given = {"code": word, "order_ref": order, "customer": _customer(email, customer_id), "check_only": check}
    found = thanks.use_code(desk.acting, thanks.read_use(given))
    desk.emit(found, f"{found.off} off from {found.min_spend}" if found.is_valid else f"refused: {found.reason}")


@command(group, "rewards")
def rewards(desk: Desk) -> None:
    """List recommendations whose friend ordered, with what is owed to whoever shared, and from when on."""
    from api.verbs.thanks_reports import rewards as read

    from .tables import table

    found = read(desk.acting)
    rows = [
        (one.person_id, one.friend_id, one.market, str(one.amount or (f"{one.points} points" if one.points else "-")),
         f"{one.status} {one.reason}".strip(), f"{one.granted_at:%Y-%m-%d}" if one.granted_at else "-")
        for one in found
    ]  # fmt: skip
    desk.emit(found, table("Rewards", ("who", "friend", "market", "what", "status", "from"), rows))


@command(group, "effect")
def effect(desk: Desk) -> None:
    """Say what the page changed: second orders, follows and leads of its variants against a held-out plain page."""
    from api.verbs.thanks_reports import effect as read

    from .tables import table

    found = read(desk.acting)
    arms = [
        (one.arm, f"{one.n_people:,}", f"{one.n_second:,}", f"{one.second_rate.estimate:.1%}", f"{one.n_follows:,}",
         f"{one.n_leads:,}")
        for one in found.arms
    ]  # fmt: skip
    against = [
        (one.variant or "all", *(_points(each) for each in (one.second_order_pp, one.follows_pp, one.leads_pp)))
        for one in found.against_plain
    ]
    against += [
        (
            f"{one.first} less {one.second}",
            *(_points(each) for each in (one.second_order_pp, one.follows_pp, one.leads_pp)),
        )
        for one in found.between
    ]
    head = f"Second orders within {found.measured_days} days; {found.n_open:,} people are still within them."
    warned = "The plain arm has not the promised size; find out why first." if found.sample_ratio.is_suspicious else ""
    desk.emit(
        found,
        head,
        table("Arms", ("arm", "people", "ordered again", "share", "followed", "brought friends"), arms),
        table("Against the plain page, points", ("variant", "second orders", "follows", "leads"), against),
        warned,
    )


def _points(found: "Estimate") -> str:
    if found.kind == "not_estimable":
        return found.message
    return f"{found.estimate:+.1f} ({found.low:+.1f} to {found.high:+.1f})"


def _customer(email: str, customer_id: str) -> "Customer":
    from api.verbs.customer import Customer

    return Customer(email=email or None, customer_id=customer_id or None)
