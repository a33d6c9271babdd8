"""The shop itself: what its customers and its figures see of it, and how far its first run has come."""

from typing import TYPE_CHECKING

from agent.access import shop_from
from memory.domain.base import Count, Frozen
from memory.domain.errors import InvalidInput, NotReady
from memory.domain.market import Shop

from .acting import Acting

if TYPE_CHECKING:
    from memory.store.unit_of_work import UnitOfWork

FIXED = ("currency", "zone", "home_market")
"""What every imported figure was read by."""
INVALID = (".invalid", ".example", ".test", ".localhost")
"""Endings that reach nobody (RFC 2606)."""
MAX_CHARS = 300


class FirstRun(Frozen):
    """What of the first run is done."""

    n_files: Count
    """Kinds of files that came in."""
    has_sender: bool
    """Whether mails have a sender that exists and a postal address."""
    has_own_guardrails: bool
    """Whether somebody looked at the limits and saved them."""
    n_live: Count
    """Channels that reach people."""
    has_llm: bool
    """Whether a language model is set up; everything works without one."""

    def is_done(self, step: str) -> bool:
        """Say whether a step (`files`, `market`, `guardrails`, `connect`) needs nothing more."""
        known = {
            "files": self.n_files > 0, "market": self.has_sender, "guardrails": self.has_own_guardrails,
            "connect": self.n_live > 0,
        }  # fmt: skip
        return known.get(step, False)


def first_run(acting: Acting) -> FirstRun:
    """Say what of the first run is done."""
    acting.require("read")
    app = acting.app
    with app.store.read() as uow:
        shop, kinds = uow.shops.get(acting.shop_id), uow.imports.kinds(acting.shop_id)
        versions = uow.guardrails.history(acting.shop_id)
    host = shop.sender_email.rpartition("@")[2]
    return FirstRun(
        n_files=len(kinds),
        has_sender=bool(shop.postal_address.strip()) and not f".{host}".endswith(INVALID),
        has_own_guardrails=any(one.note != "starting values" for one in versions),
        n_live=sum(sender.is_live for sender in app.channels.values()),
        has_llm=app.settings.has_llm,
    )


def has_facts(acting: Acting) -> bool:
    """Say whether anything was imported: then currency, zone and home market are settled."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return bool(uow.imports.kinds(acting.shop_id))


def change(acting: Acting, values: dict[str, str]) -> Shop:
    """Change what is known of the shop; fields that are not given stay.

    Raise `NotReady` for a new currency, zone or home market once there are facts: every figure was read by them.
    `InvalidInput` names a wrong field.
    """
    acting.require("admin")
    known = acting.shop()
    unknown = sorted(values.keys() - (Shop.model_fields.keys() - {"shop_id"}))
    if unknown or any(len(value) > MAX_CHARS for value in values.values()):
        what = ", ".join(unknown) or "the shop"
        raise InvalidInput(what=what, why="it is no field, or too long", remedy=f"Use up to {MAX_CHARS} characters")
    changed = shop_from(**{**known.model_dump(), **{name: value.strip() for name, value in values.items()}})
    _refuse(changed)
    moved = [name for name in FIXED if getattr(changed, name) != getattr(known, name)]
    if moved and has_facts(acting):
        why = "orders were imported by what it is now"
        remedy = "Make a further shop: secondorder shop create"
        raise NotReady(what=f"another {' and '.join(moved)}", why=why, remedy=remedy)
    fields = sorted(name for name in Shop.model_fields if getattr(changed, name) != getattr(known, name))
    with acting.write("shop.change", f"shop:{acting.shop_id}", fields=fields) as uow:
        uow.shops.put(changed)
        if changed.currency != known.currency:
            _start_anew(acting, uow, changed)
    return changed


def _start_anew(acting: Acting, uow: "UnitOfWork", shop: Shop) -> None:
    """Limits are sums of money: another currency begins with the starting ones again."""
    from agent.guardrails.setting import starting_guardrails

    now = acting.app.clock.now()
    uow.guardrails.put(shop.shop_id, starting_guardrails(shop.currency), acting.principal.id, now, "starting values")


def _refuse(shop: Shop) -> None:
    name, at, host = shop.sender_email.rpartition("@")
    if not at or not name or "." not in host or any(char.isspace() for char in shop.sender_email):
        raise InvalidInput(what="the sender", why="it is no mail address", remedy="Write hello@shop.example")
    if not shop.website.startswith(("https://", "http://")):
        raise InvalidInput(what="the website", why="it is no full address", remedy="Write https://shop.example")
    if not shop.name.strip():
        raise InvalidInput(what="the name", why="it is empty", remedy="Write what customers call the shop")
