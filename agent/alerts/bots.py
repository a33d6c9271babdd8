"""Bots of chat groups: set up with the vendor's own address, which is a secret of the shop; tried; forgotten."""

from typing import TYPE_CHECKING

from agent.approval.rules import changed, put_rules, secret_name, url_name
from memory.domain.approval_rules import ApprovalRules, ChatBot
from memory.domain.errors import NotFound
from memory.domain.message import HandOff
from memory.domain.principal import Principal
from memory.store.unit_of_work import UnitOfWork
from tools.notify import BotAddress, bot_of
from tools.notify.bot import checked

from .request_ways import try_bot

if TYPE_CHECKING:
    from agent.assembly import App


def set_bot(app: "App", principal: Principal, shop_id: str, bot: ChatBot, url: str, secret: str = "") -> None:
    """Add a bot or put another in its place, with its address and secret; logged without them.

    An empty address keeps the one that stands. Raise `NotPermitted`, or `InvalidInput` where it is not the vendor's.
    """
    principal.require("admin", shop_id)
    address = BotAddress(url=url.strip(), secret=secret.strip())
    if address.url:
        checked(bot_of(bot.vendor), address, allows_loopback=app.settings.channels_allow_loopback)
    with app.store.unit_of_work() as uow:
        rules, now = uow.approval_rules.current(shop_id), app.clock.now()
        before = next((one for one in rules.bots if one.name == bot.name), None)
        if before is not None and before.vendor != bot.vendor and not address.url:
            _forget_secrets(uow, shop_id, bot.name)  # another vendor's address is none of this one
        if address.url:
            _forget_secrets(uow, shop_id, bot.name)
            uow.secrets.put(shop_id, url_name(bot.name), address.url, principal.id, now)
            if address.secret:
                uow.secrets.put(shop_id, secret_name(bot.name), address.secret, principal.id, now)
            uow.audit.append(principal.id, "secret.set", f"secret:{shop_id}/{url_name(bot.name)}", now)
        others = [one for one in rules.bots if one.name != bot.name]
        put_rules(uow, app.clock, principal, shop_id, _with_bots(rules, [*others, bot]), f"bot {bot.name} set")


def forget_bot(app: "App", principal: Principal, shop_id: str, name: str) -> None:
    """Take a bot away with its secrets; raise `NotFound`."""
    principal.require("admin", shop_id)
    with app.store.unit_of_work() as uow:
        rules = uow.approval_rules.current(shop_id)
        others = [one for one in rules.bots if one.name != name]
        if len(others) == len(rules.bots):
            raise NotFound(kind="bot", id=name)
        put_rules(uow, app.clock, principal, shop_id, _with_bots(rules, others), f"bot {name} taken away")
        _forget_secrets(uow, shop_id, name)


def prove_bot(app: "App", principal: Principal, shop_id: str, name: str) -> HandOff:
    """Let a bot say that it is set up and give the vendor's answer; logged. Raise `NotFound`."""
    principal.require("admin", shop_id)
    with app.store.read() as uow:
        bot = next((one for one in uow.approval_rules.current(shop_id).bots if one.name == name), None)
    if bot is None:
        raise NotFound(kind="bot", id=name)
    found = try_bot(app, shop_id, bot)
    with app.store.unit_of_work() as uow:
        detail = {"vendor": bot.vendor, "answer": found.kind}
        uow.audit.append(principal.id, "approval.bot_tried", f"bot:{shop_id}/{name}", app.clock.now(), detail)
    return found


def _with_bots(rules: ApprovalRules, bots: list[ChatBot]) -> ApprovalRules:
    ordered = sorted(bots, key=lambda one: one.name)
    return changed(rules, bots=[one.model_dump() for one in ordered])


def _forget_secrets(uow: UnitOfWork, shop_id: str, name: str) -> None:
    for secret in (url_name(name), secret_name(name)):
        if any(one.name == secret for one in uow.secrets.all(shop_id)):
            uow.secrets.remove(shop_id, secret)
