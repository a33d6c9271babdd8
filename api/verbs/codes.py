"""Codes of offers: where they come from, importing them, who has which, how they are redeemed, and alarms."""

from typing import TYPE_CHECKING

from memory.domain.base import Count, Frozen, Instant
from memory.domain.codes import AlarmKind, CodeAlarm, CodeGrant, CodeSource, CodeSourceStanding
from memory.domain.errors import InvalidInput, NotFound
from memory.domain.money import Money
from memory.domain.plan import Plan

from .acting import Acting
from .plans import get

if TYPE_CHECKING:
    from agent.codes import CodesRound, PoolImport

N_LISTED = 10_000
"""Most codes that one answer lists; the next ones come with `start`."""


class OfferCodesNow(Frozen):
    """How the codes of one offer stand."""

    offer_id: str
    """The offer."""
    gives_code: bool
    """Whether the plan gives each person a code; else people hold it by its terms, and all counts are 0."""
    n_reserved: Count = 0
    """Set aside, and not confirmed by the shop yet: their messages wait."""
    n_confirmed: Count = 0
    """Confirmed, so that their messages may leave."""
    n_refused: Count = 0
    """Refused by the shop."""
    n_expected: Count = 0
    """People the offer may reach: so many codes it may need."""
    n_imported: Count = 0
    """Codes of its worth in the pool, given or not."""
    n_free: Count = 0
    """Of them, those nobody has and that hold until its last day."""


class PlanCodes(Frozen):
    """How a plan's codes stand."""

    plan_id: str
    """The plan."""
    source: CodeSource | None
    """Where the shop's codes come from; null where from nowhere."""
    offers: tuple[OfferCodesNow, ...]
    """Every offer of the plan."""
    words: str
    """The same in a sentence."""


class Redemption(Frozen):
    """One order that shows a person's code."""

    offer_id: str
    """The offer."""
    order_ref: str
    """The shop's own name of the order."""
    redeemed_at: Instant
    """When it was made."""
    person_id: str
    """Whose code it is."""
    buyer_id: str | None
    """Who ordered; null where the order names nobody."""
    is_other: bool
    """Whether that is somebody else."""
    use_no: Count
    """Which use of the code it is."""
    cost: Money
    """What it cost."""


def standing(acting: Acting) -> CodeSourceStanding | None:
    """Give where the shop's codes come from, or none."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.code_sources.standing(acting.shop_id)


def put(acting: Acting, source: CodeSource) -> CodeSourceStanding:
    """Set where codes come from; plans drafted from now on follow it. For people only, and logged."""
    acting.require_person("guardrail")
    if source.kind == "shopify" and not source.shopify_shop:
        raise InvalidInput(
            what="the source", why="the shop's address at Shopify is missing", remedy="Name my-shop.myshopify.com"
        )
    detail = {"kind": source.kind, "gives": list(source.gives), "shopify_shop": source.shopify_shop}
    with acting.write("codes.source", f"shop:{acting.shop_id}", **detail) as uow:
        uow.code_sources.put(acting.shop_id, source, acting.principal.id, acting.app.clock.now())
        found = uow.code_sources.standing(acting.shop_id)
    assert found is not None, "it was just set"
    return found


def remove(acting: Acting) -> CodeSourceStanding:
    """Give no codes any more: messages that need one wait until they lapse. Give the last source. Logged.

    Raise `NotFound` where there is none.
    """
    acting.require_person("guardrail")
    with acting.write("codes.source_removed", f"shop:{acting.shop_id}") as uow:
        last = uow.code_sources.standing(acting.shop_id)
        if last is None:
            raise NotFound(kind="source of codes", id=acting.shop_id)
        uow.code_sources.remove(acting.shop_id)
    return last


def import_pool(acting: Acting, plan_id: str, content: bytes, *, dry_run: bool = False) -> "PoolImport":
    """Add a file's codes for a plan's offers; wrong rows are told with their line. Logged without the codes."""
    from agent.codes import import_pool as add

    acting.require("import")
    app, plan = acting.app, _plan(acting, plan_id)
    with app.store.unit_of_work() as uow:
        found = add(uow, plan, content, acting.principal.id, app.clock.now(), dry_run=dry_run)
        if not dry_run:
            detail = {"n_added": found.n_added, "n_refused": found.n_refused}
            uow.audit.append(acting.principal.id, "codes.import", f"plan:{plan.id}", app.clock.now(), detail)
    return found


def of_plan(acting: Acting, plan_id: str) -> PlanCodes:
    """Say how the codes of a plan's offers stand."""
    from memory.domain.codes import terms_of

    plan = _plan(acting, plan_id)
    with acting.app.store.read() as uow:
        source, counts = uow.code_sources.get(acting.shop_id), uow.codes.counts(acting.shop_id, plan.id)
        offers = []
        for offer in plan.offers:
            level = uow.codes.level(acting.shop_id, terms_of(offer), offer.limits.valid_until)
            reach = sum(step.expected_reach for step in plan.steps() if step.offer_id == offer.id)
            most = offer.limits.max_granted
            offers.append(
                OfferCodesNow(
                    offer_id=offer.id,
                    gives_code=offer.gives_code,
                    n_reserved=counts.get((offer.id, "reserved"), 0),
                    n_confirmed=counts.get((offer.id, "confirmed"), 0),
                    n_refused=counts.get((offer.id, "refused"), 0),
                    n_expected=(reach if most is None else min(reach, most)) if offer.gives_code else 0,
                    n_imported=level.n_all if offer.gives_code else 0,
                    n_free=level.n_free if offer.gives_code else 0,
                )
            )
    return PlanCodes(plan_id=plan.id, source=source, offers=tuple(offers), words=_words(source, offers))


def grants(acting: Acting, plan_id: str, start: int = 0, n: int = N_LISTED) -> tuple[CodeGrant, ...]:
    """List who was given which code; a code is worth money, so it needs the right to see contact data. Logged."""
    acting.require("contact")
    plan = _stored(acting, plan_id)
    with acting.write("codes.list", f"plan:{plan.id}", start=start, n=n) as uow:
        return uow.codes.list(acting.shop_id, plan.id, start, n)


def ask(acting: Acting) -> "CodesRound":
    """Ask the shop now for the codes that wait; workers do it by themselves."""
    from agent.codes.keeping import ask_shop

    acting.require("dispatch")
    return ask_shop(acting.app, acting.shop_id)


def retry(acting: Acting, plan_id: str, offer_id: str) -> int:
    """Let the codes of an offer that the shop refused be asked for once more, the same ones; give how many. Logged."""
    acting.require("dispatch")
    plan = _plan(acting, plan_id)
    with acting.write("codes.retry", f"plan:{plan.id}", offer=offer_id) as uow:
        discount = uow.code_sources.discount(acting.shop_id, plan.id, offer_id)
        if discount is None and plan.offer(offer_id) is None:
            raise NotFound(kind="offer", id=offer_id)
        if discount is not None and discount.reason:
            discount.reason = ""
            uow.code_sources.put_discount(discount)
        return uow.codes.ask_again(acting.shop_id, plan.id, offer_id)


def redeemed(acting: Acting, plan_id: str) -> tuple[Redemption, ...]:
    """List the orders that show a code of a plan, by instant."""
    from agent.codes import redemptions

    plan = _plan(acting, plan_id)
    with acting.reading() as (view, uow, shop):
        granted = uow.codes.table(shop.shop_id, [plan.id])
        offers = [(plan.id, offer) for offer in plan.offers]
        rows = redemptions(view, shop, granted, offers, acting.app.clock.now()).to_pylist()
    names = ("offer_id", "order_ref", "redeemed_at", "person_id", "buyer_id", "is_other", "use_no")
    return tuple(
        Redemption(
            **{name: row[name] for name in names},
            cost=Money(amount_minor=row["cost_minor"], currency=shop.currency),
        )
        for row in rows
    )


def alarms(acting: Acting, *, open_only: bool = True) -> tuple[CodeAlarm, ...]:
    """Give the alarms about redemptions that nobody looked at, or all of them."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.code_alarms.all(acting.shop_id, open_only=open_only)


def look(acting: Acting) -> tuple[CodeAlarm, ...]:
    """Look at redemptions now, and give the alarms that are new; workers do it whenever facts are new."""
    from agent.codes import look_at_redemptions

    acting.require("dispatch")
    app = acting.app
    return look_at_redemptions(app.store, app.lake, acting.shop_id, app.clock.now())


def settle(acting: Acting, plan_id: str, offer_id: str, kind: AlarmKind) -> CodeAlarm:
    """Note that a person looked at an alarm; it is raised again where it grows. Logged."""
    acting.require_person("dispatch")
    plan = _stored(acting, plan_id)
    with acting.write("codes.settle", f"plan:{plan.id}", offer=offer_id, kind=kind) as uow:
        return uow.code_alarms.settle(
            acting.shop_id, plan.id, offer_id, kind, acting.principal.id, acting.app.clock.now()
        )


def _plan(acting: Acting, plan_id: str) -> Plan:
    return get(acting, plan_id).plan


def _stored(acting: Acting, plan_id: str) -> Plan:
    """Give a plan of this shop to whoever may do what they ask for, also without the right to read plans."""
    with acting.app.store.read() as uow:
        plan = uow.plans.get(plan_id).plan
    acting.own("plan", plan_id, plan.shop_id)
    return plan


def _words(source: CodeSource | None, offers: list[OfferCodesNow]) -> str:
    n = sum(one.gives_code for one in offers)
    if not n:
        why = "the shop has no source of codes" if source is None else "none of its offers is given as a code"
        return f"People hold this plan's offers by their terms: {why}."
    from_ = {"pool": "an imported pool", "shopify": "Shopify"}
    where = "nowhere any more" if source is None else from_[source.kind]
    return f"{n} of {len(offers)} offers give each person a code of their own; codes come from {where}."
