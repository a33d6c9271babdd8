"""`secondorder goods`: what a rule would show whom, and who may buy what is for owners only."""

from typing import Annotated, get_args

import typer

from memory.domain.errors import NotFound

from .command import command
from .desk import Desk

group = typer.Typer(no_args_is_help=True, help="Goods: what a rule would show whom, and who may buy what.")


@command(group, "show")
def show(
    desk: Desk,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="A goods rule such as upgrade, refill or complement.")],
    examples: Annotated[int, typer.Option(min=0, max=100, help="How many articles to list.")] = 10,
) -> None:
    """Say for how many people a goods rule finds anything as of now, with examples; nobody is sent anything."""
    from api.verbs import goods
    from memory.domain.plan import GoodsRuleId

    from .tables import table

    known: dict[str, GoodsRuleId] = {one: one for one in get_args(GoodsRuleId)}
    if rule not in known:
        raise NotFound(kind="goods", id=rule)
    found = goods.look(desk.acting, known[rule], examples)
    rows = [(one.person_id, one.sku, one.title, f"{one.price_minor:,}") for one in found.examples]
    head = f"{found.rule}: {found.n_served:,} of {found.n_people:,} people."
    desk.emit(found, head, table("Examples", ("who", "article", "title", "price, minor"), rows))


@command(group, "may-buy")
def may_buy(
    desk: Desk,
    sku: Annotated[str, typer.Argument(metavar="SKU", help="The article.")],
    email: Annotated[str, typer.Option("--email", help="The customer's address.")] = "",
    customer_id: Annotated[str, typer.Option("--customer-id", help="The shop's id of the customer.")] = "",
) -> None:
    """Say whether a customer may buy an article; what is for owners needs a component bought before."""
    from api.verbs import goods
    from api.verbs.customer import Customer

    customer = Customer(email=email or None, customer_id=customer_id or None)
    found = goods.may_buy(desk.acting, goods.BuyQuestion(sku=sku, customer=customer))
    said = "yes" if found.kind == "allowed" else "no: " + " ".join(one.message for one in found.reasons)
    desk.emit(found, said)
