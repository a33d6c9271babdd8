"""The thank-you page: its settings, an order's block, the code that comes with it, and the goods it is read from."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import Field

from memory.domain.base import Count, Frozen, Instant
from memory.domain.errors import InvalidInput, NotFound, SecondOrderError
from memory.domain.market import CountryCode, Shop
from memory.domain.standing import CORE
from memory.domain.thanks import CodeAnswer, Sku, ThanksOrder, ThanksSettings

from .acting import Acting
from .customer import Customer, person_of

if TYPE_CHECKING:
    from agent.assembly import App
    from memory.domain.guardrails import Guardrails
    from memory.store.unit_of_work import UnitOfWork
    from tools.thanks.block import Block

MAX_DEPTH = 12
CAME_BEFORE = timedelta(hours=1)
Read = TypeVar("Read", bound=Frozen)
OrderRef = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]


class NewOrder(Frozen):
    """An order that was just placed; without articles it is read from the imported facts."""

    order_ref: OrderRef
    """The shop's own order name."""
    skus: Annotated[tuple[Sku, ...], Field(max_length=200)] = ()
    """What was ordered."""
    market: CountryCode | None = None
    """Where it is delivered; the shop's home market where it is not said."""
    customer: Customer = Customer()
    """Who ordered."""
    share_code: Annotated[str, Field(max_length=40)] = ""
    """What the customer came with, where a friend had recommended the shop."""
    came_at: Instant | None = None
    """When they came with it; an hour before where it is not said."""


class CodeUse(Frozen):
    """A code as somebody typed it at the checkout."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    """The code."""
    order_ref: OrderRef
    """The order it is to be used on."""
    customer: Customer
    """Whose order it is."""
    check_only: bool = False
    """Whether only to ask; else the code is used up."""


class OpenedPage(Frozen):
    """An order's page."""

    url: str
    """The address of its block; whoever has it may read it."""
    token: str
    """The last part of it."""
    order: ThanksOrder
    """What is kept of the order."""


class PreparedGoods(Frozen):
    """What blocks are read from."""

    n_goods: Count
    """Articles that have a page."""
    n_pairs: Count
    """Articles that follow from another, from a category or for the whole shop."""


class PageNotAllowed(SecondOrderError):
    """The thank-you page cannot be set like that: {why} Change it, or the guardrails."""

    http_status = 422


class NoSuchPage(SecondOrderError):
    """No thank-you page opens by this link; use the one the shop gave with the order."""

    http_status = 404


def settings(acting: Acting) -> ThanksSettings:
    """Give the shop's settings; the starting ones where nobody made any."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.thanks.settings(acting.shop_id) or ThanksSettings()


def change_settings(acting: Acting, changed: ThanksSettings) -> ThanksSettings:
    """Set the page; raise `PageNotAllowed` for what guardrails or a market's currency forbid, with every reason."""
    from tools.thanks.limits import refusals

    acting.require("guardrail")
    known = {market.country: market.currency for market in acting.app.markets.all()}
    with acting.write("thanks.set", f"shop:{acting.shop_id}") as uow:
        reasons = refusals(changed, uow.shops.get(acting.shop_id), _guardrails(uow, acting.shop_id), known)
        if reasons:
            raise PageNotAllowed(why=" ".join(one.message for one in reasons))
        uow.thanks.put_settings(acting.shop_id, changed, acting.principal.id, acting.app.clock.now())
    return changed


def read_settings(source: str) -> ThanksSettings:
    """Read settings from YAML or JSON; raise `InvalidInput` that names the place."""
    from tools.segments.strict_yaml import read_yaml

    fields = read_yaml(source, MAX_DEPTH)
    if not isinstance(fields, dict):
        raise _unusable("it is not a list of names and values")
    return _read(ThanksSettings, fields)


def read_order(given: dict[str, Any]) -> NewOrder:
    """Read an order from plain values; raise `InvalidInput` that names the place."""
    return _read(NewOrder, given)


def read_use(given: dict[str, Any]) -> CodeUse:
    """Read the use of a code from plain values; raise `InvalidInput` that names the place."""
    return _read(CodeUse, given)


def open_order(acting: Acting, new: NewOrder) -> OpenedPage:
    """Make an order's page, once: asked again it gives the same one. Raise `NotFound` for an order nobody knows."""
    from tools.links.thanks import thanks_token, thanks_url
    from tools.thanks.limits import code_refusals
    from tools.thanks.opening import opened

    acting.require("intake")
    app, shop = acting.app, acting.shop()
    with app.store.read() as uow:
        known = uow.thanks.get(acting.shop_id, new.order_ref)
        person = person_of(acting, uow, new.customer)
    if known is None:
        skus, market, person = (new.skus, new.market, person) if new.skus else _imported(acting, new, person)
        plain = ThanksOrder(
            order_ref=new.order_ref, person_id=person, market=market or shop.home_market,
            skus=tuple(dict.fromkeys(skus)), arm="", opened_at=app.clock.now(),
        )  # fmt: skip
        with app.store.unit_of_work() as uow:
            is_withheld = bool(person) and uow.assignments.arm(acting.shop_id, CORE, person) == "control"
            set_up = uow.thanks.settings(acting.shop_id) or ThanksSettings()
            refused = code_refusals(set_up, shop, _guardrails(uow, acting.shop_id))
            made = opened(
                app.key, acting.shop_id, plain, set_up, app.clock.now(), is_withheld=is_withheld, refused=refused
            )
            if uow.thanks.add(acting.shop_id, made):
                _keep_friend(acting, uow, new, person)
            known = uow.thanks.get(acting.shop_id, new.order_ref) or made
    token = thanks_token(app.key, acting.shop_id, new.order_ref)
    url = thanks_url(app.settings.public_url, app.key, acting.shop_id, new.order_ref)
    return OpenedPage(url=url, token=token, order=known)


def use_code(acting: Acting, use: CodeUse) -> CodeAnswer:
    """Say whether a customer may use a code on an order and, unless only asked, use it up."""
    from tools.thanks.codes import check_code, redeem_code

    acting.require("intake")
    app, code = acting.app, use.code.strip().upper()
    with app.store.read() as uow:
        person = person_of(acting, uow, use.customer)
        given = (acting.shop_id, code, person, use.order_ref, app.clock.now())
        answer = check_code(uow, *given)
    if use.check_only or not answer.is_valid or answer.is_redeemed:
        return answer
    with app.store.unit_of_work() as uow:
        return redeem_code(uow, *given)


def prepare_goods(acting: Acting) -> PreparedGoods:
    """Work out from the newest facts which goods follow from which; workers do it once a day by themselves."""
    acting.require("import")
    return _prepare(acting.app, acting.shop_id)


def show_block(acting: Acting, order_ref: str) -> "Block":
    """Give an order's block as its customer sees it; raise `NotFound` where it has no page."""
    acting.require("read")
    with acting.app.store.read() as uow:
        order = uow.thanks.get(acting.shop_id, order_ref)
    if order is None:
        raise NotFound(kind="thanks", id=order_ref)
    return public_block(acting.app, acting.shop_id, order_ref)[2]


def public_block(app: "App", shop_id: str, order_ref: str) -> "tuple[Shop, ThanksOrder, Block]":
    """Give a shop, its order and the order's block, by look-ups alone; raise `NoSuchPage` where it has none."""
    from tools.thanks.block import block_of

    with app.store.read() as uow:
        order = uow.thanks.get(shop_id, order_ref)
        if order is None:
            raise NoSuchPage()
        set_up = uow.thanks.settings(shop_id) or ThanksSettings()
        shop = uow.shops.get(shop_id)
        return shop, order, block_of(uow, shop, order, set_up, app.clock.now())


def click(app: "App", shop_id: str, order_ref: str, target: str) -> None:
    """Note what was clicked on an order's page, once each; raise `NoSuchPage` for what the page does not hold."""
    from tools.thanks.block import targets_of

    _, order, block = public_block(app, shop_id, order_ref)
    if target not in targets_of(block):
        raise NoSuchPage()
    with app.store.read() as uow:
        if uow.thanks.has_clicked(shop_id, order_ref, target):
            return
    with app.store.unit_of_work() as uow:
        uow.thanks.click(shop_id, order, target, app.clock.now())


def _guardrails(uow: "UnitOfWork", shop_id: str) -> "Guardrails | None":
    return uow.guardrails.current(shop_id) if uow.guardrails.history(shop_id) else None


def _keep_friend(acting: Acting, uow: "UnitOfWork", new: NewOrder, person: str) -> None:
    from tools.thanks.friends import friend_came

    if person and new.share_code:
        now = acting.app.clock.now()
        came_at = min(new.came_at or now - CAME_BEFORE, now)
        code = new.share_code.strip().upper()
        friend_came(uow, acting.app.key, acting.shop_id, code, person, new.order_ref, came_at, now)


def _read(kind: type[Read], given: dict[str, Any]) -> Read:
    from agent.written import checked

    return checked(kind, given, _unusable)


def _unusable(why: str) -> InvalidInput:
    return InvalidInput(what="the thank-you page", why=why, remedy="See docs/thank_you.md")


def _prepare(app: "App", shop_id: str) -> PreparedGoods:
    from tools.thanks.keeping import prepare_shop

    n_goods, n_pairs = prepare_shop(app.store, app.lake, app.clock, shop_id)
    return PreparedGoods(n_goods=n_goods, n_pairs=n_pairs)


def _imported(acting: Acting, new: NewOrder, person: str) -> tuple[tuple[str, ...], str | None, str]:
    """Give articles, market and customer of an order of the facts."""
    with acting.facts() as view:
        orders, lines = view.table("orders"), view.table("order_lines")
        found = orders.filter(orders.order_ref == new.order_ref).order_by("fact_id").limit(1).to_pyarrow().to_pylist()
        if not found:
            remedy = "Name its articles, or import it first"
            raise InvalidInput(what=f"order {new.order_ref}", why="it is in no imported file", remedy=remedy)
        skus = lines.filter(lines.order_fact_id == found[0]["fact_id"], ~lines.is_gift).select("sku").to_pyarrow()
    market = new.market or found[0]["market"]
    return tuple(sorted(set(skus["sku"].to_pylist()))), market, person or found[0]["person_id"] or ""
