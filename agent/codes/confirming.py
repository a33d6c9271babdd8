"""Letting a shop make the codes that are set aside: what it confirms may leave, what nobody knows is looked up first.

A code follows from its grant, so asking twice can never make two of it. What is about to be asked is written down
first; whoever comes after a crash looks it up.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from memory.domain.base import Count, Frozen
from memory.domain.clock import Clock
from memory.domain.market import Shop
from memory.domain.offer import Discount, Offer, StoreCredit
from memory.domain.plan import Plan
from memory.faults import fault
from memory.store.code_sources import CodeDiscountRow
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.codes import CodeShop, Declined, Made, NotNow
from tools.codes.shop import Worth

LOG = structlog.get_logger("second_order.codes")
TAKEN = "TAKEN"
"""A code that the shop has already: ours from before, or somebody else's."""


class CodesRound(Frozen):
    """What came of asking a shop once."""

    n_confirmed: Count = 0
    """Codes it has now."""
    n_refused: Count = 0
    """Codes it does not want."""
    n_waiting: Count = 0
    """Codes it makes at this moment, or could not be asked for."""
    trouble: str = ""
    """Why it could not be asked, where it could not."""


def confirm_codes(store: Store, asked: CodeShop, clock: Clock, shop_id: str) -> CodesRound:
    """Ask a shop for everything that waits for it, offer by offer, and write down what it says. Safe to repeat."""
    with store.read() as uow:
        shop, offers = uow.shops.get(shop_id), uow.codes.waiting(shop_id)
    before, trouble = _counts(store, shop_id, offers), ""
    for plan_id, offer_id in offers:
        with store.read() as uow:
            plan = uow.plans.get(plan_id).plan
        offer = plan.offer(offer_id)
        assert offer is not None, "a grant names an offer of its plan"
        found = OfferCodes(store, asked, clock, shop, plan, offer).settle()
        if found is not None:
            trouble = found.reason
            LOG.warning("codes_wait", shop_id=shop_id, reason=found.reason, is_ours=found.is_ours)
            if found.is_ours:
                _tell_trouble(store, shop_id, found, clock.now())
            break  # the same shop says the same to the next offer
    after = _counts(store, shop_id, offers)
    done = {state: after.get(state, 0) - before.get(state, 0) for state in ("confirmed", "refused")}
    return CodesRound(
        n_confirmed=max(0, done["confirmed"]),
        n_refused=max(0, done["refused"]),
        n_waiting=after.get("reserved", 0),
        trouble=trouble,
    )


class OfferCodes:
    """The codes of one offer of one plan; each step is a transaction of its own, and the shop is asked between two."""

    def __init__(self, store: Store, asked: CodeShop, clock: Clock, shop: Shop, plan: Plan, offer: Offer) -> None:
        """Prepare to ask."""
        self._store, self._asked, self._clock, self._shop = store, asked, clock, shop
        self._plan, self._offer = plan, offer
        self._place = (shop.shop_id, plan.id, offer.id)

    def settle(self) -> NotNow | None:
        """Ask for what waits; give why the shop could not be asked, or none."""
        discount = self._discount()
        if not isinstance(discount, str):
            return discount
        with self._store.read() as uow:
            jobs = uow.codes.jobs(*self._place)
        for job in jobs:
            if (trouble := self._look(job, discount)) is not None:
                return trouble
        while rows := self._reserved():
            known = [row for row in rows if row.asked_at is not None]
            found = self._found(known, discount) if known else frozenset()
            if isinstance(found, NotNow):
                return found
            left = [row for row in rows if row.id not in found]
            if left and (trouble := self._add(left, discount)) is not None:
                return trouble
        return None

    def _discount(self) -> str | NotNow | None:
        """Give the shop's name of the offer's discount, made where it is not there; none where it is refused."""
        with self._store.read() as uow:
            known = uow.code_sources.discount(*self._place)
        if known is not None and known.node_id:
            return known.node_id
        if known is not None and known.reason:
            self._refuse_all(known.reason)
            return None
        is_new = known is None
        if known is None:
            known = self._intend()
            if known is None:
                return None
        if not is_new:
            found = self._asked.find([known.first_code])
            if isinstance(found, NotNow):
                return found
            if known.first_code in found:
                return self._named(known, found[known.first_code])
        fault("K13")
        made = self._asked.create(worth_of(self._plan, self._offer), known.first_code)
        fault("K14")
        return self._created(known, made)

    def _created(self, known: CodeDiscountRow, made: Made | Declined | NotNow) -> str | NotNow | None:
        if isinstance(made, NotNow):
            return made
        if isinstance(made, Made):
            return self._named(known, made.name)
        if made.code == TAKEN:  # by us, before this database was restored: the code follows from the grant
            found = self._asked.find([known.first_code])
            if isinstance(found, NotNow):
                return found
            if known.first_code in found:
                return self._named(known, found[known.first_code])
        with self._store.unit_of_work() as uow:
            known.reason = f"{made.code}: {made.message}"[:200]
            uow.code_sources.put_discount(known)
        self._refuse_all(known.reason)
        return None

    def _intend(self) -> CodeDiscountRow | None:
        """Write down with which code the discount is about to be made, for whoever comes after a crash."""
        with self._store.unit_of_work(durable=True) as uow:
            rows = uow.codes.reserved(*self._place, 1)
            if not rows:
                return None
            shop_id, plan_id, offer_id = self._place
            row = CodeDiscountRow(
                shop_id=shop_id, plan_id=plan_id, offer_id=offer_id, first_code=rows[0].code, asked_at=self._clock.now()
            )
            uow.code_sources.put_discount(row)
            uow.codes.asked([rows[0].id], self._clock.now())
        return row

    def _named(self, known: CodeDiscountRow, name: str) -> str:
        shop_id, plan_id, offer_id = self._place
        row = CodeDiscountRow(
            shop_id=shop_id, plan_id=plan_id, offer_id=offer_id, first_code=known.first_code, node_id=name,
            asked_at=known.asked_at,
        )  # fmt: skip
        with self._store.unit_of_work() as uow:
            uow.code_sources.put_discount(row)
        return name

    def _reserved(self) -> Sequence[Any]:
        with self._store.read() as uow:
            return uow.codes.reserved(*self._place, self._asked.batch)

    def _found(self, rows: Sequence[Any], discount: str) -> frozenset[str] | NotNow:
        """Look up codes that were asked for before; give the grants that are settled now."""
        found = self._asked.find([row.code for row in rows])
        if isinstance(found, NotNow):
            return found
        ours = [row.id for row in rows if found.get(row.code) == discount]
        others = {row.id: "another discount of the shop has this code" for row in rows if row.code in found}
        refused = {one: why for one, why in others.items() if one not in ours}
        self._settled(ours, refused)
        return frozenset((*ours, *refused))

    def _add(self, rows: Sequence[Any], discount: str) -> NotNow | None:
        ids = [row.id for row in rows]
        with self._store.unit_of_work(durable=True) as uow:
            uow.codes.asked(ids, self._clock.now())
        fault("K13")
        made = self._asked.add(discount, [row.code for row in rows])
        fault("K14")
        if isinstance(made, NotNow):
            return made
        if isinstance(made, Made):
            with self._store.unit_of_work() as uow:
                uow.codes.begun(ids, made.name)
            return None
        self._settled([], dict.fromkeys(ids, f"{made.code}: {made.message}"))
        return None

    def _look(self, job: str, discount: str) -> NotNow | None:
        """Ask what became of a job; codes that the shop had already are looked up."""
        ended = self._asked.look(job)
        if ended is None or isinstance(ended, NotNow):
            return ended
        with self._store.read() as uow:
            rows = uow.codes.in_job(self._shop.shop_id, job)
        if isinstance(ended, Declined):
            with self._store.unit_of_work() as uow:
                uow.codes.begun([row.id for row in rows], "")  # they were asked for, so they are looked up
            return None
        refused = {row.id: why for row in rows if (why := ended.errors.get(row.code, "")) not in ("", TAKEN)}
        made = [row.id for row in rows if row.code in ended.made]
        self._settled(made, refused)
        taken = [row for row in rows if row.id not in refused and row.code not in ended.made]
        if not taken:
            return None
        found = self._found(taken, discount)
        if isinstance(found, NotNow):
            return found
        left = [row.id for row in taken if row.id not in found]
        with self._store.unit_of_work() as uow:
            uow.codes.begun(left, "")
        return None

    def _settled(self, confirmed: Sequence[str], refused: dict[str, str]) -> None:
        with self._store.unit_of_work(durable=True) as uow:
            uow.codes.confirm(confirmed, self._clock.now())
            uow.codes.refuse(refused, self._clock.now())
            if refused:
                self._tell_refused(uow, sorted(set(refused.values()))[0])

    def _refuse_all(self, reason: str) -> None:
        while rows := self._reserved():
            self._settled([], {row.id: reason for row in rows})

    def _tell_refused(self, uow: UnitOfWork, reason: str) -> None:
        shop_id, plan_id, offer_id = self._place
        told = (
            f"The shop refuses codes for the offer {offer_id} of the plan {self._plan.title!r} ({reason}). Its "
            f"messages wait. Set it right in the shop, then run `secondorder codes retry {plan_id[:12]} {offer_id}`."
        )
        uow.alerts.add(shop_id, "codes_refused", f"offer:{plan_id}/{offer_id}", told, self._clock.now())


def worth_of(plan: Plan, offer: Offer) -> Worth:
    """Give what a code of an offer takes off, on the offer's days in the shop's zone."""
    limits, incentive, zone = offer.limits, offer.incentive, ZoneInfo(plan.zone)
    starts_on = limits.valid_from
    if isinstance(incentive, StoreCredit) and incentive.redeemable_from is not None:
        starts_on = max(starts_on, incentive.redeemable_from)
    return Worth(
        title=f"{offer.id} {plan.id[:12]}",
        off=incentive.amount if isinstance(incentive, StoreCredit) else None,
        rate=incentive.rate if isinstance(incentive, Discount) else None,
        min_spend=limits.min_spend,
        starts_at=datetime.combine(starts_on, time(), zone),
        ends_at=datetime.combine(limits.valid_until, time(), zone) + timedelta(days=1) - timedelta(seconds=1),
        uses=limits.uses_per_person,
    )


def _counts(store: Store, shop_id: str, offers: Sequence[tuple[str, str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    with store.read() as uow:
        for plan_id in sorted({plan_id for plan_id, _ in offers}):
            for (_, state), n in uow.codes.counts(shop_id, plan_id).items():
                found[state] = found.get(state, 0) + n
    return found


def _tell_trouble(store: Store, shop_id: str, trouble: NotNow, now: datetime) -> None:
    told = (
        f"Shopify does not let us make codes ({trouble.reason}): messages with a code wait. Check the shop's address "
        "with `secondorder codes source`, and set the secret shopify.admin_token to a token that may write discounts."
    )
    with store.unit_of_work() as uow:
        subject = f"shop:{shop_id}:{now:%Y-%m-%d}"
        if not uow.alerts.has(shop_id, "codes_refused", subject):
            uow.alerts.add(shop_id, "codes_refused", subject, told, now)
