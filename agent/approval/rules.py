"""Setting the rules around approvals: by an admin, never in their own favour, each change a version on the record."""

from pydantic import ValidationError

from memory.domain.approval_rules import ApprovalRules, RulesInForce
from memory.domain.clock import Clock
from memory.domain.errors import InvalidInput, NotFound
from memory.domain.mistakes import said
from memory.domain.principal import Permission, Principal
from memory.store.engine import Store
from memory.store.principals import SelfGrant
from memory.store.unit_of_work import UnitOfWork


def set_rules(
    store: Store, clock: Clock, principal: Principal, shop_id: str, rules: ApprovalRules, note: str = ""
) -> RulesInForce:
    """Put rules in force and give them; nothing happens where they are in force already.

    Raise `NotPermitted`, `SelfGrant` where somebody makes themselves a deputy, or `InvalidInput` that says why.
    """
    with store.unit_of_work() as uow:
        put_rules(uow, clock, principal, shop_id, rules, note)
        return uow.approval_rules.in_force(shop_id)


def put_rules(
    uow: UnitOfWork, clock: Clock, principal: Principal, shop_id: str, rules: ApprovalRules, note: str
) -> None:
    """Do so in a transaction that does more."""
    principal.require("admin", shop_id)
    before = uow.approval_rules.current(shop_id)
    _check_people(uow, principal, shop_id, rules, before)
    _check_told(uow, shop_id, rules)
    now = clock.now()
    if uow.approval_rules.put(shop_id, rules, principal.id, now, note):
        detail = {"version": rules.version, "before": before.version, "note": note[:500]}
        uow.audit.append(principal.id, "approval.rules", f"shop:{shop_id}", now, detail)


def changed(rules: ApprovalRules, **parts: object) -> ApprovalRules:
    """Give rules with some parts replaced; raise `InvalidInput` where they do not belong together."""
    try:
        return ApprovalRules.model_validate(rules.model_dump() | parts)
    except ValidationError as error:
        row = error.errors(include_url=False, include_input=False)[0]
        why = f"{'.'.join(str(part) for part in row['loc'])} {said(row)}".strip()
        raise InvalidInput(what="the rules around approvals", why=why, remedy="Correct it and try again") from None


def _check_people(
    uow: UnitOfWork, principal: Principal, shop_id: str, rules: ApprovalRules, before: ApprovalRules
) -> None:
    for rule in rules.deputies:
        if rule in before.deputies:
            continue
        if rule.deputy == principal.id:  # else one admin had the approver's right without another admin's word
            raise SelfGrant(principal=principal.id, shop_id=shop_id)
        _require(uow, rule.approver, shop_id, "approve", "is no approver")
        _require(uow, rule.deputy, shop_id, "read", "has no role that may look at plans")
    known = {(one.market, who) for one in before.readers for who in one.readers}
    for market in rules.readers:
        for who in market.readers:
            if (market.market, who) not in known:
                _require(uow, who, shop_id, "read", "has no role that may look at plans")
    for mail in rules.mails:
        if mail.principal not in {one.principal for one in before.mails}:
            _require(uow, mail.principal, shop_id, "self", "has no role here")


def _require(uow: UnitOfWork, principal_id: str, shop_id: str, permission: Permission, why: str) -> None:
    remedy = "List them with `secondorder principal list`"
    try:
        found = uow.principals.get(principal_id)
    except NotFound:
        raise InvalidInput(what=principal_id, why="there is no such principal", remedy=remedy) from None
    if found.kind != "human" or not found.may(permission, shop_id):
        raise InvalidInput(what=principal_id, why=f"it {why} in shop {shop_id}, or is no person", remedy=remedy)


def _check_told(uow: UnitOfWork, shop_id: str, rules: ApprovalRules) -> None:
    """A deputy has to hear of it, and a bot needs its address."""
    told = {one.principal for one in rules.mails}
    for rule in rules.deputies:
        if rule.deputy not in told and not rules.bots:
            remedy = "Give the deputy a mail address or add a bot first"
            raise InvalidInput(what=rule.deputy, why="nothing would tell them that it passed", remedy=remedy)
    for bot in rules.bots:
        if not uow.secrets.find(shop_id, url_name(bot.name)):
            remedy = "Add it with its address: `secondorder approval notify bot NAME VENDOR`"
            raise InvalidInput(what=f"bot {bot.name}", why="it has no address", remedy=remedy)


def url_name(bot: str) -> str:
    """Give the name of the secret that is a bot's address."""
    return f"notify.{bot}.url"


def secret_name(bot: str) -> str:
    """Give the name of the secret that signs for a bot."""
    return f"notify.{bot}.secret"
