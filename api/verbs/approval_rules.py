"""Rules around approvals: whom a waiting request is told to, deputies, readers of a market's texts."""

from typing import TypeVar

from pydantic import ValidationError

from memory.domain.approval_rules import ApprovalRules, ChatBot, Deputy, MailTo, MarketReader, RulesInForce
from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput, NotFound
from memory.domain.mistakes import said

from .acting import Acting

Made = TypeVar("Made", bound=Frozen)


class BotAnswer(Frozen):
    """What a vendor answered when a bot was tried."""

    is_taken: bool
    """Whether the message was taken."""
    reason: str = ""
    """Why not, without any secret."""


class Colleague(Frozen):
    """Somebody with a role in the shop."""

    id: str
    """Their id."""
    name: str
    """What others call them."""
    may_approve: bool
    """Whether they are an approver."""


def colleagues(acting: Acting) -> tuple[Colleague, ...]:
    """Give the people of the shop who may look at plans, by name; for admins."""
    acting.require("admin")
    with acting.app.store.read() as uow:
        everybody = uow.principals.all()
    found = [
        Colleague(id=one.id, name=one.name, may_approve=one.may("approve", acting.shop_id))
        for one in everybody
        if one.kind == "human" and one.may("read", acting.shop_id)
    ]
    return tuple(sorted(found, key=lambda one: (one.name.lower(), one.id)))


def made_mail(**given: object) -> MailTo:
    """Make an entry from what somebody typed; raise `InvalidInput` that names the field."""
    return _made(MailTo, given)


def made_bot(**given: object) -> ChatBot:
    """Make one from what somebody typed."""
    return _made(ChatBot, given)


def made_deputy(**given: object) -> Deputy:
    """Make one from what somebody typed."""
    return _made(Deputy, given)


def made_reader(**given: object) -> MarketReader:
    """Make one from what somebody typed."""
    return _made(MarketReader, given)


def show(acting: Acting) -> RulesInForce:
    """Give the rules in force; addresses and secrets of bots are not among them."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.approval_rules.in_force(acting.shop_id)


def history(acting: Acting) -> tuple[RulesInForce, ...]:
    """Give every version the shop had, newest first."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.approval_rules.history(acting.shop_id)


def put(acting: Acting, rules: ApprovalRules, note: str = "") -> RulesInForce:
    """Set all rules at once; bots need their address first (`set_bot`)."""
    from agent.approval.rules import set_rules

    return set_rules(acting.app.store, acting.app.clock, acting.principal, acting.shop_id, rules, note)


def set_mail(acting: Acting, mail: MailTo) -> RulesInForce:
    """Tell somebody by mail, or at another address."""
    others = [one for one in _rules(acting).mails if one.principal != mail.principal]
    return _put(acting, f"mail to {mail.principal}", mails=[*others, mail])


def set_deputy(acting: Acting, deputy: Deputy) -> RulesInForce:
    """Name an approver's deputy, or another one."""
    others = [one for one in _rules(acting).deputies if one.approver != deputy.approver]
    return _put(acting, f"deputy of {deputy.approver}", deputies=[*others, deputy])


def set_reader(acting: Acting, reader: MarketReader) -> RulesInForce:
    """Ask for a market's texts to be read, or by others."""
    acting.app.markets.get(reader.market)
    others = [one for one in _rules(acting).readers if one.market != reader.market]
    return _put(acting, f"readers for {reader.market}", readers=[*others, reader])


def set_bot(acting: Acting, bot: ChatBot, url: str = "", secret: str = "") -> RulesInForce:
    """Add a chat group's bot with its address and secret; without an address the one that stands is kept."""
    from agent.alerts.bots import set_bot as put_bot

    acting.require("admin")
    put_bot(acting.app, acting.principal, acting.shop_id, bot, url, secret)
    return show(acting)


def try_bot(acting: Acting, name: str) -> BotAnswer:
    """Let a bot say that it is set up."""
    from agent.alerts.bots import prove_bot

    acting.require("admin")
    found = prove_bot(acting.app, acting.principal, acting.shop_id, name)
    return BotAnswer(is_taken=found.kind == "accepted", reason="" if found.kind == "accepted" else found.reason)


def forget(acting: Acting, kind: str, name: str) -> RulesInForce:
    """Take away a `mail` (by principal), a `bot`, a `deputy` (by approver) or a `reader` (by market)."""
    if kind == "bot":
        from agent.alerts.bots import forget_bot

        acting.require("admin")
        forget_bot(acting.app, acting.principal, acting.shop_id, name)
        return show(acting)
    places = {"mail": ("mails", "principal"), "deputy": ("deputies", "approver"), "reader": ("readers", "market")}
    if kind not in places:
        raise NotFound(kind="kind of rule", id=kind)
    place, key = places[kind]
    before = getattr(_rules(acting), place)
    after = [one for one in before if getattr(one, key) != name]
    if len(after) == len(before):
        raise NotFound(kind=kind, id=name)
    return _put(acting, f"{kind} {name} taken away", **{place: after})


def _made(kind: type[Made], given: dict[str, object]) -> Made:
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        row = error.errors(include_url=False, include_input=False)[0]
        what = ".".join(str(part) for part in row["loc"]) or kind.__name__
        raise InvalidInput(what=what, why=said(row), remedy="Correct it") from None


def _rules(acting: Acting) -> ApprovalRules:
    acting.require("admin")
    return show(acting).rules


def _put(acting: Acting, note: str, **parts: list[MailTo] | list[Deputy] | list[MarketReader]) -> RulesInForce:
    from agent.approval.rules import changed

    dumped = {name: [one.model_dump() for one in some] for name, some in parts.items()}
    return put(acting, changed(show(acting).rules, **dumped), note)
